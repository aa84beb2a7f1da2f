// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// `vmemmap_free`: the memmap of a section of 128 MiB is one PMD leaf.
  mutating func addVmemmapFree() {
    // Defect 14; defect 35 in each case.
    for (name, count) in [("a-section", UInt64(1)), ("2-sections", 2), ("8-sections", 8)] {
      add("vmemmap-free/\(name)", "The memmap of \(count) section(s) is freed with its backing.") {
        let base = $0.layout.structPage(ofPFN: Memory.onSection >> 12)
        $0.map(.vmemmap, .pmd, at: base, count: count)
        $0.remove(.vmemmap, from: base, bytes: $0.bytes(.pmd, count))
      }
    }
    // Defect 7, hazard H1.
    let parts: [(String, String, UInt64, UInt64)] = [
      (
        "half-a-section", "The first half of a section: the second half's memmap is freed too.", 0,
        0x10_0000
      ),
      (
        "second-half", "The second half of a section: the first half's memmap is freed too.",
        0x10_0000,
        0x10_0000
      ),
      ("a-page-of-a-section", "A page of memmap: the whole section's is freed.", 0x8000, 0x1000),
      ("a-section-and-a-half", "A section and a half: the memmap of two is freed.", 0, 0x30_0000),
    ]
    for (name, purpose, offset, size) in parts {
      add("vmemmap-free/\(name)", purpose) {
        let base = $0.layout.structPage(ofPFN: Memory.onSection >> 12)
        $0.map(.vmemmap, .pmd, at: base, count: 2)
        $0.remove(.vmemmap, from: base + offset, bytes: size)
      }
    }
    // The fix 21f1b85c8912: the pmd table becomes empty, and it never had a constructor.
    add(
      "vmemmap-free/whole-pmd-table",
      "All 512 leaves of a vmemmap pmd table are freed; so is the table, unless it is below the root."
    ) {
      let base = $0.address(.vmemmap, Slots(pmd: 0, pte: 0))
      $0.map(.vmemmap, .pmd, at: base, count: 512)
      $0.remove(.vmemmap, from: base, bytes: $0.bytes(.pmd, 512))
    }
    add(
      "vmemmap-free/pmd-table-with-another-section",
      "A vmemmap pmd table that holds another section's leaf stays."
    ) {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.map(.vmemmap, .pmd, at: base)
      $0.map(.vmemmap, .pmd, at: $0.address(.vmemmap, Slots(pmd: 400, pte: 0)))
      $0.remove(.vmemmap, from: base, bytes: $0.bytes(.pmd))
    }
    add("vmemmap-free/pages", "A memmap of single pages is freed, each with its backing.") {
      let base = $0.address(.vmemmap)
      $0.map(.vmemmap, .pte, at: base, count: 4)
      $0.remove(.vmemmap, from: base, bytes: 0x4000)
    }
    add("vmemmap-free/pages-and-leaves", "Pages and leaves side by side are freed together.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.map(.vmemmap, .pmd, at: base)
      $0.map(.vmemmap, .pte, at: base + $0.bytes(.pmd), count: 3)
      $0.map(.vmemmap, .pmd, at: base + $0.bytes(.pmd, 2))
      $0.remove(.vmemmap, from: base, bytes: $0.bytes(.pmd, 3))
    }
    add("vmemmap-free/hole", "A section without memmap is skipped.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.map(.vmemmap, .pmd, at: base)
      $0.map(.vmemmap, .pmd, at: base + $0.bytes(.pmd, 2))
      $0.remove(.vmemmap, from: base, bytes: $0.bytes(.pmd, 3))
    }
    add("vmemmap-free/two-pmd-tables", "A range over two pmd tables empties and frees both.") {
      let start = $0.address(.vmemmap, Slots(pmd: 511, pte: 0))
      $0.map(.vmemmap, .pmd, at: start)
      $0.map(.vmemmap, .pmd, at: start + $0.bytes(.pmd))
      $0.remove(.vmemmap, from: start, bytes: $0.bytes(.pmd, 2))
    }
    add("vmemmap-free/twice", "Freeing again finds nothing: no page is freed twice.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.map(.vmemmap, .pmd, at: base)
      $0.remove(.vmemmap, from: base, bytes: $0.bytes(.pmd))
      $0.remove(.vmemmap, from: base, bytes: $0.bytes(.pmd))
    }
    add("vmemmap-free/boot-memmap", "The memmap of boot memory: all of it is reserved.") {
      let base = $0.address(.vmemmap)
      $0.map(.vmemmap, .pte, at: base, count: 3, backing: .reserved, kind: .boot)
      $0.remove(.vmemmap, from: base, bytes: 0x3000)
    }
  }

  /// The owner of the pages that back the memmap, for each size of leaf.
  mutating func addBacking() {
    for level in [Level.pte, .pmd, .pud] {
      let area = "vmemmap-free/\(level.name)"
      // Defects 15, 16, 19-22.
      for (name, backing) in [
        ("allocator", ScenarioBuilder.Backing.allocator), ("reserved", .reserved),
        ("altmap", .altmap),
      ] {
        add(
          "\(area)-backing-\(name)",
          "The backing of a \(level.name) leaf returns to its owner: \(name)."
        ) {
          let base = $0.address(.vmemmap, Slots(pmd: level == .pud ? 0 : 5, pte: 0))
          $0.map(.vmemmap, level, at: base, backing: backing)
          let pages = $0.bytes(level) >> 12
          let altmap = backing == .altmap ? $0.altmap(alloc: pages) : nil
          $0.remove(.vmemmap, from: base, bytes: $0.bytes(level), altmap: altmap)
        }
      }
      // Defect 18, hazard H10.
      add(
        "\(area)-backing-of-another",
        "A \(level.name) leaf that is not the altmap's is charged to it all the same."
      ) {
        let base = $0.address(.vmemmap, Slots(pmd: level == .pud ? 0 : 5, pte: 0))
        $0.map(.vmemmap, level, at: base)
        let altmap = $0.altmap(alloc: 0)
        $0.remove(.vmemmap, from: base, bytes: $0.bytes(level), altmap: altmap)
      }
    }
    // Defect 17.
    add(
      "vmemmap-free/altmap-and-tables",
      "With an altmap its pages are counted back, but the tables return to the page allocator."
    ) {
      let base = $0.address(.vmemmap)
      $0.map(.vmemmap, .pte, at: base, count: 2, backing: .altmap)
      let altmap = $0.altmap(alloc: 2)
      $0.remove(.vmemmap, from: base, bytes: 0x2000, altmap: altmap)
    }
    add(
      "vmemmap-free/altmap-and-boot-tables",
      "With an altmap boot-time tables are still released as reserved pages."
    ) {
      let base = $0.address(.vmemmap)
      $0.map(.vmemmap, .pte, at: base, count: 2, backing: .altmap, kind: .boot)
      let altmap = $0.altmap(alloc: 2)
      $0.remove(.vmemmap, from: base, bytes: 0x2000, altmap: altmap)
    }
    add(
      "vmemmap-free/altmap-partly", "Freeing one section of two leaves half of the altmap's count."
    ) {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.map(.vmemmap, .pmd, at: base, count: 2, backing: .altmap)
      let altmap = $0.altmap(alloc: 0x400)
      $0.remove(.vmemmap, from: base, bytes: $0.bytes(.pmd), altmap: altmap)
    }
    add("vmemmap-free/mixed-backing", "Neighbouring leaves of two owners return each to its own.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.map(.vmemmap, .pmd, at: base)
      $0.map(.vmemmap, .pmd, at: base + $0.bytes(.pmd), backing: .reserved)
      $0.map(.vmemmap, .pmd, at: base + $0.bytes(.pmd, 2))
      $0.remove(.vmemmap, from: base, bytes: $0.bytes(.pmd, 3))
    }
    add("vmemmap-free/two-altmaps", "Two regions count back to their own altmaps, in two calls.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.map(.vmemmap, .pmd, at: base, backing: .device(1))
      $0.map(.vmemmap, .pmd, at: base + $0.bytes(.pmd), backing: .device(2))
      let altmaps = [$0.altmap(alloc: 0x200), $0.altmap(alloc: 0x200)]
      for (index, altmap) in altmaps.enumerated() {
        $0.remove(
          .vmemmap, from: base + $0.bytes(.pmd, UInt64(index)), bytes: $0.bytes(.pmd),
          altmap: altmap)
      }
    }
  }
}
