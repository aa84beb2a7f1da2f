// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import Machine

/// A compiled subject in this process: a shared object, or one that is linked in.
package struct CSubject {
  /// Valid for the life of the process, because subjects are never unloaded.
  let pointer: UnsafePointer<mhp_subject>

  /// A subject that this process contains from its start; the pointer must be valid for the life of the
  /// process.
  package init(pointer: UnsafePointer<mhp_subject>) { self.pointer = pointer }

  /// The functions of the surface that the subject contains.
  package var functions: [KernelFunction] {
    KernelFunction.allCases.filter { pointer.pointee.present >> UInt64($0.rawValue) & 1 == 1 }
  }
}
