// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension ScenarioBuilder {
  /// Maps the memmap of two neighbouring sections. Returns the address of the first one's.
  fileprivate mutating func twoSections(backing: Backing) -> UInt64 {
    let memmap = layout.structPage(ofPFN: Memory.onSection >> 12)
    map(.vmemmap, .pmd, at: memmap, count: 2, backing: backing)
    return memmap
  }
}

extension CatalogueBuilder {
  /// Bugs of upstream itself: one small state for each listed hazard, in the modes in which a kernel can
  /// reach it, and one for each hazard that no list has. `docs/use/oracle.md` describes how the oracle treats
  /// them.
  mutating func addHazards() {
    addMemmapHazards()
    addLinearHazards()
    addEntryPointHazards()
    addTableHazards()
    addUnlistedHazards()
  }

  private mutating func addMemmapHazards() {
    add(
      "hazard/h1-two-regions-in-one-section",
      "The memmap of two 64 MiB device regions is one leaf: removing the second takes the first's."
    ) {
      let memmap = $0.twoSections(backing: .allocator)
      $0.mapLinear(
        physical: Memory.onSection, size: Memory.section, leaf: .pmd, protection: Bits.kernel)
      $0.remove(.vmemmap, from: memmap + 0x10_0000, bytes: 0x10_0000)
      $0.removeMemory(Memory.onSection + 0x400_0000, 0x400_0000)
    }
    add(
      "hazard/h10-leaf-of-another-altmap",
      "A section's memmap in one device is counted back to another, which gave none."
    ) {
      let memmap = $0.twoSections(backing: .altmap)
      let (given, owner) = ($0.altmap(alloc: 0), $0.altmap(alloc: 0x200))
      let pfn = $0.altmaps[owner - 1].basePFN
      $0.own(pfn, count: 0x200, owner: .altmap)
      $0.mapLeaf(.pmd, at: memmap, pfn: pfn, protection: Bits.kernel, kind: .vmemmap)
      $0.remove(.vmemmap, from: memmap, bytes: $0.bytes(.pmd), altmap: given)
    }
    add(
      "hazard/h10-no-altmap-given",
      "A section's memmap in a device is freed to the page allocator: no altmap is passed."
    ) {
      let memmap = $0.twoSections(backing: .altmap)
      _ = $0.altmap(alloc: 0x400)
      $0.remove(.vmemmap, from: memmap, bytes: $0.bytes(.pmd))
    }
  }

  private mutating func addLinearHazards() {
    // No kernel has leaves in the root, so on Sv39 no two DIMMs share a leaf.
    if mode.isL4Enabled {
      add(
        "hazard/h7-two-dimms-under-one-leaf",
        "Two DIMMs of 512 MiB were mapped by one PUD leaf at boot: removing one unmaps the other."
      ) {
        $0.mapLinear(
          physical: Memory.onPUD, size: 2 * Memory.gib, leaf: .pud, protection: Bits.kernel,
          kind: .boot)
        $0.removeMemory(Memory.onPUD, Memory.gib / 2)
      }
    }
    // Only Sv57 maps 512 GiB with one leaf, and only if RAM begins on a 512 GiB boundary.
    if mode.isL5Enabled {
      add(
        "hazard/h6-leaf-of-512-gib",
        "A P4D leaf is not recognised: a removal walks the memory that it maps as a table."
      ) {
        let size = $0.bytes(.p4d)
        let address = $0.layout.pageOffset + size
        $0.mapLeaf(.p4d, at: address, pfn: size >> 12, protection: Bits.kernel, kind: .boot)
        $0.removeMemory($0.physical(address), size)
      }
    }
  }

  private mutating func addEntryPointHazards() {
    add(
      "hazard/h3-memory-added-below-the-top",
      "RAM ends at 6 GiB and a section is added at 4.5 GiB: max_pfn falls to the section's end."
    ) {
      $0.globals = Scenario.Globals(maxPFN: 0x18_0000, maxLowPFN: 0x18_0000)
      $0.preallocate(physical: 0x1_2000_0000)
      $0.add(0x1_2000_0000, Memory.section)
    }
    // In other modes the range ends where the linear map ends.
    if !mode.isL4Enabled {
      add(
        "hazard/h4-end-of-the-mappable-range",
        "PAGE_END is not in the linear map of Sv39: the range ends where nothing can be mapped."
      ) {
        $0.globals = Scenario.Globals(maxPFN: 0x18_0000, maxLowPFN: 0x18_0000)
        $0.call(.archGetMappableRange)
      }
    }
    add(
      "hazard/h5-no-memory-for-a-table",
      "Memory runs out before a section that needs a pte table is mapped: the kernel stops."
    ) {
      $0.injected.allocationBudget = 0
      $0.globals.isDebugPagealloc = true
      $0.mapLinear(
        physical: Memory.onSection - 0x20_0000, size: 0x20_0000, leaf: .pmd,
        protection: Bits.kernel)
      $0.add(Memory.onSection, Memory.section)
    }
  }

