// SPDX-License-Identifier: GPL-2.0-only

import Worker

/// What the program's exit status says: a promise to scripts.
public enum ExitStatus: Int32, Sendable {
  /// The subject conforms to the fixes asked for.
  case conforms = 0
  /// It differs, which includes "faithful to an older state that lacks fixes".
  case differs = 1
  /// Wrong usage.
  case usage = 2
  /// The subject could not be read, extracted or compiled.
  case unreadable = 3
  /// The run could not be completed; never a verdict.
  case incomplete = 4
}

/// Why there is no verdict: one line, and the exit status it leads to.
public struct PipelineError: Error, Sendable, Hashable {
  /// The exit status it leads to.
  public let status: ExitStatus
  /// What is wrong and what to do.
  public let message: String
  /// Whether the subject is a kernel that was read, and has none of the functions.
  public let isAboutSurface: Bool

  public init(_ status: ExitStatus, _ message: String, isAboutSurface: Bool = false) {
    self.status = status
    self.message = message
    self.isAboutSurface = isAboutSurface
  }

  /// A subject that cannot even be loaded is as unreadable as one that does not compile; whatever
  /// else keeps cases from running is no word on the subject.
  package init(_ error: ExecutionError) {
    self.init(error.isSubjectsFault ? .unreadable : .incomplete, error.message)
  }
}
