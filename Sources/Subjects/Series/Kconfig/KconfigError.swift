// SPDX-License-Identifier: GPL-2.0-only

/// Why a configuration language file cannot be read or evaluated: one line with its place.
public struct KconfigError: Error, Sendable, Hashable {
  /// "FILE:LINE: what is wrong".
  public let message: String

  init(_ message: String) { self.message = message }
}
