// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import Glibc

/// Drops this process's rights before any code of a subject runs: see `mhp_confine`.
///
/// The order is: create a machine, open the subject, confine the process, start the subject
/// (`SubjectSide`). A confined process cannot release its machine (timers, signals), so the machine
/// lives until the process ends.
package struct Confinement: Sendable {
  /// Memory for a subject and the answers about it, beyond that of the process, in bytes.
  private static let memory: UInt64 = 512 << 20

  /// The only writable descriptor beside standard output and error.
  var answers: Int32
  /// The process that this one must not outlive; 0 for none.
  var supervisor: Int32

  /// Confines the process for good. If the system cannot do that, it fails with one sentence, and then
  /// no code of a subject may run.
  func enter() throws(ExecutionError) {
    var limits = mhp_limits(memory: Self.memory, answers: answers, parent: supervisor)
    var reason: UnsafePointer<CChar>?
    guard mhp_confine(&limits, &reason) else {
      throw ExecutionError(
        reason.map { String(cString: $0) } ?? "the worker could not give up its rights")
    }
  }

  /// Ends the process at once, because the C library's work at exit may need system calls that are
  /// forbidden by now.
  static func leave(_ status: Int32) -> Never { _exit(status) }
}
