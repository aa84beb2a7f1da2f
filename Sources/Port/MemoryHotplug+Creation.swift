// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The creation of mappings: it overwrites no existing entry and flushes nothing. Each function returns
/// whether it found memory; without memory, upstream has stopped already (hazard H5).
extension MemoryHotplug {
  /// `create_pgd_mapping`: creates the root's entry for `va`, and the tables below it.
  static func createPgdMapping(
    _ pgdp: EntryPointer, _ va: UInt64, _ pa: UInt64, _ size: UInt64, _ protection: UInt64,
    on machine: inout Machine
  ) throws(Halt) -> Bool {
    let entry = pgdp + Width.index(va, machine.pgdirShift)
    if size == 1 &<< machine.pgdirShift {
      return try createLeaf(entry, pa, protection, on: &machine)
    }
    let isL4Enabled = machine.isL4Enabled
    if machine.isL5Enabled {
      guard let nextp = try nextTable(entry, allocP4dLate, on: &machine) else { return false }
      return try createP4dMapping(nextp, va, pa, size, protection, on: &machine)
    } else if isL4Enabled {
      guard let nextp = try nextTable(entry, allocPudLate, on: &machine) else { return false }
      return try createPudMapping(nextp, va, pa, size, protection, on: &machine)
    } else {
      guard let nextp = try nextTable(entry, allocPmdLate, on: &machine) else { return false }
      return try createPmdMapping(nextp, va, pa, size, protection, on: &machine)
    }
  }

  /// `create_p4d_mapping`.
  static func createP4dMapping(
    _ p4dp: EntryPointer, _ va: UInt64, _ pa: UInt64, _ size: UInt64, _ protection: UInt64,
    on machine: inout Machine
  ) throws(Halt) -> Bool {
    let entry = p4dp + Width.index(va, machine.p4dShift)
    if size == 1 &<< machine.p4dShift {
      return try createLeaf(entry, pa, protection, on: &machine)
    }
    guard let nextp = try nextTable(entry, allocPudLate, on: &machine) else { return false }
    return try createPudMapping(nextp, va, pa, size, protection, on: &machine)
  }

  /// `create_pud_mapping`.
  static func createPudMapping(
    _ pudp: EntryPointer, _ va: UInt64, _ pa: UInt64, _ size: UInt64, _ protection: UInt64,
    on machine: inout Machine
  ) throws(Halt) -> Bool {
    let entry = pudp + Width.index(va, Width.pudShift)
    if size == Width.pudSize { return try createLeaf(entry, pa, protection, on: &machine) }
    guard let nextp = try nextTable(entry, allocPmdLate, on: &machine) else { return false }
    return try createPmdMapping(nextp, va, pa, size, protection, on: &machine)
  }

  /// `create_pmd_mapping`.
  static func createPmdMapping(
    _ pmdp: EntryPointer, _ va: UInt64, _ pa: UInt64, _ size: UInt64, _ protection: UInt64,
    on machine: inout Machine
  ) throws(Halt) -> Bool {
    let entry = pmdp + Width.index(va, Width.pmdShift)
    if size == Width.pmdSize { return try createLeaf(entry, pa, protection, on: &machine) }
    guard let ptep = try nextTable(entry, allocPteLate, on: &machine) else { return false }
    return try createPteMapping(ptep, va, pa, size, protection, on: &machine)
  }

  /// `create_pte_mapping`: a size other than a page is a BUG.
  static func createPteMapping(
    _ ptep: EntryPointer, _ va: UInt64, _ pa: UInt64, _ size: UInt64, _ protection: UInt64,
    on machine: inout Machine
  ) throws(Halt) -> Bool {
    try machine.bug(on: size != AddressLayout.pageSize)
    let entry = ptep + Width.index(va, AddressLayout.pageShift)
    return try createLeaf(entry, pa, protection, on: &machine)
  }

  private static func createLeaf(
    _ entry: EntryPointer, _ pa: UInt64, _ protection: UInt64, on machine: inout Machine
  ) throws(Halt) -> Bool {
    guard try machine.read(entry) == 0 else { return true }
    try machine.write(
      entry, machine.bits.leafWord(pfn: pa >> AddressLayout.pageShift, protection: protection))
    return true
  }

  /// The table below an entry. A zero entry gets a new table, linked first and zeroed then. A leaf in
  /// the entry is treated as a pointer, as in upstream. Nil when memory runs out.
  @inline(__always)
  private static func nextTable(
    _ entry: EntryPointer, _ allocate: (inout Machine) throws(Halt) -> UInt64,
    on machine: inout Machine
  ) throws(Halt) -> EntryPointer? {
    let word = try machine.read(entry)
    if word != 0 { return machine.tableBase(word) }
    let pfn = try allocate(&machine)
    guard pfn != 0 else { return nil }
    try machine.write(entry, machine.bits.tableWord(pfn: pfn))
    machine.zeroTable(pfn: pfn)
    return machine.tableBase(machine.bits.tableWord(pfn: pfn))
  }
}
