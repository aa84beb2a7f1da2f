// SPDX-License-Identifier: GPL-2.0-only

import CKernelReference
import CKernelShim
import Worker

/// The reference that is compiled into the program.
public enum EmbeddedReference {
  /// SHA-256 of its text, in hex.
  public static var sha256: String { MHP_REFERENCE_SHA256 }

  /// The reference as a subject, at an index width.
  static func subject(indexBits: UInt64) throws(ExecutionError) -> CSubject {
    guard let pointer = mhp_reference(indexBits) else {
      throw ExecutionError("the embedded reference is not compiled for \(indexBits) index bits")
    }
    return CSubject(pointer: pointer)
  }

  /// Runs a worker of the reference in this process, for a plan given as JSON. Returns only if the worker
  /// could not be set up, with an exit status.
  public static func work(planJSON: String) -> Int32 {
    WorkerProcess.run(planJSON: planJSON, ownSubject: subject)
  }
}
