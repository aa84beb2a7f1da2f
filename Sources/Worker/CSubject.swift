// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import Machine

/// A compiled subject in this process: a shared object, or one that is linked in.
package struct CSubject {
  /// Valid for the life of the process: subjects are never unloaded.
  let pointer: UnsafePointer<mhp_subject>

  /// A subject that this process holds from its start, valid for its life.
  package init(pointer: UnsafePointer<mhp_subject>) { self.pointer = pointer }

  /// The functions of the surface that it has.
  package var functions: [KernelFunction] {
    KernelFunction.allCases.filter { pointer.pointee.present >> UInt64($0.rawValue) & 1 == 1 }
  }
}
