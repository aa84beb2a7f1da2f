// SPDX-License-Identifier: GPL-2.0-only

/// Why a running kernel could not be had, or was lost.
public struct GuestError: Error, Hashable, Sendable {
  /// What is wrong, in one line. It may quote the guest, whose words are a stranger's.
  public let message: String
  /// What to do about it, where that is known.
  public let advice: String?
  /// The last lines of the guest's console, oldest first, where there was one.
  public let console: [String]
  /// Whether nothing is wrong but that a package, a program or the network is missing, so that a run may
  /// go on without.
  public let isAboutMissing: Bool

  /// Whether it is the image or the folder of modules that the user named which cannot serve.
  public private(set) var isAboutInput = false

  /// The same, about what the user named; what is missing besides is no fault of that.
  var aboutInput: GuestError {
    var error = self
    error.isAboutInput = !isAboutMissing
    return error
  }

  /// An error that says `message`, and `advice` where there is a way out.
  init(
    message: String, advice: String? = nil, console: [String] = [], isAboutMissing: Bool = false
  ) {
    self.message = message
    self.advice = advice
    self.console = console
    self.isAboutMissing = isAboutMissing
  }
}
