// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import Glibc

/// Takes this process's rights away before the code of a subject is run: see `mhp_confine`.
///
/// The order is: a machine is made, the subject opened, the process confined, the subject started
/// (`SubjectSide`). A confined process cannot give its machine back (timers, signals): the machine
/// goes with it.
package struct Confinement: Sendable {
  /// What a subject and the answers about it may take beyond what the process has, in bytes.
  private static let memory: UInt64 = 512 << 20

  /// The one descriptor, beside standard output and error, that may be written to.
  var answers: Int32
  /// The process that this one must not outlive; 0 for none.
  var supervisor: Int32

  /// Confines the process for good; fails with one sentence when the system cannot do that, and then
  /// nothing of a subject may be run.
  func enter() throws(ExecutionError) {
    var limits = mhp_limits(memory: Self.memory, answers: answers, parent: supervisor)
    var reason: UnsafePointer<CChar>?
    guard mhp_confine(&limits, &reason) else {
      throw ExecutionError(
        reason.map { String(cString: $0) } ?? "the worker could not give up its rights")
    }
  }

  /// Ends the process at once: what the C library does at exit may take calls that it has not left.
  static func leave(_ status: Int32) -> Never { _exit(status) }
}
