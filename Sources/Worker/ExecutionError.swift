// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Why cases could not be run at all: one line. A subject that misbehaves in a case is no such
/// error, it is an observation.
public struct ExecutionError: Error, Sendable, Hashable {
  /// What is wrong.
  public let message: String
  /// Whether the subject is to blame: it cannot be loaded, or ends its worker while it is. Such a
  /// subject is as good as one that does not compile.
  public let isSubjectsFault: Bool
  /// Whether a worker failed before its first case.
  package var isBeforeFirstCase = false
  /// Whether the worker said so itself, and would again.
  package var isCertain = false

  /// How a subject's start ended that did not come back, in the worker; finished where it has no entry
  /// points which can be used.
  package var endOfStart: Ending?

  /// An error with its sentence.
  public init(_ message: String, isSubjectsFault: Bool = false) {
    self.message = message
    self.isSubjectsFault = isSubjectsFault
  }

  /// The same error, said by a worker itself.
  package var certain: ExecutionError {
    var error = self
    error.isCertain = true
    return error
  }

  /// The same error of a worker that has run no case yet.
  package var beforeFirstCase: ExecutionError {
    var error = self
    error.isBeforeFirstCase = true
    return error
  }
}
