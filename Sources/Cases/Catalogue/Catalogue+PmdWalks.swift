// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// `remove_pmd_mapping` on leaves.
  mutating func addPmdLeaves() {
    for area in Area.allCases {
      addPmdLeafRanges(area)
      addPmdWords(area)
    }
  }

  // Defects 2, 4, 6-9, 11, 12; hazards H1 and H7 for ranges that cover a part of a leaf.
  private mutating func addPmdLeafRanges(_ area: Area) {
    let mib: UInt64 = 0x10_0000
    // The mapped slots, then the range in bytes from the first address of the table.
    let cases: [(String, String, [Range<UInt64>], UInt64, UInt64)] = [
      ("leaf", "One leaf is unmapped.", [5..<6], 10 * mib, 12 * mib),
      ("first-leaf", "The first leaf is unmapped, the second stays.", [0..<2], 0, 2 * mib),
      (
        "last-leaf", "The last leaf is unmapped, the one before stays.", [510..<512], 1022 * mib,
        1024 * mib
      ),
      ("middle-leaves", "Leaves on both sides stay.", [4..<10], 12 * mib, 16 * mib),
      ("hole", "A hole does not end the walk.", [5..<6, 8..<9], 10 * mib, 18 * mib),
      ("leaf-front", "Half a leaf, its front: all of it is unmapped.", [5..<7], 10 * mib, 11 * mib),
      ("leaf-back", "Half a leaf, its back: all of it is unmapped.", [4..<6], 11 * mib, 12 * mib),
      (
        "leaf-inside", "One page of a leaf: all of it is unmapped.", [5..<6], 10 * mib + 0x3000,
        10 * mib + 0x4000
      ),
      ("leaf-halves", "Halves of two leaves: both are unmapped.", [5..<7], 11 * mib, 13 * mib),
      (
        "leaf-and-a-page", "A page of the next leaf unmaps it.", [5..<7], 10 * mib,
        12 * mib + 0x1000
      ),
      ("all-leaves", "All 512 leaves of a table are unmapped.", [0..<512], 0, 1024 * mib),
      ("nothing-mapped", "A table without entries is left as it is.", [], 0, 1024 * mib),
    ]
    for (name, purpose, mapped, start, end) in cases {
      add("remove-pmd-mapping/\(area)-\(name)", purpose) {
        let base = $0.address(area, Slots(pmd: 0, pte: 0))
        for slots in mapped {
          $0.map(area, .pmd, at: base + slots.lowerBound << 21, count: UInt64(slots.count))
        }
        $0.walk(.pmd, area, from: base + start, to: base + end)
      }
    }
  }

  // Defects 4, 5, 25.
  private mutating func addPmdWords(_ area: Area) {
    let frame: UInt64 = 0x14_5600 << 10
    let cases: [(String, String, UInt64)] = [
      ("swap-word", "A swap-like word is not present and stays.", Bits.swap),
      ("accessed-only", "A word with the accessed bit alone stays.", Bits.accessedOnly),
      ("prot-none", "A prot_none leaf is present and is unmapped.", Bits.protNoneLeaf),
      ("read-only", "A read-only leaf is a leaf.", frame | Bits.readOnly),
      (
        "execute-only", "A leaf that can only be executed is a leaf.",
        frame | Bits.riscv.present | Bits.riscv.execute
      ),
      (
        "write-bit", "The write bit alone makes a leaf too.",
        frame | Bits.riscv.present | Bits.riscv.write
      ),
      ("software-bits", "A devmap and special leaf is unmapped.", frame | Bits.software),
      ("not-global", "A leaf that is not global is unmapped.", frame | Bits.notGlobal),
      (
        "memory-type", "A leaf with a memory type in its top bits is unmapped.",
        frame | Bits.noCache
      ),
    ]
    for (name, purpose, word) in cases {
      add("remove-pmd-mapping/\(area)-\(name)", purpose) {
        let base = $0.address(area, Slots(pte: 0))
        $0.map(area, .pmd, at: base - $0.bytes(.pmd))
        $0.setWord(.pmd, at: base, to: word, kind: area.kind)
        $0.map(area, .pmd, at: base + $0.bytes(.pmd))
        $0.walk(.pmd, area, from: base - $0.bytes(.pmd), to: base + $0.bytes(.pmd, 2))
      }
    }
  }

  /// `remove_pmd_mapping` on pte tables.
  mutating func addPmdTables() {
    for area in Area.allCases {
      addEmptiedPteTables(area)
      addKeptPteTables(area)
    }
  }

  // Defects 3, 26-34.
  private mutating func addEmptiedPteTables(_ area: Area) {
    add(
      "remove-pmd-mapping/\(area)-table-emptied",
      "A pte table whose last page is unmapped is freed."
    ) {
      let base = $0.address(area)
      $0.map(area, .pte, at: base, count: 2)
      $0.walk(.pmd, area, from: base, to: base + 0x2000)
    }
    add(
      "remove-pmd-mapping/\(area)-table-full",
      "A full pte table is emptied and freed."
    ) {
      let base = $0.address(area, Slots(pte: 0))
      $0.map(area, .pte, at: base, count: 512)
      $0.walk(.pmd, area, from: base, to: base + $0.bytes(.pmd))
    }
    add(
      "remove-pmd-mapping/\(area)-table-empty-before",
      "A pte table that was empty before is freed when the range touches it."
    ) {
      let base = $0.address(area)
      _ = $0.table(.pte, for: base, kind: area.kind)
      $0.walk(.pmd, area, from: base, to: base + 0x1000)
    }
    add(
      "remove-pmd-mapping/\(area)-table-reserved", "A boot-time pte table is released."
    ) {
      let base = $0.address(area)
      $0.map(area, .pte, at: base, kind: .boot)
      $0.walk(.pmd, area, from: base, to: base + 0x1000)
    }
    add(
      "remove-pmd-mapping/\(area)-two-tables",
      "Two neighbouring pte tables are emptied and freed, each with its own parent entry."
    ) {
      let base = $0.address(area, Slots(pte: 511))
      $0.map(area, .pte, at: base, count: 2)
      $0.walk(.pmd, area, from: base, to: base + 0x2000)
    }
    add(
      "remove-pmd-mapping/\(area)-last-slot-table",
      "A pte table in the last slot of its parent is emptied and freed."
    ) {
      let base = $0.address(area, Slots(pmd: 511, pte: 511))
      $0.map(area, .pte, at: base)
      $0.walk(.pmd, area, from: base, to: base + 0x1000)
    }
    add(
      "remove-pmd-mapping/\(area)-leaf-table-leaf",
      "A pte table between two leaves is freed with them."
    ) {
      let base = $0.address(area, Slots(pte: 0))
      $0.map(area, .pmd, at: base)
      $0.map(area, .pte, at: base + $0.bytes(.pmd) + 0x9000)
      $0.map(area, .pmd, at: base + $0.bytes(.pmd, 2))
      $0.walk(.pmd, area, from: base, to: base + $0.bytes(.pmd, 3))
    }
  }

  // Defects 23-25.
  private mutating func addKeptPteTables(_ area: Area) {
    for (name, slot) in [("first", UInt64(0)), ("next", 8), ("last", 511)] {
      add(
        "remove-pmd-mapping/\(area)-table-kept-for-\(name)",
        "A pte table with a live \(name) entry outside the range is kept."
      ) {
        let base = $0.address(area)
        $0.map(area, .pte, at: base)
        $0.map(area, .pte, at: $0.address(area, Slots(pte: slot)))
        $0.walk(.pmd, area, from: base, to: base + 0x1000)
      }
    }
    for (name, word) in [
      ("swap", Bits.swap), ("absent-leaf", Bits.absentLeaf), ("accessed-only", Bits.accessedOnly),
    ] {
      add(
        "remove-pmd-mapping/\(area)-table-kept-for-\(name)",
        "A pte table is kept for a word inside the range that is neither present nor zero."
      ) {
        let base = $0.address(area)
        $0.map(area, .pte, at: base)
        $0.setWord(.pte, at: base + 0x1000, to: word, kind: area.kind)
        $0.walk(.pmd, area, from: base, to: base + $0.bytes(.pmd))
      }
    }
    add(
      "remove-pmd-mapping/\(area)-table-outside",
      "An empty pte table that the range does not touch is kept."
    ) {
      let base = $0.address(area)
      _ = $0.table(.pte, for: base + $0.bytes(.pmd), kind: area.kind)
      $0.map(area, .pmd, at: $0.address(area, Slots(pte: 0)))
      $0.walk(.pmd, area, from: $0.address(area, Slots(pte: 0)), to: base)
    }
  }
}
