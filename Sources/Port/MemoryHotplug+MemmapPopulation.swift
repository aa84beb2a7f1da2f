// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The population of the memmap: PMD leaves, below tables without constructors.
extension MemoryHotplug {
  /// -ENOMEM.
  static var outOfMemory: Int32 { -12 }

  /// `vmemmap_populate`: passes the altmap to the generic code (commit e3ecf2fdc8f3), which maps PMD
  /// leaves or, in older kernels, single pages.
  static func vmemmapPopulate(
    _ start: UInt64, _ end: UInt64, _ node: Int32, _ altmap: UInt32, on machine: inout Machine
  ) throws(Halt) -> Int32 {
    let altmap = machine.options.contains(.memmapWithoutAltmap) ? 0 : altmap
    if machine.options.contains(.memmapByPages) {
      return try vmemmapPopulateBasepages(start, end, node, altmap, on: &machine)
    }
    if end &- start < SectionState.pages * AddressLayout.structPageSize,
      machine.mends(.pagesForParts)
    {
      return try vmemmapPopulateBasepages(start, end, node, altmap, on: &machine)
    }
    return try vmemmapPopulateHugepages(start, end, node, altmap, on: &machine)
  }

  /// `vmemmap_populate_hugepages` of mm/sparse-vmemmap.c: maps a block, from the altmap if one is given,
  /// in each empty PMD of [start, end). Without a free block and without an altmap it maps single pages.
  /// Mappings stay when memory runs out. Returns 0 or -ENOMEM.
  static func vmemmapPopulateHugepages(
    _ start: UInt64, _ end: UInt64, _ node: Int32, _ altmap: UInt32, on machine: inout Machine
  ) throws(Halt) -> Int32 {
    var addr = start
    while addr < end {
      try machine.step()
      let here = addr
      addr = addrEnd(here, end, Width.pmdShift)
      guard let pmdp = try vmemmapPmd(here, node, on: &machine) else { return outOfMemory }
      if try machine.read(pmdp) == 0 {
        if let block = try memmapBlock(Width.pmdSize, node, altmap, on: &machine) {
          try vmemmapSetPmd(pmdp, block, on: &machine)
          continue
        }
        if altmap != 0 { return outOfMemory }
      } else if try vmemmapCheckPmd(pmdp, on: &machine) != 0 {
        continue
      }
      if try vmemmapPopulateBasepages(here, addr, node, altmap, on: &machine) != 0 {
        return outOfMemory
      }
    }
    return 0
  }

  /// `vmemmap_set_pmd`: writes a leaf for the block at a PFN, whatever the entry held before.
  static func vmemmapSetPmd(
    _ pmdp: EntryPointer, _ block: UInt64, on machine: inout Machine
  ) throws(Halt) {
    try machine.write(
      pmdp,
      machine.bits.leafWord(
        pfn: machine.pfn(throughAddressOf: block), protection: machine.bits.kernel))
  }

  /// `vmemmap_check_pmd`: any non-zero PMD counts as populated, even a table with holes. The generic
  /// hook of 7.2 accepts only a leaf.
  static func vmemmapCheckPmd(
    _ pmdp: EntryPointer, on machine: inout Machine
  ) throws(Halt) -> Int32 {
    let pmd = try machine.read(pmdp)
    if machine.options.contains(.populatedIsLeaf) { return machine.pmdLeaf(pmd) ? 1 : 0 }
    let isTable = machine.pmdPresent(pmd) && !machine.pmdLeaf(pmd)
    return isTable && machine.mends(.fillsTables) ? 0 : 1
  }

  /// `vmemmap_populate_basepages`: allocates a page for each missing one.
  private static func vmemmapPopulateBasepages(
    _ start: UInt64, _ end: UInt64, _ node: Int32, _ altmap: UInt32, on machine: inout Machine
  ) throws(Halt) -> Int32 {
    try vmemmapPopulateRange(start, end, node, altmap, sharing: nil, on: &machine)
  }

