// SPDX-License-Identifier: GPL-2.0-only

/// Why a subject cannot be read, extracted or compiled.
public struct SubjectError: Error, Sendable, Hashable {
  /// One line: what is wrong, and where.
  public let message: String
  /// One line: what to do.
  public let advice: String?

  public init(message: String, advice: String? = nil) {
    self.message = message
    self.advice = advice
  }
}
