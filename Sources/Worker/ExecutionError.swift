// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The reason why cases could not run at all, in one line. Misbehaviour of a subject in a case is an
/// observation, not such an error.
public struct ExecutionError: Error, Sendable, Hashable {
  public let message: String
  /// Whether the subject is the cause: it cannot be loaded, or it ends its worker while being loaded.
  /// Such a subject is equal to one that does not compile.
  public let isSubjectsFault: Bool
  /// Whether a worker failed before its first case.
  package var isBeforeFirstCase = false
  /// Whether the worker reported the error itself, and would report it again.
  package var isCertain = false

  /// The ending of a subject's start that did not return, in the worker; `finished` if the subject has
  /// no usable entry points.
  package var endOfStart: Ending?

  public init(_ message: String, isSubjectsFault: Bool = false) {
    self.message = message
    self.isSubjectsFault = isSubjectsFault
  }

  /// The same error, reported by a worker itself.
  package var certain: ExecutionError {
    var error = self
    error.isCertain = true
    return error
  }

  /// The same error of a worker that has not run a case yet.
  package var beforeFirstCase: ExecutionError {
    var error = self
    error.isBeforeFirstCase = true
    return error
  }
}
