// SPDX-License-Identifier: GPL-2.0-only

/// Why nothing was measured: one sentence.
public struct BenchError: Error, CustomStringConvertible {
  /// The sentence, without a final stop.
  public let description: String

  init(_ description: String) { self.description = description }
}
