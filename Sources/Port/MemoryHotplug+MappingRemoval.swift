// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The walks that remove mappings: over [addr, end), level by level, past entries that are not present.
extension MemoryHotplug {
  /// `remove_pte_mapping`: clears every present entry and frees the memmap page behind it.
  static func removePteMapping(
    _ pteBase: EntryPointer, _ start: UInt64, _ end: UInt64, _ isVmemmap: Bool, _ altmap: UInt32,
    on machine: inout Machine
  ) throws(Halt) {
    var addr = start
    while addr < end {
      try machine.step()
      // This addition wraps to 0 at the last page of the address space; the steps of the other levels do
      // not.
      let next = min((addr &+ AddressLayout.pageSize) & ~(AddressLayout.pageSize - 1), end)
      let ptep = pteBase + Width.index(addr, AddressLayout.pageShift)
      addr = next
      let pte = try machine.read(ptep)
      guard machine.ptePresent(pte) else { continue }

      try machine.clear(ptep)
      if isVmemmap {
        try freeVmemmapStorage(
          machine.pfn(of: pte), AddressLayout.pageSize, altmap, on: &machine)
      }
    }
  }

  /// `remove_pmd_mapping`: removes a whole leaf even if the range covers only a part of it (hazards H1
  /// and H7); walks a table and then frees it if it is empty.
  static func removePmdMapping(
    _ pmdBase: EntryPointer, _ start: UInt64, _ end: UInt64, _ isVmemmap: Bool, _ altmap: UInt32,
    on machine: inout Machine
  ) throws(Halt) {
    var addr = start
    while addr < end {
      try machine.step()
      let here = addr
      addr = addrEnd(here, end, Width.pmdShift)
      let pmdp = pmdBase + Width.index(here, Width.pmdShift)
      let pmd = try machine.read(pmdp)
      guard machine.pmdPresent(pmd) else { continue }

      if machine.pmdLeaf(pmd) {
        try machine.clear(pmdp)
        if isVmemmap {
          try freeVmemmapStorage(machine.pfn(of: pmd), Width.pmdSize, altmap, on: &machine)
        }
        continue
      }

      let pteBase = machine.tableBase(pmd)
      try removePteMapping(pteBase, here, addr, isVmemmap, altmap, on: &machine)
      try freePteTable(pteBase, pmdp, on: &machine)
    }
  }

  /// `remove_pud_mapping`: if the pud is folded, the base is the entry itself (since a0188cc13369), a
  /// leaf stays and the table stays.
  static func removePudMapping(
    _ pudBase: EntryPointer, _ start: UInt64, _ end: UInt64, _ isVmemmap: Bool, _ altmap: UInt32,
    on machine: inout Machine
  ) throws(Halt) {
    var addr = start
    while addr < end {
      try machine.step()
      let here = addr
      addr = addrEnd(here, end, Width.pudShift)
      let isIndexed = machine.isL4Enabled || machine.fixes.indexesFoldedPud
      let pudp = isIndexed ? pudBase + Width.index(here, Width.pudShift) : pudBase
      let pud = try machine.read(pudp)
      guard machine.pudPresent(pud) else { continue }

      if machine.pudLeaf(pud) {
        if machine.isL4Enabled {
          try machine.clear(pudp)
          if isVmemmap {
            try freeVmemmapStorage(machine.pfn(of: pud), Width.pudSize, altmap, on: &machine)
          }
        }
        continue
      }

      let pmdBase = machine.tableBase(pud)
      try removePmdMapping(pmdBase, here, addr, isVmemmap, altmap, on: &machine)
      if machine.isL4Enabled { try freePmdTable(pmdBase, pudp, isVmemmap, on: &machine) }
    }
  }

  /// `remove_p4d_mapping`: like `remove_pud_mapping` one level up. It reads the entry even if the pud is
  /// folded, so that the p4d is always present.
  static func removeP4dMapping(
    _ p4dBase: EntryPointer, _ start: UInt64, _ end: UInt64, _ isVmemmap: Bool, _ altmap: UInt32,
    on machine: inout Machine
  ) throws(Halt) {
    var addr = start
    while addr < end {
      try machine.step()
      let here = addr
      addr = addrEnd(here, end, machine.p4dShift)
      let isIndexed = machine.isL5Enabled || machine.fixes.indexesFoldedP4d
      let p4dp = isIndexed ? p4dBase + Width.index(here, machine.p4dShift) : p4dBase
      let p4d = try machine.read(p4dp)
      guard machine.p4dPresent(p4d) else { continue }

      let isUpperLeaf = !isVmemmap && p4d & machine.bits.leaf != 0
      if machine.p4dLeaf(p4d) || isUpperLeaf && machine.mends(.knowsUpperLeaf) {
        if machine.isL5Enabled {
          try machine.p4dClear(p4dp)
          if isVmemmap {
            try freeVmemmapStorage(
              machine.pfn(of: p4d), 1 << machine.p4dShift, altmap, on: &machine)
          }
        }
        continue
      }

      let pudBase = try machine.pudOffset(p4dp)
      try removePudMapping(pudBase, here, addr, isVmemmap, altmap, on: &machine)
      if machine.isL5Enabled { try freePudTable(pudBase, p4dp, on: &machine) }
    }
  }

  /// `remove_pgd_mapping`: walks from the root and keeps the tables that the root points to, because
  /// every process has a copy of it. Then it flushes once, even for an empty range.
  static func removePgdMapping(
    _ start: UInt64, _ end: UInt64, _ isVmemmap: Bool, _ altmap: UInt32,
    on machine: inout Machine
  ) throws(Halt) {
    var addr = start
    while addr < end {
      try machine.step()
      let here = addr
      addr = addrEnd(here, end, machine.pgdirShift)
      let pgdp = EntryPointer(table: 0, slot: Width.index(here, machine.pgdirShift))
      let pgd = try machine.read(pgdp)
      guard machine.pgdPresent(pgd), !machine.pgdLeaf(pgd) else { continue }

      try removeP4dMapping(
        try machine.p4dOffset(pgdp), here, addr, isVmemmap, altmap, on: &machine)
    }
    try machine.flushTLBAll()
  }

  /// `pmd_addr_end` and its siblings: the next boundary of the level with this shift, or the end of the
  /// range if that comes first. The boundary may be the end of the address space.
  @inline(__always)
  static func addrEnd(_ addr: UInt64, _ end: UInt64, _ shift: UInt64) -> UInt64 {
    let size: UInt64 = 1 &<< shift
    let boundary = (addr &+ size) & ~(size &- 1)
    return boundary &- 1 < end &- 1 ? boundary : end
  }
}
