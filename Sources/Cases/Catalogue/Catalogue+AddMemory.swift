// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension ScenarioBuilder {
  /// Makes the table below the root for a physical address of the linear map, as
  /// `preallocate_pgd_pages_range` does at boot.
  mutating func preallocate(physical start: UInt64) {
    let below = layout.mode.levels.last { $0 < .pgd } ?? .pmd
    _ = table(below, for: layout.virtual(ofPhysical: start))
  }

  mutating func add(
    _ start: UInt64, _ size: UInt64, node: Int32 = 0, protection: UInt64 = Bits.kernel,
    altmap: Int? = nil, pgmap: Int? = nil
  ) {
    call(.archAddMemory) {
      $0.start = start
      $0.size = size
      $0.node = node
      $0.protection = protection
      $0.altmap = altmap
      $0.pgmap = pgmap
    }
  }

  mutating func removeMemory(
    _ start: UInt64, _ size: UInt64, altmap: Int? = nil, pgmap: Int? = nil
  ) {
    call(.archRemoveMemory) {
      $0.start = start
      $0.size = size
      $0.altmap = altmap
      $0.pgmap = pgmap
    }
  }
}

extension CatalogueBuilder {
  /// The memory that most groups add: a name for ids, a phrase for purposes, the physical start, and the size
  /// in bytes.
  static let regions: [(name: String, what: String, start: UInt64, size: UInt64)] = [
    ("a-page", "a page", Memory.onSection, 0x1000),
    ("2m", "2 MiB, a PMD leaf,", Memory.onSection, 0x20_0000),
    ("a-section", "a section of 64 PMD leaves", Memory.onSection, Memory.section),
    ("1g", "1 GiB on its boundary", Memory.onPUD, Memory.gib),
    ("1g-unaligned", "1 GiB over a GiB boundary", Memory.onSection, Memory.gib),
    ("2m-and-a-page", "2 MiB and a page", Memory.onSection, 0x20_1000),
    ("a-page-before-2m", "a page and 2 MiB", Memory.onSection - 0x1000, 0x20_1000),
  ]

  /// `arch_add_memory` and `arch_get_mappable_range`.
  mutating func addAddMemory() {
    // Defect 44, hazard H4.
    add("arch-get-mappable-range/plain", "The range is that of the linear map, inclusive.") {
      $0.call(.archGetMappableRange)
    }
    add(
      "arch-get-mappable-range/any-max-pfn", "The range does not depend on how much RAM there is."
    ) {
      $0.globals = Scenario.Globals(maxPFN: 0x123_4567, maxLowPFN: 0x7654)
      $0.call(.archGetMappableRange)
    }
    // Defects 39, 41, 43, 46, 47, 49.
    for (name, what, start, size) in Self.regions {
      add("arch-add-memory/\(name)", "Adding \(what) below a preallocated table.") {
        $0.preallocate(physical: start)
        $0.add(start, size)
      }
    }
    if mode.isL4Enabled {
      add("arch-add-memory/far-away", "Adding a section beyond 512 GiB, where no table exists.") {
        $0.add(Memory.far, Memory.section)
      }
      add(
        "arch-add-memory/512g",
        "Adding 512 GiB that are aligned in physical addresses only maps PUD leaves, no larger."
      ) { $0.add(0x80_0000_0000, 0x80_0000_0000) }
      add("arch-add-memory/3g", "Adding 3 GiB and 2 MiB maps PUD leaves and one PMD leaf.") {
        $0.add(Memory.onPUD, 3 * Memory.gib + 0x20_0000)
      }
    }
    add("arch-add-memory/empty-root", "Adding where not even the table below the root exists.") {
      $0.add(Memory.onSection, 0x40_0000)
    }
    add("arch-add-memory/debug-pagealloc", "With debug_pagealloc 2 MiB are mapped by 512 pages.") {
      $0.globals.isDebugPagealloc = true
      $0.preallocate(physical: Memory.onSection)
      $0.add(Memory.onSection, 0x20_0000)
    }
    addMaximumPFN()
    addProtections()
    addExisting()
  }

