// SPDX-License-Identifier: GPL-2.0-only

import CKernelReference
import CKernelShim
import Worker

/// The reference that is compiled into the program.
public enum EmbeddedReference {
  /// SHA-256 of its text, in hex.
  public static var sha256: String { MHP_REFERENCE_SHA256 }

  /// It as a subject, at an index width.
  static func subject(indexBits: UInt64) throws(ExecutionError) -> CSubject {
    guard let pointer = mhp_reference(indexBits) else {
      throw ExecutionError("the embedded reference is not compiled for \(indexBits) index bits")
    }
    return CSubject(pointer: pointer)
  }

  /// Runs a worker of it for a plan given as JSON, in this process; returns only an exit status of a
  /// worker that could not be set up.
  public static func work(planJSON: String) -> Int32 {
    WorkerProcess.run(planJSON: planJSON, ownSubject: subject)
  }
}
