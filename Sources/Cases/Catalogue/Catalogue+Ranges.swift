// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// `remove_pgd_mapping` over ranges that cross a boundary of each level, and over holes.
  mutating func addRanges() {
    for area in Area.allCases {
      for level in mode.levels where level != .pte {
        addCrossing(level, area)
        addHole(level, area)
      }
    }
  }

  /// The first address of an entry of a level, which has an entry before it.
  private static func boundary(_ level: Level, _ area: Area, _ builder: ScenarioBuilder) -> UInt64 {
    let step = builder.bytes(level)
    return builder.address(area, Slots(p4d: 1, pud: 1)) & ~(step - 1) &+ step
  }

  // Defects 1-3, 6, 11, 12.
  private mutating func addCrossing(_ level: Level, _ area: Area) {
    let name = "remove-pgd-mapping/\(area)-across-\(level.name)"
    add(
      "\(name)-pages", "Pages on both sides of a \(level.name) boundary are unmapped together."
    ) {
      let middle = Self.boundary(level, area, $0)
      $0.map(area, .pte, at: middle - 0x2000, count: 2)
      $0.map(area, .pte, at: middle, count: 2)
      $0.walk(.pgd, area, from: middle - 0x2000, to: middle + 0x2000)
    }
    add(
      "\(name)-siblings-kept",
      "Pages on both sides of a \(level.name) boundary stay if they are outside the range."
    ) {
      let middle = Self.boundary(level, area, $0)
      $0.map(area, .pte, at: middle - 0x2000, count: 2)
      $0.map(area, .pte, at: middle, count: 2)
      $0.walk(.pgd, area, from: middle - 0x1000, to: middle + 0x1000)
    }
    add("\(name)-up-to", "A range that ends at a \(level.name) boundary does not cross it.") {
      let middle = Self.boundary(level, area, $0)
      $0.map(area, .pte, at: middle - 0x1000)
      $0.map(area, .pte, at: middle)
      $0.walk(.pgd, area, from: middle - 0x1000, to: middle)
    }
    add(
      "\(name)-from", "A range that starts at a \(level.name) boundary leaves the pages before it."
    ) {
      let middle = Self.boundary(level, area, $0)
      $0.map(area, .pte, at: middle - 0x1000)
      $0.map(area, .pte, at: middle)
      $0.walk(.pgd, area, from: middle, to: middle + 0x1000)
    }
    guard level != .pmd else { return }
    add("\(name)-leaves", "Leaves on both sides of a \(level.name) boundary are unmapped together.")
    {
      let middle = Self.boundary(level, area, $0)
      $0.map(area, .pmd, at: middle - $0.bytes(.pmd))
      $0.map(area, .pmd, at: middle)
      $0.walk(.pgd, area, from: middle - $0.bytes(.pmd), to: middle + $0.bytes(.pmd))
    }
    add(
      "\(name)-parts-of-leaves",
      "A page of each leaf beside a \(level.name) boundary: both leaves are unmapped."
    ) {
      let middle = Self.boundary(level, area, $0)
      $0.map(area, .pmd, at: middle - $0.bytes(.pmd))
      $0.map(area, .pmd, at: middle)
      $0.walk(.pgd, area, from: middle - 0x1000, to: middle + 0x1000)
    }
  }

  // Defects 6, 9.
  private mutating func addHole(_ level: Level, _ area: Area) {
    add(
      "remove-pgd-mapping/\(area)-hole-of-a-\(level.name)",
      "A \(level.name) entry of zero inside the range does not end the walk."
    ) {
      let step = $0.bytes(level)
      let start = Self.boundary(level, area, $0) - 0x1000
      $0.map(area, .pte, at: start)
      $0.map(area, .pte, at: start + 0x1000 + step)
      $0.walk(.pgd, area, from: start, to: start + 0x2000 + step)
    }
    add(
      "remove-pgd-mapping/\(area)-word-at-a-\(level.name)",
      "A \(level.name) entry that is neither present nor zero is skipped, and the walk continues."
    ) {
      let step = $0.bytes(level)
      let start = Self.boundary(level, area, $0) - 0x1000
      $0.map(area, .pte, at: start)
      $0.setWord(level, at: start + 0x1000, to: Bits.swap, kind: area.kind)
      $0.map(area, .pte, at: start + 0x1000 + step)
      $0.walk(.pgd, area, from: start, to: start + 0x2000 + step)
    }
  }

  /// `remove_pgd_mapping`: the flush, the root and the ends of the address space.
  mutating func addRootWalks() {
    for area in Area.allCases {
      // A walk whose step is smaller than the size of its level looks at some entries half a million times.
      if !mode.isFolded(.p4d) {
        add(
          "remove-p4d-mapping/\(area)-500-entries",
          "Between two leaves 499 entries of zero are passed over, each in one step."
        ) {
          let start = $0.address(area, Slots(p4d: 1, pte: 0))
          let end = start + $0.bytes(.p4d, 500)
          $0.map(area, .pmd, at: start)
          $0.map(area, .pmd, at: end)
          $0.walk(.p4d, area, from: start, to: end + $0.bytes(.pmd))
        }
      }
      // Defects 35, 36: one flush in every case.
      add("remove-pgd-mapping/\(area)-nothing-mapped", "An empty root ends in one flush.") {
        let base = $0.address(area)
        $0.walk(.pgd, area, from: base, to: base + $0.bytes(.pmd))
      }
      // Defect 27.
      add(
        "remove-pgd-mapping/\(area)-last-below-the-root",
        "The table below the root stays, even when all others are freed."
      ) {
        let base = $0.address(area)
        $0.map(area, .pte, at: base)
        $0.walk(.pgd, area, from: base, to: base + 0x1000)
      }
      add(
        "remove-pgd-mapping/\(area)-boot-tables",
        "Boot-time tables are released, and the one below the root stays."
      ) {
        let base = $0.address(area)
        $0.map(area, .pte, at: base, kind: .boot)
        $0.walk(.pgd, area, from: base, to: base + 0x1000)
      }
      add(
        "remove-pgd-mapping/\(area)-last-slots",
        "The last slots of all tables below the root are found."
      ) {
        var slots = Slots(pmd: 511, pte: 511)
        if $0.layout.mode.isL4Enabled { slots.pud = 511 }
        if $0.layout.mode.isL5Enabled { slots.p4d = 511 }
        let base = $0.address(area, slots)
        $0.map(area, .pte, at: base)
        $0.walk(.pgd, area, from: base, to: base + 0x1000)
      }
      add("remove-pgd-mapping/\(area)-first-slots", "The first slots of all tables are found.") {
        let base = $0.address(area, Slots(p4d: 0, pud: 0, pmd: 0, pte: 0))
        $0.map(area, .pte, at: base)
        $0.walk(.pgd, area, from: base, to: base + 0x1000)
      }
      add("remove-pgd-mapping/\(area)-last-page", "The last page of the area is found.") {
        let end =
          area == .linear
          ? $0.layout.pageOffset &+ $0.layout.kernVirtSize : $0.layout.vmemmapEnd
        $0.map(area, .pte, at: end - 0x1000)
        $0.walk(.pgd, area, from: end - 0x1000, to: end)
      }
    }
    add(
      "remove-pgd-mapping/top-of-the-address-space",
      "Where the next boundary wraps round to 0 the walk ends at its end."
    ) {
      let start = 0 &- $0.bytes(.pmd, 2)
      $0.map(.linear, .pmd, at: start)
      $0.map(.linear, .pte, at: 0 &- 0x3000, count: 2)
      $0.walk(.pgd, .linear, from: start, to: 0 &- 0x1000)
    }
  }
}
