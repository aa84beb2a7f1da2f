// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import Machine

/// A shared object with a compiled subject, mapped into memory; none of its code has run yet.
///
/// A worker opens its subjects, drops its rights (`Confinement`), then starts them.
struct OpenedSubject {
  /// Valid until `start` fails; subjects that were started are never unloaded.
  private let pointer: OpaquePointer

  /// Maps a shared object; fails with one sentence about it.
  init(path: String) throws(ExecutionError) {
    var reason: UnsafePointer<CChar>?
    guard let pointer = mhp_subject_open(path, &reason) else { throw Self.error(reason) }
    self.pointer = pointer
  }

  /// Runs its constructors under a machine's guard and looks up its entry points. Call it once.
  func start(on machine: CMachine) throws(ExecutionError) -> CSubject {
    var reason: UnsafePointer<CChar>?
    var ending = mhp_ending()
    guard let subject = machine.start(pointer, &ending, &reason) else {
      var error = Self.error(reason)
      error.endOfStart = Ending(
        EndingKind(rawValue: ending.kind) ?? .trap, address: ending.address)
      throw error
    }
    return CSubject(pointer: subject)
  }

  private static func error(_ reason: UnsafePointer<CChar>?) -> ExecutionError {
    ExecutionError(
      reason.map { String(cString: $0) } ?? "the subject could not be loaded",
      isSubjectsFault: true)
  }
}