  private mutating func addTableHazards() {
    add(
      "hazard/h2-boot-table-without-constructor",
      "A pte table of boot time never had a constructor: removing its pages runs the destructor."
    ) {
      $0.mapLinear(
        physical: Memory.onSection + 0x20_0000, size: 0x20_0000, leaf: .pmd,
        protection: Bits.kernel)
      $0.mapLinear(
        physical: Memory.onSection, size: 0x4000, leaf: .pte, protection: Bits.kernel, kind: .boot)
      $0.removeMemory(Memory.onSection, 0x4000)
    }
    add(
      "hazard/h8-table-freed-while-linked",
      "A pte table's page is free while the pmd still leads to it, and long before the flush."
    ) {
      $0.mapLinear(
        physical: Memory.onSection + 0x20_0000, size: 0x20_0000, leaf: .pmd,
        protection: Bits.kernel)
      $0.mapLinear(
        physical: Memory.onSection, size: 0x4000, leaf: .pte, protection: Bits.kernel)
      $0.removeMemory(Memory.onSection, 0x4000)
    }
    add(
      "hazard/h8-memmap-freed-before-the-flush",
      "A section's memmap is free while other harts may still reach it through their TLB."
    ) {
      let memmap = $0.twoSections(backing: .reserved)
      $0.remove(.vmemmap, from: memmap, bytes: $0.bytes(.pmd))
    }
    // Only Sv57 frees pud tables: in other modes they are the root, or the table below it.
    if mode.isL5Enabled {
      add(
        "hazard/h9-pud-table-with-a-constructor",
        "A pud table of later kernels has had its constructor, and is freed without a destructor."
      ) {
        $0.mapLinear(
          physical: Memory.onPUD, size: Memory.gib, leaf: .pud, protection: Bits.kernel,
          kind: .constructedLinear)
        $0.removeMemory(Memory.onPUD, Memory.gib)
      }
    }
  }

  /// Adds over mapped memory, which callers of the core never request; and class 50 of the defects, which is
  /// upstream's own.
  private mutating func addUnlistedHazards() {
    add(
      "hazard/unlisted-failed-add-takes-a-mapping",
      "A mapped section is added again, the core refuses, and the failed add removes its mapping."
    ) {
      $0.injected.addPagesResult = -17
      $0.mapLinear(
        physical: Memory.onSection, size: 2 * Memory.section, leaf: .pmd,
        protection: Bits.kernel)
      $0.add(Memory.onSection, Memory.section)
    }
    add(
      "hazard/unlisted-table-in-place-of-a-leaf",
      "If some pages were added, a leaf finds their table and is not made: the rest is a hole."
    ) {
      $0.add(Memory.onSection, 0x4000)
      $0.add(Memory.onSection, 0x20_0000)
    }
    add(
      "hazard/unlisted-memmap-of-a-table",
      "Half of a section has a memmap of single pages, for want of a block; the other half gets none."
    ) {
      let memmap = $0.layout.structPage(ofPFN: Memory.onSection >> 12)
      let half = $0.bytes(.pmd) / 2
      _ = $0.table(.pmd, for: memmap, kind: .vmemmap)
      $0.injected.failingAllocation = 1
      $0.populate(memmap, memmap + half)
      $0.populate(memmap + half, memmap + 2 * half)
    }
    add(
      "hazard/unlisted-leaf-walked-as-a-table",
      "A page is added where a leaf is: the leaf's memory is written as if it were a pte table."
    ) {
      $0.mapLinear(
        physical: Memory.onSection, size: 0x20_0000, leaf: .pmd, protection: Bits.kernel)
      $0.add(Memory.onSection + 0x4000, 0x1000)
    }
  }
}