  // Defects 38, 39, hazard H3.
  private mutating func addMaximumPFN() {
    let end = (Memory.onSection + 0x20_0000) >> 12
    for (name, what, maximum) in [
      ("above-max-pfn", "above max_pfn raises it", end - 0x200),
      ("up-to-max-pfn", "up to max_pfn leaves it", end),
      ("below-max-pfn", "below max_pfn lowers it as well", end + 0x8_0000),
      ("from-no-memory", "where max_pfn is 0 sets it", 0),
    ] {
      add("arch-add-memory/\(name)", "Adding memory \(what).") {
        $0.globals = Scenario.Globals(maxPFN: maximum, maxLowPFN: maximum)
        $0.preallocate(physical: Memory.onSection)
        $0.add(Memory.onSection, 0x20_0000)
      }
    }
    add("arch-add-memory/max-low-pfn-apart", "max_low_pfn follows max_pfn, wherever it was.") {
      $0.globals = Scenario.Globals(maxPFN: 0x10_0000, maxLowPFN: 0x4_0000)
      $0.preallocate(physical: Memory.onSection)
      $0.add(Memory.onSection, 0x20_0000)
    }
  }

  // Defects 45, 46, 52.
  private mutating func addProtections() {
    for (name, protection) in [
      ("read-only", Bits.readOnly), ("no-cache", Bits.noCache), ("not-global", Bits.notGlobal),
      ("executable", Bits.kernel | Bits.riscv.execute),
    ] {
      add("arch-add-memory/protection-\(name)", "The caller's protection, \(name), is mapped.") {
        $0.preallocate(physical: Memory.onSection)
        $0.add(Memory.onSection, 0x20_1000, protection: protection)
      }
    }
    for node: Int32 in [-1, 1, 2, 3, 300] {
      let name = node < 0 ? "node-none" : "node-\(node)"
      add("arch-add-memory/\(name)", "The core gets node \(node).") {
        $0.preallocate(physical: Memory.onSection)
        $0.add(Memory.onSection, 0x20_0000, node: node)
      }
    }
    add("arch-add-memory/altmap", "The altmap is passed on to the core.") {
      $0.preallocate(physical: Memory.onSection)
      let altmap = $0.altmap(alloc: 0)
      $0.add(Memory.onSection, 0x20_0000, altmap: altmap)
    }
    add("arch-add-memory/device-read-only", "A device's own protection is mapped, too.") {
      $0.preallocate(physical: Memory.onSection)
      let altmap = $0.altmap(alloc: 0)
      $0.add(
        Memory.onSection, 0x20_0000, protection: Bits.readOnly, altmap: altmap, pgmap: 1)
    }
    add("arch-add-memory/altmap-and-pgmap", "The second altmap and the third pgmap are passed on.")
    {
      $0.preallocate(physical: Memory.onSection)
      _ = $0.altmap(alloc: 0)
      let altmap = $0.altmap(alloc: 0)
      $0.add(Memory.onSection, 0x20_0000, altmap: altmap, pgmap: 3)
    }
  }

  // Defect 48: existing entries stay.
  private mutating func addExisting() {
    let start = Memory.onSection
    add("arch-add-memory/existing-leaf", "An existing PMD leaf stays as it is.") {
      $0.mapLinear(physical: start, size: 0x20_0000, leaf: .pmd, protection: Bits.readOnly)
      $0.add(start, 0x40_0000)
    }
    add(
      "arch-add-memory/existing-page", "An existing page stays, and its neighbour is new."
    ) {
      $0.mapLinear(physical: start, size: 0x1000, leaf: .pte, protection: Bits.readOnly)
      $0.add(start, 0x2000)
    }
    add("arch-add-memory/existing-table", "A pte table in the place of a PMD leaf stays.") {
      $0.mapLinear(physical: start, size: 0x3000, leaf: .pte, protection: Bits.readOnly)
      $0.add(start, 0x40_0000)
    }
    add("arch-add-memory/existing-word", "A word that is neither present nor zero stays.") {
      $0.setWord(.pmd, at: $0.layout.virtual(ofPhysical: start), to: Bits.swap)
      $0.add(start, 0x40_0000)
    }
    if mode.isL4Enabled {
      add("arch-add-memory/existing-pmd-table", "A pmd table in the place of a PUD leaf stays.") {
        $0.mapLinear(
          physical: Memory.onPUD, size: 0x20_0000, leaf: .pmd, protection: Bits.readOnly)
        $0.add(Memory.onPUD, 2 * Memory.gib)
      }
    }
  }
}
