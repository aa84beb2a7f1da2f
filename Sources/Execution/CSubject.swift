// SPDX-License-Identifier: GPL-2.0-only

import CKernelReference
import CKernelShim
import MachineModel

/// A compiled subject in this process: the embedded reference, or a shared object.
struct CSubject {
  /// Valid for the life of the process: subjects are never unloaded.
  let pointer: UnsafePointer<mhp_subject>

  /// The embedded reference at an index width.
  static func embeddedReference(indexBits: UInt64) throws(ExecutionError) -> CSubject {
    guard let pointer = mhp_reference(indexBits) else {
      throw ExecutionError("the embedded reference is not compiled for \(indexBits) index bits")
    }
    return CSubject(pointer: pointer)
  }

  /// The functions of the surface that it has.
  var functions: [SurfaceFunction] {
    SurfaceFunction.allCases.filter { pointer.pointee.present >> UInt64($0.rawValue) & 1 == 1 }
  }
}
