// SPDX-License-Identifier: GPL-2.0-only

/// Why a subject could not be read, extracted or compiled.
public struct SubjectError: Error, Sendable, Hashable {
  /// What is wrong, in one line.
  public let message: String
  /// What to do about it, where that is known.
  public let advice: String?
  /// Whether the subject is a kernel that was read, and has none of the functions.
  public let isAboutSurface: Bool

  /// An error that says `message`, and `advice` where there is a way out.
  init(message: String, advice: String? = nil, isAboutSurface: Bool = false) {
    self.message = message
    self.advice = advice
    self.isAboutSurface = isAboutSurface
  }
}
