// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension ScenarioBuilder {
  /// Makes the core live, and makes the tables below the root for the linear map and the memmap of a physical
  /// address, as `pgtable_cache_init` does at boot.
  mutating func live(at start: UInt64) {
    core = .live
    preallocate(physical: start)
    let below = layout.mode.levels.last { $0 < .pgd } ?? .pmd
    _ = table(below, for: memmap(of: start), kind: .vmemmap)
  }

  /// The virtual address of the `struct page` of a physical address.
  func memmap(of start: UInt64) -> UInt64 {
    layout.structPage(ofPFN: start >> AddressLayout.pageShift)
  }

  /// Adds the altmap of a device, with nothing handed out. Returns its number.
  mutating func altmap(
    device start: UInt64, size: UInt64, reserve: UInt64 = 0, free: UInt64
  ) -> Int {
    let base = start >> AddressLayout.pageShift
    own(base, count: reserve + free, owner: .altmap)
    return altmap(
      Scenario.Altmap(
        basePFN: base, endPFN: base + size >> AddressLayout.pageShift - 1, reserve: reserve,
        free: free, alloc: 0))
  }

  /// Adds boot memory that ends inside its second section, which starts 128 MiB after the start of RAM, and
  /// the whole memmap of both sections.
  mutating func bootMemory(subsections: UInt64) {
    let start = layout.ramBase
    let size = Memory.section + subsections * MemoryRegion.subsection
    mapLinear(physical: start, size: size, leaf: .pmd, protection: Bits.kernel, kind: .boot)
    mapVmemmap(
      at: memmap(of: start), size: 2 * bytes(.pmd), leaf: .pmd, backing: .reserved,
      protection: Bits.kernel, kind: .boot)
    let number = start / Memory.section
    sections = [
      Scenario.Section(number: number, isEarly: true),
      Scenario.Section(
        number: number + 1, subsections: 1 << subsections - 1, isEarly: true),
    ]
    globals.maxPFN = (start + size) >> AddressLayout.pageShift
    globals.maxLowPFN = globals.maxPFN
  }
}

extension CatalogueBuilder {
  /// Life cycles of memory, from add to removal, with a live core.
  mutating func addLifeCycles() {
    addPlainLifeCycles()
    addNeighbours()
    addBootMemory()
    addRefusals()
    addDeviceLifeCycles()
    addSharedMemmaps()
    addHalfWayFailures()
    addShortages()
  }

  mutating func addLife(
    _ id: String, _ purpose: String, at start: UInt64 = Memory.onSection,
    _ body: (inout ScenarioBuilder) -> Void
  ) {
    add("lifecycle/\(id)", purpose) {
      $0.live(at: start)
      body(&$0)
    }
  }

  private mutating func addPlainLifeCycles() {
    let start = Memory.onSection
    let half: UInt64 = 0x400_0000
    let ranges: [(name: String, what: String, start: UInt64, size: UInt64)] = [
      ("a-section", "A section", start, Memory.section),
      ("a-sub-section", "A sub-section of 2 MiB", start + 0x20_0000, 0x20_0000),
      ("over-a-boundary", "64 MiB of one section and 64 MiB of the next", start + half, 2 * half),
      ("three-sections", "Three sections", start, 3 * Memory.section),
      ("1g", "1 GiB on its boundary", Memory.onPUD, Memory.gib),
    ]
    for (name, what, start, size) in ranges {
      addLife("add-\(name)", "\(what): added, with its memmap.", at: start) {
        $0.add(start, size)
      }
      addLife("add-remove-\(name)", "\(what): added and removed, with its memmap.", at: start) {
        $0.add(start, size)
        $0.removeMemory(start, size)
      }
      addLife("add-remove-add-\(name)", "\(what): added, removed and added again.", at: start) {
        $0.add(start, size)
        $0.removeMemory(start, size)
        $0.add(start, size)
      }
    }
    if mode.isL4Enabled {
      addLife(
        "far-away", "Far away, tables are made by the add and freed by the removal.", at: Memory.far
      ) {
        $0.add(Memory.far + Memory.section, 4 * Memory.section)
        $0.removeMemory(Memory.far + Memory.section, 4 * Memory.section)
      }
    }
    for (name, what, first) in [("same", "the same", UInt64(0)), ("another", "another", 2)] {
      addLife(
        "several-blocks-\(name)-order",
        "Two blocks are added one by one, and removed in \(what) order."
      ) {
        for block in [UInt64(0), 2] { $0.add(start + block * Memory.section, Memory.section) }
        for block in [first, 2 - first] {
          $0.removeMemory(start + block * Memory.section, Memory.section)
        }
      }
    }
    addLife("several-blocks-at-once", "Three blocks are added one by one, and removed in one call.")
    {
      for block in [UInt64(0), 1, 2] { $0.add(start + block * Memory.section, Memory.section) }
      $0.removeMemory(start, 3 * Memory.section)
    }
    addLife("a-block-of-three", "One call adds three sections, and the middle one is removed.") {
      $0.add(start, 3 * Memory.section)
      $0.removeMemory(start + Memory.section, Memory.section)
    }
    addLife("below-the-top", "A block below another lowers max_pfn (hazard H3).") {
      $0.add(start + 4 * Memory.section, Memory.section)
      $0.add(start, Memory.section)
      $0.removeMemory(start + 4 * Memory.section, Memory.section)
    }
    addLife("debug-pagealloc", "Added by pages, removed, and added again.") {
      $0.globals.isDebugPagealloc = true
      for _ in 0..<2 {
        $0.add(start, 0x20_0000)
        $0.removeMemory(start, 0x20_0000)
      }
    }
    addLife("made-up-failure", "An injected failure comes before the core does anything.") {
      $0.injected.addPagesResult = -12
      $0.add(start, Memory.section)
    }
  }

