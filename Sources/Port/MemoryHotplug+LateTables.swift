// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Where tables come from once the kernel runs (`pt_ops_set_late`).
extension MemoryHotplug {
  /// `alloc_pte_late`: the PFN of a page whose constructor has run; when memory is out BUG (hazard H5), or,
  /// where that is mended, 0.
  static func allocPteLate(on machine: inout Machine) throws(Halt) -> UInt64 {
    guard let pfn = try allocPage(on: &machine) else { return 0 }
    if !machine.options.contains(.plainTables) {
      try machine.construct(pfn: pfn, level: .pte)
    }
    return pfn
  }

  /// `alloc_pmd_late`: as `alloc_pte_late`.
  static func allocPmdLate(on machine: inout Machine) throws(Halt) -> UInt64 {
    guard let pfn = try allocPage(on: &machine) else { return 0 }
    if !machine.options.contains(.plainTables) {
      try machine.construct(pfn: pfn, level: .pmd)
    }
    return pfn
  }

  /// `alloc_pud_late`: a plain page, in later kernels with a constructor that nothing undoes (hazard H9).
  static func allocPudLate(on machine: inout Machine) throws(Halt) -> UInt64 {
    guard let pfn = try allocPage(on: &machine) else { return 0 }
    if machine.options.contains(.pudConstructor) { try machine.construct(pfn: pfn, level: .pud) }
    return pfn
  }

  /// `alloc_p4d_late`: as `alloc_pud_late`.
  static func allocP4dLate(on machine: inout Machine) throws(Halt) -> UInt64 {
    guard let pfn = try allocPage(on: &machine) else { return 0 }
    if machine.options.contains(.p4dConstructor) { try machine.construct(pfn: pfn, level: .p4d) }
    return pfn
  }

  /// Nil when memory is out and the caller is to be told.
  private static func allocPage(on machine: inout Machine) throws(Halt) -> UInt64? {
    if let pfn = try machine.allocate() { return pfn }
    guard machine.mends(.handsUpNoMemory) else { throw machine.halt(Ending(.bug)) }
    return nil
  }

  /// `get_pte_virt_late`, `get_pmd_virt_late`, `get_pud_virt_late`, `get_p4d_virt_late`: the address of
  /// the table at a physical address, in the linear map.
  static func getVirtLate(_ pa: UInt64, on machine: borrowing Machine) -> UInt64 {
    machine.layout.virtual(ofPhysical: pa)
  }
}
