// SPDX-License-Identifier: GPL-2.0-only

/// The exit status of the program; scripts rely on these values.
public enum ExitStatus: Int32, Sendable {
  /// The subject conforms to the requested fixes.
  case conforms = 0
  /// The subject differs; this includes a subject that equals an older upstream state without some fixes.
  case differs = 1
  /// Wrong usage.
  case usage = 2
  /// The subject, or another input, could not be read, extracted or compiled.
  case unreadable = 3
  /// The run could not be completed; this is never a verdict.
  case incomplete = 4
}

/// The reason why there is no answer. It may quote an input, whose text is untrusted.
public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
  public var status: ExitStatus
  /// The problem, in one line.
  public var message: String
  /// The remedy, if one is known.
  public var advice: String?
  /// Whether the subject is a kernel that was read and has none of the functions.
  public var isAboutSurface: Bool
  /// Whether only a package, a program or the network is missing.
  public var isAboutMissing: Bool
  /// The last lines of a guest's console, oldest first.
  public var console: [String]

  public init(
    _ status: ExitStatus, _ message: String, advice: String? = nil, isAboutSurface: Bool = false,
    isAboutMissing: Bool = false, console: [String] = []
  ) {
    self.status = status
    self.message = message
    self.advice = advice
    self.isAboutSurface = isAboutSurface
    self.isAboutMissing = isAboutMissing
    self.console = console
  }

  /// The problem and its remedy, in one line.
  public var text: String { advice.map { "\(message); \($0)" } ?? message }

  public var description: String { text }

  /// The same problem with another status.
  public func with(_ status: ExitStatus) -> Failure {
    var failure = self
    failure.status = status
    return failure
  }
}
