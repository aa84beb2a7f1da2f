// SPDX-License-Identifier: GPL-2.0-only

/// Why cases could not be run at all: one line. A subject that misbehaves is no such error, it is an
/// observation.
public struct ExecutionError: Error, Sendable, Hashable {
  /// What is wrong.
  public let message: String

  public init(_ message: String) { self.message = message }
}
