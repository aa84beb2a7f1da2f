// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import Glibc

/// Takes this process's rights away before the code of a subject is run: see `mhp_confine`.
///
/// The order is: a machine is made, the subject opened, what the worker will need of the system is
/// had once (`warmUp`), the process is confined, the subject started. A confined process cannot give
/// its machine back (timers, signals): it ends with `leave`.
enum Confinement {
  /// What a subject and the answers about it may take beyond what the process has, in bytes.
  private static let memory: UInt64 = 2 << 30
  /// What standard input is read through, in bytes. Left to itself the C library asks about the
  /// descriptor when it is first read.
  private static let inputBuffer = 1 << 16

  /// Confines the process, which may write to `answers` only; fails with one sentence when the system
  /// cannot do that, and then nothing of a subject may be run.
  static func enter(answers: Int32, supervisor: Int32) throws(ExecutionError) {
    // Kept until the process ends, as the C library will use it that long.
    setvbuf(stdin, .allocate(capacity: inputBuffer), _IOFBF, inputBuffer)
    var limits = mhp_limits(memory: memory, answers: answers, parent: supervisor)
    var reason: UnsafePointer<CChar>?
    guard mhp_confine(&limits, &reason) else {
      throw ExecutionError(
        reason.map { String(cString: $0) } ?? "the worker could not give up its rights")
    }
  }

  /// Ends the process without giving anything back.
  static func leave(_ status: Int32) -> Never { _exit(status) }
}
