// SPDX-License-Identifier: GPL-2.0-only

/// When a search for something smaller ends, though there may be more to find.
public struct ShrinkLimits: Sendable {
  /// The most candidates that are handed to the test, the scenario to begin with included.
  public var candidates: Int
  /// The most time, on a clock that never goes back. A batch under way is waited for; one that is
  /// being gathered is not tested any more.
  public var time: Duration
  /// Candidates that are tested at a time, at least 1. Fewer are better where each takes long, as
  /// when the difference chased is a hang.
  public var batch: Int

  public init(candidates: Int = 20_000, time: Duration = .seconds(10), batch: Int = 64) {
    self.candidates = candidates
    self.time = time
    self.batch = max(batch, 1)
  }
}
