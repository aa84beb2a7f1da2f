// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Empty page tables return to the owner of their page.
extension MemoryHotplug {
  /// `free_pte_table`: frees an empty PTE table - destructor, page, parent entry, in that order. The
  /// destructor also runs for tables without a constructor (hazard H2).
  static func freePteTable(
    _ pteStart: EntryPointer, _ pmd: EntryPointer, on machine: inout Machine
  ) throws(Halt) {
    let page = machine.pfn(of: try machine.read(pmd))
    guard try isEmpty(pteStart, on: &machine) else { return }

    if !machine.options.contains(.plainTables) {
      try machine.destruct(pfn: page, level: .pte)
    }
    try freeTablePage(page, on: &machine)
    try machine.clear(pmd)
  }

  /// `free_pmd_table`: the same for a PMD table. The memmap's PMD tables have no constructor, so since
  /// 21f1b85c8912 no destructor runs for them.
  static func freePmdTable(
    _ pmdStart: EntryPointer, _ pud: EntryPointer, _ isVmemmap: Bool, on machine: inout Machine
  ) throws(Halt) {
    let page = machine.pfn(of: try machine.read(pud))
    guard try isEmpty(pmdStart, on: &machine) else { return }

    if !isVmemmap || !machine.fixes.contains(.noVmemmapPmdDestructor) {
      if !machine.options.contains(.plainTables) {
        try machine.destruct(pfn: page, level: .pmd)
      }
    }
    try freeTablePage(page, on: &machine)
    try machine.clear(pud)
  }

  /// `free_pud_table`: the same for a PUD table, which has no constructor and no destructor.
  static func freePudTable(
    _ pudStart: EntryPointer, _ p4d: EntryPointer, on machine: inout Machine
  ) throws(Halt) {
    let page = machine.pfn(of: try machine.read(p4d))
    guard try isEmpty(pudStart, on: &machine) else { return }

    try freeTablePage(page, on: &machine)
    try machine.p4dClear(p4d)
  }

  /// Whether every entry is zero: a non-zero word that is not present keeps its table.
  private static func isEmpty(
    _ start: EntryPointer, on machine: inout Machine
  ) throws(Halt) -> Bool {
    let index = machine.memory.index(of: start)
    if index >= 0,
      let isZero = machine.memory.isZero(from: index, count: Int(Width.entriesPerTable))
    {
      return isZero
    }
    // This loop runs only for a base that is no table's first entry; it faults where C would.
    for slot in 0..<Width.entriesPerTable {
      if try machine.read(start + slot) != 0 { return false }
    }
    return true
  }

  /// Frees a table's page: a reserved one came from memblock, any other from the page allocator.
  private static func freeTablePage(_ pfn: UInt64, on machine: inout Machine) throws(Halt) {
    if machine.isReserved(pfn: pfn) {
      try machine.freeReserved(pfn: pfn)
    } else {
      try machine.free(pfn: pfn, order: 0)
    }
  }
}