  /// `vmemmap_populate_range`: maps each missing page of [start, end) to a new page, or to the shared
  /// page with this PFN. Returns 0 or -ENOMEM.
  static func vmemmapPopulateRange(
    _ start: UInt64, _ end: UInt64, _ node: Int32, _ altmap: UInt32, sharing page: UInt64?,
    on machine: inout Machine
  ) throws(Halt) -> Int32 {
    var addr = start
    while addr < end {
      try machine.step()
      guard try vmemmapPopulateAddress(addr, node, altmap, sharing: page, on: &machine) != nil
      else { return outOfMemory }
      addr &+= AddressLayout.pageSize
    }
    return 0
  }

  /// `vmemmap_populate_address`: creates the entry of a page and the tables above it. Nil when memory
  /// runs out. A shared page has a reference for each entry, because the removal of an entry frees it
  /// once.
  static func vmemmapPopulateAddress(
    _ addr: UInt64, _ node: Int32, _ altmap: UInt32, sharing shared: UInt64?,
    on machine: inout Machine
  ) throws(Halt) -> EntryPointer? {
    guard let pmdp = try vmemmapPmd(addr, node, on: &machine),
      let pteBase = try vmemmapTable(pmdp, node, on: &machine)
    else { return nil }
    let ptep = pteBase + Width.index(addr, AddressLayout.pageShift)
    guard try machine.read(ptep) == 0 else { return ptep }
    let page: UInt64
    if let shared {
      try machine.getPage(pfn: shared)
      page = shared
    } else {
      guard let own = try memmapBlock(AddressLayout.pageSize, node, altmap, on: &machine) else {
        return nil
      }
      page = own
    }
    try machine.write(
      ptep,
      machine.bits.leafWord(
        pfn: machine.pfn(throughAddressOf: page), protection: machine.bits.kernel))
    return ptep
  }

  /// `vmemmap_pgd_populate` to `vmemmap_pud_populate`: the PMD for an address, with the tables above it
  /// created. Nil when memory runs out.
  private static func vmemmapPmd(
    _ address: UInt64, _ node: Int32, on machine: inout Machine
  ) throws(Halt) -> EntryPointer? {
    var entry = EntryPointer(table: 0, slot: Width.index(address, machine.pgdirShift))
    if machine.isL5Enabled {
      guard let base = try vmemmapTable(entry, node, on: &machine) else { return nil }
      entry = base + Width.index(address, machine.p4dShift)
    }
    if machine.isL4Enabled {
      guard let base = try vmemmapTable(entry, node, on: &machine) else { return nil }
      entry = base + Width.index(address, Width.pudShift)
    }
    guard let base = try vmemmapTable(entry, node, on: &machine) else { return nil }
    return base + Width.index(address, Width.pmdShift)
  }

  /// The table below an entry. A zero entry gets a new table, zeroed first and linked then.
  private static func vmemmapTable(
    _ entry: EntryPointer, _ node: Int32, on machine: inout Machine
  ) throws(Halt) -> EntryPointer? {
    let word = try machine.read(entry)
    if word != 0 { return machine.tableBase(word) }
    guard let pfn = try machine.allocate(node: node) else { return nil }
    machine.zeroTable(pfn: pfn)
    let link = machine.bits.tableWord(pfn: pfn)
    try machine.write(entry, link)
    return machine.tableBase(link)
  }

  /// `vmemmap_alloc_block_buf`: allocates `size` bytes for the memmap and returns the first PFN.
  private static func memmapBlock(
    _ size: UInt64, _ node: Int32, _ altmap: UInt32, on machine: inout Machine
  ) throws(Halt) -> UInt64? {
    if altmap != 0 {
      return machine.altmapAllocate(altmap, pages: size >> AddressLayout.pageShift)
    }
    return try machine.allocateBlock(order: getOrder(size), node: node)
  }
}
