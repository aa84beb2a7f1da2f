// SPDX-License-Identifier: GPL-2.0-only

/// Why a file of expectations cannot be used: one line, with the place in the file where there is one.
public struct ExpectationError: Error, Sendable, Hashable {
  /// What is wrong and what to do.
  public let message: String

  init(_ message: String) { self.message = message }
}
