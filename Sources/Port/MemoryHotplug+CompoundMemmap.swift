// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The memmap of a device with compound pages (a pgmap with a `vmemmap_shift`). All struct pages of a
/// compound behind its first memmap page are alike, so one page holds them: the second one. The rest of
/// the compound's memmap maps that page, too.
extension MemoryHotplug {
  /// `VMEMMAP_RESERVE_NR`: the memmap pages that a compound does not share.
  private static var ownPages: UInt64 { 2 }

  /// `vmemmap_can_optimize`: pages are not shared if the device keeps its memmap in itself, or if a
  /// compound's memmap has no pages beyond its own.
  static func vmemmapCanOptimize(
    _ altmap: UInt32, _ pgmap: UInt32, on machine: borrowing Machine
  ) -> Bool {
    guard pgmap != 0, altmap == 0 else { return false }
    return compoundBytes(pgmap, on: machine) >> AddressLayout.pageShift > ownPages
  }

  /// `vmemmap_populate_compound_pages`: populates the memmap [start, end) of the pages from a PFN on;
  /// `first` is the first PFN of the added memory. In the middle of a compound, the page before `start`,
  /// which was populated just before, is the compound's shared page. Returns 0 or -ENOMEM.
  static func vmemmapPopulateCompoundPages(
    _ pfn: UInt64, from first: UInt64, _ start: UInt64, _ end: UInt64, _ node: Int32,
    _ pgmap: UInt32, on machine: inout Machine
  ) throws(Halt) -> Int32 {
    if isWithinCompound(pfn &- first, pgmap, on: machine) {
      let tail = try compoundSectionTailPage(start, on: &machine)
      return try vmemmapPopulateRange(start, end, node, 0, sharing: tail, on: &machine)
    }
    let size = min(end &- start, compoundBytes(pgmap, on: machine))
    var addr = start
    while addr < end {
      guard try vmemmapPopulateAddress(addr, node, 0, sharing: nil, on: &machine) != nil,
        let ptep = try vmemmapPopulateAddress(
          addr &+ AddressLayout.pageSize, node, 0, sharing: nil, on: &machine)
      else { return outOfMemory }
      let tail = machine.pfn(of: try machine.read(ptep))
      let rest = addr &+ ownPages &* AddressLayout.pageSize
      // The last compound's memmap is completed even if the range ends within it.
      addr &+= size
      if try vmemmapPopulateRange(rest, addr, node, 0, sharing: tail, on: &machine) != 0 {
        return outOfMemory
      }
    }
    return 0
  }

  /// `reuse_compound_section`: whether the page at `offset` from the first one is in the middle of a
  /// compound. Always false for compounds no larger than a sub-section.
  private static func isWithinCompound(
    _ offset: UInt64, _ pgmap: UInt32, on machine: borrowing Machine
  ) -> Bool {
    let pages = compoundBytes(pgmap, on: machine) / AddressLayout.structPageSize
    return offset & (pages - 1) != 0 && pages > SectionState.subsectionPages
  }

  /// `compound_section_tail_page`: the page mapped before an address, from the current tables.
  private static func compoundSectionTailPage(
    _ start: UInt64, on machine: inout Machine
  ) throws(Halt) -> UInt64 {
    let addr = start &- AddressLayout.pageSize
    var entry = EntryPointer(table: 0, slot: Width.index(addr, machine.pgdirShift))
    if machine.isL5Enabled {
      entry = machine.tableBase(try machine.read(entry)) + Width.index(addr, machine.p4dShift)
    }
    if machine.isL4Enabled {
      entry = machine.tableBase(try machine.read(entry)) + Width.index(addr, Width.pudShift)
    }
    let pmdp = machine.tableBase(try machine.read(entry)) + Width.index(addr, Width.pmdShift)
    let ptep =
      machine.tableBase(try machine.read(pmdp)) + Width.index(addr, AddressLayout.pageShift)
    return machine.pfn(of: try machine.read(ptep))
  }

  /// Bytes of memmap per compound.
  private static func compoundBytes(_ pgmap: UInt32, on machine: borrowing Machine) -> UInt64 {
    AddressLayout.structPageSize << machine.vmemmapShift(pgmap)
  }
}
