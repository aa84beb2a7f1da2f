// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// `remove_pud_mapping` and `remove_p4d_mapping` on the entries that they walk: those of a table, or at a
  /// folded level the root entry itself.
  mutating func addUpperWalks() {
    for area in Area.allCases {
      for level in [Level.pud, .p4d] {
        addDescent(level, area)
        if !mode.isFolded(level) { addNeighbours(level, area) }
        addUpperWords(level, area)
      }
      addPudLeaves(area)
    }
  }

  // Defects 1-3, 23, 26-34. A case shows the fix 21f1b85c8912 if it empties and frees a vmemmap pmd table,
  // and the fix a0188cc13369 if the level is folded.
  private mutating func addDescent(_ level: Level, _ area: Area) {
    let name = "remove-\(level.name)-mapping/\(area)"
    add(
      "\(name)-leaf-below", "A PMD leaf below is unmapped; its table is freed if it is empty."
    ) {
      let base = $0.address(area, Slots(pte: 0))
      $0.map(area, .pmd, at: base)
      $0.walk(level, area, from: base, to: base + $0.bytes(.pmd))
    }
    add(
      "\(name)-leaf-below-kept", "A PMD leaf below is unmapped; its table stays for a neighbour."
    ) {
      let base = $0.address(area, Slots(pte: 0))
      $0.map(area, .pmd, at: base, count: 2)
      $0.walk(level, area, from: base, to: base + $0.bytes(.pmd))
    }
    add(
      "\(name)-page-below",
      "The only page below is unmapped, and the tables above it are freed one by one."
    ) {
      let base = $0.address(area)
      $0.map(area, .pte, at: base)
      $0.walk(level, area, from: base, to: base + 0x1000)
    }
    add(
      "\(name)-page-below-kept",
      "A page below is unmapped; its pte table stays for a neighbour, and so does all above."
    ) {
      let base = $0.address(area)
      $0.map(area, .pte, at: base, count: 2)
      $0.walk(level, area, from: base, to: base + 0x1000)
    }
    add("\(name)-boot-tables", "Boot-time tables that become empty are released.") {
      let base = $0.address(area)
      $0.map(area, .pte, at: base, kind: .boot)
      $0.walk(level, area, from: base, to: base + 0x1000)
    }
    add(
      "\(name)-kept-for-swap",
      "A pmd table is kept for an entry that is neither present nor zero."
    ) {
      let base = $0.address(area, Slots(pte: 0))
      $0.map(area, .pmd, at: base)
      $0.setWord(.pmd, at: base + $0.bytes(.pmd), to: Bits.swap, kind: area.kind)
      $0.walk(level, area, from: base, to: base + $0.bytes(.pmd, 4))
    }
    add("\(name)-nothing-mapped", "An entry of zero is skipped.") {
      let base = $0.address(area)
      $0.walk(level, area, from: base, to: base + 0x1000)
    }
    add(
      "\(name)-last-slots", "The last slots of the tables below are found, and the tables freed."
    ) {
      let base = $0.address(area, Slots(pmd: 511, pte: 511))
      $0.map(area, .pte, at: base)
      $0.walk(level, area, from: base, to: base + 0x1000)
    }
  }

  // Defects 6, 11, 12: several entries of the walked table.
  private mutating func addNeighbours(_ level: Level, _ area: Area) {
    let name = "remove-\(level.name)-mapping/\(area)"
    add("\(name)-two-entries", "The tables of two neighbouring entries are emptied and freed.") {
      let step = $0.bytes(level)
      let start = $0.address(area, Slots(pte: 0)) & ~(step - 1) + step - $0.bytes(.pmd)
      $0.map(area, .pmd, at: start)
      $0.map(area, .pmd, at: start + $0.bytes(.pmd))
      $0.walk(level, area, from: start, to: start + $0.bytes(.pmd, 2))
    }
    add("\(name)-hole", "An entry of zero between two others does not end the walk.") {
      let step = $0.bytes(level)
      let start = $0.address(area, Slots(pte: 0))
      $0.map(area, .pmd, at: start)
      $0.map(area, .pmd, at: start + 2 * step)
      $0.walk(level, area, from: start, to: start + 2 * step + $0.bytes(.pmd))
    }
    add("\(name)-only-the-second", "An entry before the range is left, with its table.") {
      let step = $0.bytes(level)
      let start = $0.address(area, Slots(pte: 0))
      $0.map(area, .pmd, at: start)
      $0.map(area, .pmd, at: start + step)
      $0.walk(level, area, from: start + step, to: start + step + $0.bytes(.pmd))
    }
    add("\(name)-sibling-kept", "An entry after the range is left, with its table.") {
      let step = $0.bytes(level)
      let start = $0.address(area, Slots(pte: 0))
      $0.map(area, .pmd, at: start)
      $0.map(area, .pmd, at: start + step)
      $0.walk(level, area, from: start, to: start + step)
    }
    add("\(name)-slot-511", "The last entry of the table is found.") {
      let slots = level == .pud ? Slots(pud: 511, pte: 0) : Slots(p4d: 511, pte: 0)
      let start = $0.address(area, slots)
      $0.map(area, .pmd, at: start)
      $0.walk(level, area, from: start, to: start + $0.bytes(.pmd))
    }
    add("\(name)-slot-0", "The first entry of the table is found.") {
      let slots = level == .pud ? Slots(pud: 0, pte: 0) : Slots(p4d: 0, pte: 0)
      let start = $0.address(area, slots)
      $0.map(area, .pmd, at: start)
      $0.walk(level, area, from: start, to: start + $0.bytes(.pmd))
    }
  }

  // Defects 5, 25: at these levels an entry is present by bit 0 alone.
  private mutating func addUpperWords(_ level: Level, _ area: Area) {
    let cases: [(String, String, UInt64)] = [
      ("swap-word", "A swap-like word is not present and stays.", Bits.swap),
      ("absent-leaf", "A leaf without its present bit stays.", Bits.absentLeaf),
      ("prot-none", "A prot_none word is not present at this level and stays.", Bits.protNoneLeaf),
    ]
    for (name, purpose, word) in cases {
      add("remove-\(level.name)-mapping/\(area)-\(name)", purpose) {
        let base = $0.address(area, Slots(pmd: 0, pte: 0))
        $0.setWord(level, at: base, to: word, kind: area.kind)
        $0.walk(level, area, from: base, to: base + $0.bytes(.pmd))
      }
    }
  }

  // Defects 7-10, 19, 20. If the pud is folded, the leaf is the root's entry, and stays.
  private mutating func addPudLeaves(_ area: Area) {
    let what =
      mode.isFolded(.pud) ? "A PUD leaf in a folded level stays" : "A whole PUD leaf is unmapped"
    let gib: UInt64 = 1 << 30
    let parts: [(String, String, UInt64, UInt64)] = [
      ("pud-leaf", "for its whole range", 0, gib),
      ("pud-leaf-front", "for its first half", 0, gib / 2),
      ("pud-leaf-back", "for its last page", gib - 0x1000, gib),
      ("pud-leaf-inside", "for a page inside", 0x1234_5000, 0x1234_6000),
    ]
    for (name, how, start, end) in parts {
      add("remove-pud-mapping/\(area)-\(name)", "\(what) \(how).") {
        let base = $0.address(area, Slots(pmd: 0, pte: 0))
        $0.map(area, .pud, at: base)
        $0.walk(.pud, area, from: base + start, to: base + end)
      }
    }
    add("remove-pud-mapping/\(area)-pud-leaf-software-bits", "\(what) with devmap and special set.")
    {
      let base = $0.address(area, Slots(pmd: 0, pte: 0))
      $0.map(area, .pud, at: base, protection: Bits.software)
      $0.walk(.pud, area, from: base, to: base + gib)
    }
    if area == .vmemmap {
      for (name, backing) in [
        ("reserved", ScenarioBuilder.Backing.reserved), ("altmap", .altmap),
      ] {
        add(
          "remove-pud-mapping/vmemmap-pud-leaf-\(name)", "\(what); its backing is \(name)."
        ) {
          let base = $0.address(area, Slots(pmd: 0, pte: 0))
          $0.map(area, .pud, at: base, backing: backing)
          let altmap = backing == .altmap ? $0.altmap(alloc: 0x4_0000) : nil
          $0.walk(.pud, area, from: base, to: base + gib, altmap: altmap)
        }
      }
    }
    add(
      "remove-p4d-mapping/\(area)-pud-leaf-below",
      "\(what) when the walk starts at the p4d; a pud table is freed if it is empty."
    ) {
      let base = $0.address(area, Slots(pmd: 0, pte: 0))
      $0.map(area, .pud, at: base)
      $0.walk(.p4d, area, from: base, to: base + gib)
    }
  }
}
