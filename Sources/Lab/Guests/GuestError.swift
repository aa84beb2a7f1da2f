// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// The reason why a running kernel was not available, or was lost.
public struct GuestError: Error, Hashable, Sendable {
  /// The error, in one line. It may quote the guest, whose output is untrusted.
  public let message: String
  /// The remedy, where one is known.
  public let advice: String?
  /// The last lines of the guest's console, oldest first, where there was one.
  public let console: [String]
  /// Whether only a package, a program or the network is missing, so that a run may continue without a guest.
  public let isAboutMissing: Bool

  /// Whether the error is in the image or the folder of modules that the user named.
  public private(set) var isAboutInput = false

  /// The same, as an error in the user's input; a missing package is not such an error.
  var aboutInput: GuestError {
    var error = self
    error.isAboutInput = !isAboutMissing
    return error
  }

  /// An error with `message`, and with `advice` where there is a remedy.
  init(
    message: String, advice: String? = nil, console: [String] = [], isAboutMissing: Bool = false
  ) {
    self.message = message
    self.advice = advice
    self.console = console
    self.isAboutMissing = isAboutMissing
  }

  /// The error of a package or a program.
  init(_ error: SubjectError) {
    self.init(
      message: error.message, advice: error.advice, isAboutMissing: error.isAboutMissing)
  }
}
