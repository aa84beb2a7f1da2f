// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Worker

extension Failure {
  /// A subject that cannot be loaded is unreadable, like one that does not compile. Any other error that
  /// keeps cases from running says nothing about the subject.
  package init(_ error: ExecutionError) {
    self.init(error.isSubjectsFault ? .unreadable : .incomplete, error.message)
  }
}
