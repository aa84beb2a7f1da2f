// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// The owner of the pages that back the memmap, for each walker. A direct call of each level shows what
  /// that level passes on.
  mutating func addWalkBacking() {
    for level in [Level.pmd, .pud, .p4d, .pgd] {
      addAltmapWalks(level)
      addReservedWalks(level)
    }
  }

  // Defects 14-17.
  private mutating func addAltmapWalks(_ level: Level) {
    let name = "remove-\(level.name)-mapping/vmemmap-altmap"
    add("\(name)-leaf", "A PMD leaf from an altmap is counted back, and no page is freed.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.map(.vmemmap, .pmd, at: base, backing: .altmap)
      let altmap = $0.altmap(alloc: 0x200)
      $0.walk(level, .vmemmap, from: base, to: base + $0.bytes(.pmd), altmap: altmap)
    }
    add(
      "\(name)-pages",
      "Pages from an altmap are counted back; the tables that held them never were the altmap's."
    ) {
      let base = $0.address(.vmemmap)
      $0.map(.vmemmap, .pte, at: base, count: 2, backing: .altmap)
      let altmap = $0.altmap(alloc: 2)
      $0.walk(level, .vmemmap, from: base, to: base + 0x2000, altmap: altmap)
    }
    add(
      "remove-\(level.name)-mapping/linear-with-altmap",
      "A walk of the linear map charges no altmap, even when one is passed."
    ) {
      let base = $0.address(.linear, Slots(pte: 0))
      $0.map(.linear, .pmd, at: base)
      $0.map(.linear, .pte, at: base + $0.bytes(.pmd))
      let altmap = $0.altmap(alloc: 0x400)
      $0.walk(level, .linear, from: base, to: base + $0.bytes(.pmd, 2), altmap: altmap)
    }
  }

  // Defects 20, 21.
  private mutating func addReservedWalks(_ level: Level) {
    add(
      "remove-\(level.name)-mapping/vmemmap-reserved-leaf",
      "All pages of a PMD leaf that boot memory backs are released, one by one."
    ) {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.map(.vmemmap, .pmd, at: base, backing: .reserved)
      $0.walk(level, .vmemmap, from: base, to: base + $0.bytes(.pmd))
    }
  }
}
