// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The allocation of tables on a running kernel (`pt_ops_set_late`).
extension MemoryHotplug {
  /// `alloc_pte_late`: the PFN of a page whose constructor has run. When memory runs out, it is a BUG
  /// (hazard H5) or, with the mend, returns 0.
  static func allocPteLate(on machine: inout Machine) throws(Halt) -> UInt64 {
    guard let pfn = try allocPage(on: &machine) else { return 0 }
    if !machine.options.contains(.plainTables) {
      try machine.construct(pfn: pfn, level: .pte)
    }
    return pfn
  }

  /// `alloc_pmd_late`: like `alloc_pte_late`.
  static func allocPmdLate(on machine: inout Machine) throws(Halt) -> UInt64 {
    guard let pfn = try allocPage(on: &machine) else { return 0 }
    if !machine.options.contains(.plainTables) {
      try machine.construct(pfn: pfn, level: .pmd)
    }
    return pfn
  }

  /// `alloc_pud_late`: a plain page; later kernels run a constructor that nothing undoes (hazard H9).
  static func allocPudLate(on machine: inout Machine) throws(Halt) -> UInt64 {
    guard let pfn = try allocPage(on: &machine) else { return 0 }
    if machine.options.contains(.pudConstructor) { try machine.construct(pfn: pfn, level: .pud) }
    return pfn
  }

  /// `alloc_p4d_late`: like `alloc_pud_late`.
  static func allocP4dLate(on machine: inout Machine) throws(Halt) -> UInt64 {
    guard let pfn = try allocPage(on: &machine) else { return 0 }
    if machine.options.contains(.p4dConstructor) { try machine.construct(pfn: pfn, level: .p4d) }
    return pfn
  }

  /// Nil when memory runs out and the mend reports it to the caller.
  private static func allocPage(on machine: inout Machine) throws(Halt) -> UInt64? {
    if let pfn = try machine.allocate() { return pfn }
    guard machine.mends(.handsUpNoMemory) else { throw machine.halt(Ending(.bug)) }
    return nil
  }

  /// `get_pte_virt_late`, `get_pmd_virt_late`, `get_pud_virt_late`, `get_p4d_virt_late`: the virtual
  /// address, in the linear map, of the table at a physical address.
  static func getVirtLate(_ pa: UInt64, on machine: borrowing Machine) -> UInt64 {
    machine.layout.virtual(ofPhysical: pa)
  }
}
