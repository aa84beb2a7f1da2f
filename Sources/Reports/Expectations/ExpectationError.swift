// SPDX-License-Identifier: GPL-2.0-only

/// The reason why a file of expectations is unusable, in one line, with the place in the file if there is
/// one.
public struct ExpectationError: Error, Sendable, Hashable {
  /// The problem and its remedy.
  public let message: String

  init(_ message: String) { self.message = message }
}
