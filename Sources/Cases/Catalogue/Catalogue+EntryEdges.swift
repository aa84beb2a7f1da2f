// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// The entry points on a region that shares tables with others, is large, or lies at an end of its area.
  mutating func addEntryEdges() {
    addLinearEdges()
    addMemoryEdges()
    addVmemmapEdges()
  }

  // Defects 8, 44, 46.
  private mutating func addLinearEdges() {
    let start = Memory.onSection
    for (name, side, offset) in [
      ("start-in-a-table", "before", UInt64(0x3000)), ("end-in-a-table", "after", 0),
    ] {
      add("remove-linear-mapping/\(name)", "Pages \(side) the range stay, in the table they share.")
      {
        $0.mapLinear(physical: start, size: 0x6000, leaf: .pte, protection: Bits.kernel)
        $0.call(.removeLinearMapping) {
          $0.start = start + offset
          $0.size = 0x3000
        }
      }
    }
    add("remove-linear-mapping/beyond-4g", "A size of more than 4 GiB is not cut to 32 bits.") {
      let size = 4 * Memory.gib + 0x20_0000
      $0.mapLinear(
        physical: Memory.onPUD, size: 0x20_0000, leaf: .pmd, protection: Bits.kernel)
      $0.mapLinear(
        physical: Memory.onPUD + size - 0x20_0000, size: 0x20_0000, leaf: .pmd,
        protection: Bits.kernel)
      $0.call(.removeLinearMapping) {
        $0.start = Memory.onPUD
        $0.size = size
      }
    }
    add("remove-linear-mapping/end-of-the-map", "The last memory of the linear map is removed.") {
      let end = $0.endOfLinearMap
      $0.mapLinear(
        physical: end - 0x40_0000, size: 0x40_0000, leaf: .pmd, protection: Bits.kernel)
      $0.call(.removeLinearMapping) {
        $0.start = end - 0x40_0000
        $0.size = 0x40_0000
      }
    }
  }

  // Defects 8, 40, 44, 46.
  private mutating func addMemoryEdges() {
    let start = Memory.onSection
    add("arch-add-memory/end-of-the-map", "The last section that can be mapped is added.") {
      let end = $0.endOfLinearMap
      $0.preallocate(physical: end - Memory.section)
      $0.add(end - Memory.section, Memory.section)
    }
    add("arch-add-memory/start-of-ram", "The first section that can be mapped is added.") {
      $0.preallocate(physical: $0.layout.ramBase)
      $0.add($0.layout.ramBase, Memory.section)
    }
    add("arch-add-memory/neighbour-before-eexist", "A failed add leaves a leaf before the region.")
    {
      $0.injected.addPagesResult = -17
      $0.mapLinear(physical: start, size: 0x20_0000, leaf: .pmd, protection: Bits.readOnly)
      $0.add(start + 0x20_0000, 0x20_0000)
    }
    add("arch-remove-memory/neighbours-kept", "Leaves before and after the region stay.") {
      $0.mapLinear(physical: start, size: 0x80_0000, leaf: .pmd, protection: Bits.kernel)
      $0.removeMemory(start + 0x20_0000, 0x40_0000)
    }
    add("arch-remove-memory/pages-beside-kept", "Pages before and after the region stay.") {
      $0.mapLinear(physical: start, size: 0x6000, leaf: .pte, protection: Bits.kernel)
      $0.removeMemory(start + 0x2000, 0x2000)
    }
    add(
      "arch-remove-memory/beyond-4g",
      "A removal of more than 4 GiB passes the full size to the core."
    ) {
      let size = 4 * Memory.gib + 0x20_0000
      $0.mapLinear(
        physical: Memory.onPUD, size: 0x20_0000, leaf: .pmd, protection: Bits.kernel)
      $0.mapLinear(
        physical: Memory.onPUD + size - 0x20_0000, size: 0x20_0000, leaf: .pmd,
        protection: Bits.kernel)
      $0.removeMemory(Memory.onPUD, size)
    }
    if mode.isL4Enabled { addLargeMemory() }
  }

  // Defect 46: addresses, sizes and numbers of pages that fit into no fewer than 45 bits, 41 bits and 33 bits.
  private mutating func addLargeMemory() {
    let tib: UInt64 = 1 << 40
    add(
      "arch-add-memory/beyond-16t",
      "An add of more than 16 TiB passes the full number of pages to the core."
    ) {
      $0.add(Memory.onPUD, 16 * tib + Memory.gib)
    }
    add(
      "arch-remove-memory/beyond-16t",
      "More than 1 TiB is removed above 16 TiB, and the memory 16 TiB below stays."
    ) {
      let start = 16 * tib + Memory.onPUD
      let size = tib + Memory.section
      for leaf in [Memory.onPUD, start, start + size - 0x20_0000] {
        $0.mapLinear(physical: leaf, size: 0x20_0000, leaf: .pmd, protection: Bits.kernel)
      }
      $0.removeMemory(start, size)
    }
  }

  // Defects 12, 18.
  private mutating func addVmemmapEdges() {
    add(
      "vmemmap-free/altmap-then-none",
      "After a call with an altmap one without frees to the page allocator."
    ) {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.map(.vmemmap, .pmd, at: base, backing: .altmap)
      $0.map(.vmemmap, .pmd, at: base + $0.bytes(.pmd))
      let altmap = $0.altmap(alloc: 0x400)
      $0.remove(.vmemmap, from: base, bytes: $0.bytes(.pmd), altmap: altmap)
      $0.remove(.vmemmap, from: base + $0.bytes(.pmd), bytes: $0.bytes(.pmd))
    }
    add("vmemmap-free/end-of-the-area", "The last leaf of the vmemmap is freed.") {
      let end = $0.layout.vmemmapEnd
      $0.map(.vmemmap, .pmd, at: end - $0.bytes(.pmd))
      $0.remove(.vmemmap, from: end - $0.bytes(.pmd), bytes: $0.bytes(.pmd))
    }
    add("vmemmap-free/start-of-the-area", "The first leaf of the vmemmap is freed.") {
      let start = $0.layout.vmemmapStart
      $0.map(.vmemmap, .pmd, at: start)
      $0.remove(.vmemmap, from: start, bytes: $0.bytes(.pmd))
    }
  }
}

extension ScenarioBuilder {
  /// The first physical address that the linear map has no room for: `PAGE_END`, or the end of its window if
  /// that is lower (Sv39, hazard H4).
  fileprivate var endOfLinearMap: UInt64 {
    physical(min(layout.pageEnd, layout.pageOffset &+ layout.kernVirtSize) - 1) + 1
  }
}