  private mutating func addNeighbours() {
    let start = Memory.onSection
    let half: UInt64 = 0x400_0000
    addLife(
      "neighbours-in-a-section",
      "Two 64 MiB regions share a memmap leaf: the first removal frees it (hazard H1)."
    ) {
      $0.add(start, half)
      $0.add(start + half, half)
      $0.removeMemory(start, half)
      $0.removeMemory(start + half, half)
    }
    addLife(
      "neighbours-together", "One call removes two 64 MiB regions of a section, with their leaf."
    ) {
      $0.add(start + half, half)
      $0.add(start, half)
      $0.removeMemory(start, Memory.section)
    }
    addLife(
      "neighbour-comes-again",
      "The leaf is freed with a neighbour, and made again with it (hazard H1)."
    ) {
      $0.add(start, half)
      $0.add(start + half, half)
      $0.removeMemory(start, half)
      $0.add(start, half)
    }
  }

  private mutating func addBootMemory() {
    let base = layout.ramBase
    let end = base + Memory.section + 32 * MemoryRegion.subsection
    addLife(
      "boot-memory-in-mid-section",
      "Memory that ends in mid-section has a memmap for the rest; adding the rest makes none.",
      at: base
    ) {
      $0.bootMemory(subsections: 32)
      $0.add(end, 32 * MemoryRegion.subsection)
      $0.removeMemory(end, 32 * MemoryRegion.subsection)
    }
    addLife(
      "boot-memory-goes", "Removing boot memory releases its reserved memmap, page by page.",
      at: base
    ) {
      $0.bootMemory(subsections: 32)
      $0.removeMemory(base, Memory.section)
    }
    addLife(
      "boot-memory-comes-again", "Boot memory that was removed is added again as any other.",
      at: base
    ) {
      $0.bootMemory(subsections: 32)
      $0.removeMemory(base, Memory.section)
      $0.add(base, Memory.section)
      $0.removeMemory(base, Memory.section)
    }
    addLife(
      "boot-memory-goes-in-parts", "The memmap of a boot-time section is freed with its last part.",
      at: base
    ) {
      $0.bootMemory(subsections: 32)
      $0.removeMemory(base, 16 * MemoryRegion.subsection)
      $0.removeMemory(base + 16 * MemoryRegion.subsection, 48 * MemoryRegion.subsection)
    }
  }

  private mutating func addRefusals() {
    let start = Memory.onSection
    addLife(
      "less-than-a-sub-section", "Less than 2 MiB is refused, and the mapping is removed again."
    ) {
      $0.add(start, 0x1000)
    }
    addLife("off-a-sub-section", "A start that is not on 2 MiB is refused.") {
      $0.add(start + 0x10_0000, 0x20_0000)
    }
    addLife("remove-what-is-not-there", "The core warns of sections that are not present.") {
      $0.removeMemory(start, 2 * Memory.section)
    }
    addLife(
      "remove-more-than-there-is", "No part of a section is removed if a part is not present."
    ) {
      $0.add(start, 0x400_0000)
      $0.removeMemory(start, Memory.section)
    }
    addLife("remove-off-a-sub-section", "A removal off 2 MiB removes the linear map alone.") {
      $0.add(start, 0x40_0000)
      $0.removeMemory(start + 0x10_0000, 0x10_0000)
    }
    addLife("add-twice", "An add of present memory is refused, and removes its linear map.") {
      $0.add(start, Memory.section)
      $0.add(start, Memory.section)
    }
  }
}
