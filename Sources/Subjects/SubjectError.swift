// SPDX-License-Identifier: GPL-2.0-only

/// The reason why a subject could not be read, extracted or compiled.
public struct SubjectError: Error, Sendable, Hashable {
  /// The problem, in one line.
  public let message: String
  /// The remedy, if one is known.
  public let advice: String?
  /// Whether the subject is a kernel that was read and has none of the functions.
  public let isAboutSurface: Bool
  /// Whether only a package, a program or the network is missing.
  package let isAboutMissing: Bool

  package init(
    message: String, advice: String? = nil, isAboutSurface: Bool = false,
    isAboutMissing: Bool = false
  ) {
    self.message = message
    self.advice = advice
    self.isAboutSurface = isAboutSurface
    self.isAboutMissing = isAboutMissing
  }
}
