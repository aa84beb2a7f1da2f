// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// Leaves above the pud, where the kernel has no leaf test (hazard H6), and the p4d's own table.
  ///
  /// A walk that takes such a leaf for a pointer reads memory that is no table, and ends there.
  mutating func addFoldedWalks() {
    for area in Area.allCases {
      // Defects 4, 10.
      if mode.isL4Enabled {
        addUpperLeaf(.p4d, area, "remove-p4d-mapping/\(area)-p4d-leaf") { builder, start, end in
          builder.walk(.p4d, area, from: start, to: end)
        }
      }
      addUpperLeaf(.pgd, area, "remove-pgd-mapping/\(area)-root-leaf") { builder, start, end in
        builder.walk(.pgd, area, from: start, to: end)
      }
      addPudTables(area)
    }
  }

  private mutating func addUpperLeaf(
    _ level: Level, _ area: Area, _ id: String,
    walk: (inout ScenarioBuilder, UInt64, UInt64) -> Void
  ) {
    let what =
      mode.isL4Enabled
      ? "A leaf at the \(level.name) is walked as a table, as this level has no leaf test."
      : "A leaf in the root of three levels is a PUD leaf in a folded level, and stays."
    add(id, what) {
      let base = $0.address(area, Slots(pte: 0))
      // The next entry is live, too.
      $0.map(area, .pmd, at: base + $0.bytes(level))
      $0.mapLeaf(
        level, at: base, pfn: $0.frame(level), protection: Bits.kernel, kind: area.kind)
      walk(&$0, base, base + $0.bytes(.pmd))
    }
  }

  // Defects 26, 27: a pud table is freed only if it is not the one below the root.
  private mutating func addPudTables(_ area: Area) {
    let fate = mode.isL5Enabled ? "is freed" : "is the one below the root, or none, and stays"
    add("remove-p4d-mapping/\(area)-pud-table-emptied", "A pud table that becomes empty \(fate).") {
      let base = $0.address(area, Slots(pte: 0))
      $0.map(area, .pmd, at: base)
      $0.walk(.p4d, area, from: base, to: base + $0.bytes(.pud))
    }
    add(
      "remove-p4d-mapping/\(area)-pud-table-kept",
      "A pud table with a live entry outside the range stays."
    ) {
      let base = $0.address(area, Slots(pte: 0))
      $0.map(area, .pmd, at: base)
      $0.map(area, .pmd, at: $0.address(area, Slots(pud: 3, pte: 0)))
      $0.walk(.p4d, area, from: base, to: base + $0.bytes(.pmd))
    }
    add(
      "remove-p4d-mapping/\(area)-pud-table-kept-for-swap",
      "A pud table with an entry that is neither present nor zero stays."
    ) {
      let base = $0.address(area, Slots(pte: 0))
      $0.map(area, .pmd, at: base)
      $0.setWord(
        .pud, at: $0.address(area, Slots(pud: 3, pte: 0)), to: Bits.swap, kind: area.kind)
      $0.walk(.p4d, area, from: base, to: base + $0.bytes(.pmd))
    }
    add(
      "remove-p4d-mapping/\(area)-pud-table-empty-before",
      "A pud table that was empty before \(fate)."
    ) {
      let base = $0.address(area, Slots(pte: 0))
      _ = $0.table(.pud, for: base, kind: area.kind)
      $0.walk(.p4d, area, from: base, to: base + $0.bytes(.pmd))
    }
  }
}
