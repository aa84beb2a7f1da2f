// SPDX-License-Identifier: GPL-2.0-only

/// The reason why nothing was measured, as one sentence.
public struct BenchError: Error, CustomStringConvertible {
  /// The sentence, without a full stop.
  public let description: String

  init(_ description: String) { self.description = description }
}
