// SPDX-License-Identifier: GPL-2.0-only

import Worker

/// The exit status of the program; scripts rely on these values.
public enum ExitStatus: Int32, Sendable {
  /// The subject conforms to the requested fixes.
  case conforms = 0
  /// The subject differs; this includes a subject that equals an older upstream state without some fixes.
  case differs = 1
  /// Wrong usage.
  case usage = 2
  /// The subject could not be read, extracted or compiled.
  case unreadable = 3
  /// The run could not be completed; this is never a verdict.
  case incomplete = 4
}

/// The reason why there is no verdict: one line, and an exit status.
public struct PipelineError: Error, Sendable, Hashable {
  public let status: ExitStatus
  /// The error and its remedy.
  public let message: String
  /// Whether the subject is a kernel that was read but has none of the functions.
  public let isAboutSurface: Bool

  public init(_ status: ExitStatus, _ message: String, isAboutSurface: Bool = false) {
    self.status = status
    self.message = message
    self.isAboutSurface = isAboutSurface
  }

  /// A subject that cannot be loaded is unreadable, like one that does not compile. Any other error that
  /// keeps cases from running says nothing about the subject.
  package init(_ error: ExecutionError) {
    self.init(error.isSubjectsFault ? .unreadable : .incomplete, error.message)
  }
}
