// SPDX-License-Identifier: GPL-2.0-only

/// Limits of the search for a smaller scenario. A search that reaches a limit may miss smaller ones.
public struct ShrinkLimits: Sendable {
  /// The most candidates to test, the first scenario included.
  public var candidates: Int
  /// The longest search, on a monotonic clock. The search waits for a batch under test, and drops a batch
  /// that it still collects.
  public var time: Duration
  /// The most candidates in a test batch, at least 1; the first batches are smaller. A small batch is better if each
  /// test takes long, e.g. if the difference is a hang.
  public var batch: Int

  public init(candidates: Int = 20_000, time: Duration = .seconds(10), batch: Int = 64) {
    self.candidates = candidates
    self.time = time
    self.batch = max(batch, 1)
  }
}
