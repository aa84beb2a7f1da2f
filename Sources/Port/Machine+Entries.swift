// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Access to entries (`*p_get`, `set_*`, `*_clear`) and the kernel's interpretation of a word. Source:
/// `arch/riscv/include/asm/pgtable.h` and `pgtable-64.h`.
extension Machine {
  /// The word of an entry. A pointer outside every table's page ends the case with the fault of that
  /// access.
  @inline(__always)
  mutating func read(_ entry: EntryPointer) throws(Halt) -> UInt64 {
    memory[word: try locate(entry)]
  }

  /// Stores a word that is not zero (`set_pte`, ...); it records no event.
  @inline(__always)
  mutating func write(_ entry: EntryPointer, _ word: UInt64) throws(Halt) {
    let index = try locate(entry)
    memory[word: index] = word
    noteParent(at: index, of: word)
  }

  /// Stores zero (`pte_clear`, `pmd_clear`, `pud_clear`) and then records one event.
  @inline(__always)
  mutating func clear(_ entry: EntryPointer) throws(Halt) {
    let index = try locate(entry)
    memory[word: index] = 0
    try recordClear(
      table: UInt64(truncatingIfNeeded: index / Pool.wordsPerPage),
      slot: UInt64(truncatingIfNeeded: index % Pool.wordsPerPage))
  }

  /// `p4d_clear`, which does nothing if the pud below it is folded.
  @inline(__always)
  mutating func p4dClear(_ entry: EntryPointer) throws(Halt) {
    if isL4Enabled { try clear(entry) }
  }

  @inline(__always)
  private mutating func locate(_ entry: EntryPointer) throws(Halt) -> Int {
    let index = memory.index(of: entry)
    if index < 0 { throw fault(entry) }
    return index
  }

  /// The ending for an access outside the tables. Inside the pool it holds the overrun table and the
  /// slot, elsewhere the address.
  @inline(never)
  private mutating func fault(_ entry: EntryPointer) -> Halt {
    if let place = entry.place {
      return halt(
        Ending(
          .overrun, table: UInt32(truncatingIfNeeded: place.table),
          slot: UInt32(truncatingIfNeeded: place.slot)))
    }
    return halt(Ending(.wildAccess, address: entry.address))
  }

  /// `pte_page`, `pmd_page`, ...: the PFN of a word.
  @inline(__always)
  func pfn(of word: UInt64) -> UInt64 { (word & pfnMask) &>> pfnShift }

  /// Whether the hardware treats a word as a pointer to a table.
  @inline(__always)
  func isTable(_ word: UInt64) -> Bool { word & presentOrLeaf == bits.present }

  /// `pmd_page_vaddr`, `pmd_offset(pud, 0)` and similar: the first entry of the table that a word points
  /// to, without a check that it is a table.
  @inline(__always)
  func tableBase(_ word: UInt64) -> EntryPointer {
    EntryPointer(address: pfn(of: word) << 12 &+ linearOffset)
  }

  /// `pte_present`.
  @inline(__always)
  func ptePresent(_ word: UInt64) -> Bool { word & (bits.present | bits.protNone) != 0 }

  /// `pmd_present`, as with transparent huge pages: an invalid entry with leaf bits counts as present.
  @inline(__always)
  func pmdPresent(_ word: UInt64) -> Bool {
    word & (bits.present | bits.protNone | bits.leaf) != 0
  }

  /// `pud_present`.
  @inline(__always)
  func pudPresent(_ word: UInt64) -> Bool { word & bits.present != 0 }

  /// `p4d_present`: always true if the pud is folded.
  @inline(__always)
  func p4dPresent(_ word: UInt64) -> Bool { !isL4Enabled || word & bits.present != 0 }

  /// `pgd_present`: always true if the p4d is folded.
  @inline(__always)
  func pgdPresent(_ word: UInt64) -> Bool { !isL5Enabled || word & bits.present != 0 }

  /// `pmd_leaf`.
  @inline(__always)
  func pmdLeaf(_ word: UInt64) -> Bool { pmdPresent(word) && word & bits.leaf != 0 }

  /// `pud_leaf`.
  @inline(__always)
  func pudLeaf(_ word: UInt64) -> Bool { pudPresent(word) && word & bits.leaf != 0 }

  /// `p4d_leaf`: constant false, because RISC-V uses the generic default (hazard H6).
  @inline(__always)
  func p4dLeaf(_ word: UInt64) -> Bool { false }

  /// `pgd_leaf`: constant false, like `p4d_leaf`.
  @inline(__always)
  func pgdLeaf(_ word: UInt64) -> Bool { false }

  /// `p4d_offset(pgd, 0)`: a folded p4d is the root's entry itself.
  @inline(__always)
  mutating func p4dOffset(_ pgd: EntryPointer) throws(Halt) -> EntryPointer {
    isL5Enabled ? tableBase(try read(pgd)) : pgd
  }

  /// `pud_offset(p4d, 0)`: a folded pud is the entry of the next higher level itself.
  @inline(__always)
  mutating func pudOffset(_ p4d: EntryPointer) throws(Halt) -> EntryPointer {
    isL4Enabled ? tableBase(try read(p4d)) : p4d
  }
}
