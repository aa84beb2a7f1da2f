// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// Ranges that end inside a table, with a direct call of each walker: entries beside the range in the
  /// tables below, boundaries of tables, and the end of the address space.
  mutating func addWalkEdges() {
    for area in Area.allCases {
      for level in [Level.pmd, .pud, .p4d, .pgd] {
        addBoundaries(level, area)
      }
      for level in [Level.pud, .p4d, .pgd] { addTablesBelow(level, area) }
      addPudLeafNeighbours(area)
    }
    for level in [Level.pmd, .pud, .p4d] { addTopOfAddresses(level) }
  }

  /// The level of the tables that a walker passes to the walker below it.
  private func below(_ level: Level) -> Level {
    mode.levels.last { $0 < (mode.isFolded(level) ? .pgd : level) } ?? .pte
  }

  // Defect 11: if the walk below gets the end of the whole range, it continues in the first slots of its
  // table.
  private mutating func addBoundaries(_ level: Level, _ area: Area) {
    // The walker of a folded level has one entry, so it crosses no boundary.
    guard !mode.isFolded(level) else { return }
    let below = below(level)
    add(
      "remove-\(level.name)-mapping/\(area)-low-slots-kept",
      "A range over the end of a \(below.name) table leaves the first slots of that table."
    ) {
      let step = $0.bytes(level)
      let middle = $0.address(area, Slots(p4d: 1, pud: 1)) & ~(step - 1) &+ step
      let part = $0.bytes(below)
      // A leaf above the pud would be walked as a table (hazard H6).
      let leaf = min(below, .pud)
      for start in [middle - step, middle - part, middle] { $0.map(area, leaf, at: start) }
      $0.walk(level, area, from: middle - part, to: middle + part)
    }
  }

  // Defects 7, 8, 26.
  private mutating func addTablesBelow(_ level: Level, _ area: Area) {
    let name = "remove-\(level.name)-mapping/\(area)"
    add("\(name)-leaf-before-kept", "A PMD leaf before the range stays, in the table it shares.") {
      let base = $0.address(area, Slots(pte: 0))
      $0.map(area, .pmd, at: base - $0.bytes(.pmd), count: 2)
      $0.walk(level, area, from: base, to: base + $0.bytes(.pmd))
    }
    add(
      "\(name)-tables-beside-kept", "The pmd tables before and after the range's stay as they are."
    ) {
      let base = $0.address(area, Slots(pte: 0))
      for gib in [UInt64(0), 1, 2] { $0.map(area, .pmd, at: base - $0.bytes(.pud) * gib) }
      $0.walk(
        level, area, from: base - $0.bytes(.pud), to: base - $0.bytes(.pud) + $0.bytes(.pmd))
    }
    add("\(name)-table-empty-before", "A pmd table that was empty before is freed if it may be.") {
      let base = $0.address(area)
      _ = $0.table(.pmd, for: base, kind: area.kind)
      $0.walk(level, area, from: base, to: base + 0x1000)
    }
  }

  // Defects 6, 12. If the pud is folded, a PUD leaf stays.
  private mutating func addPudLeafNeighbours(_ area: Area) {
    guard !mode.isFolded(.pud) else { return }
    add(
      "remove-pud-mapping/\(area)-pud-leaves",
      "A PUD leaf does not end the walk: the next one is removed too, and a table after it."
    ) {
      let base = $0.address(area, Slots(pmd: 0, pte: 0))
      $0.map(area, .pud, at: base, count: 2)
      $0.map(area, .pmd, at: base + $0.bytes(.pud, 2))
      $0.walk(.pud, area, from: base, to: base + $0.bytes(.pud, 2) + $0.bytes(.pmd))
    }
    add("remove-pud-mapping/\(area)-pud-leaf-middle", "PUD leaves before and after one stay.") {
      let base = $0.address(area, Slots(pmd: 0, pte: 0))
      $0.map(area, .pud, at: base, count: 3)
      $0.walk(.pud, area, from: base + $0.bytes(.pud), to: base + $0.bytes(.pud, 2))
    }
  }

  // Defect 11: the next boundary is 0, which is not less than the end.
  private mutating func addTopOfAddresses(_ level: Level) {
    add(
      "remove-\(level.name)-mapping/top-of-the-address-space",
      "Where the next boundary wraps round to 0 the walk ends at its end."
    ) {
      let start = 0 &- $0.bytes(.pmd, 2)
      $0.map(.linear, .pmd, at: start)
      $0.map(.linear, .pte, at: 0 &- 0x3000, count: 2)
      $0.walk(level, .linear, from: start, to: 0 &- 0x1000)
    }
  }
}
