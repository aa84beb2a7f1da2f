// SPDX-License-Identifier: GPL-2.0-only

/// The reason why a Kconfig file cannot be read or evaluated.
public struct KconfigError: Error, Sendable, Hashable {
  /// One line: "FILE:LINE: " and the problem.
  public let message: String

  init(_ message: String) { self.message = message }
}
