// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// Sequences of operations: each starts from the state that the one before it leaves (defects 28, 38, 40
  /// and 49, and every leak that only a second round shows).
  mutating func addSequences() {
    for (name, what, start, size) in Self.regions {
      add(
        "sequence/add-remove-\(name)",
        "Adding \(what) and removing it restores the tables from before."
      ) {
        $0.preallocate(physical: start)
        $0.add(start, size)
        $0.removeMemory(start, size)
      }
    }
    let start = Memory.onSection
    let size: UInt64 = 0x40_0000
    add("sequence/add-remove-add", "Memory can be added again after its removal.") {
      $0.add(start, size)
      $0.removeMemory(start, size)
      $0.add(start, size, protection: Bits.readOnly)
    }
    add("sequence/add-twice", "Adding again changes no entry, even with another protection.") {
      $0.add(start, size)
      $0.add(start, size, node: 1, protection: Bits.readOnly)
    }
    add("sequence/remove-twice", "Removing again finds nothing: no table is freed twice.") {
      $0.mapLinear(physical: start, size: 0x3000, leaf: .pte, protection: Bits.kernel)
      $0.removeMemory(start, 0x3000)
      $0.removeMemory(start, 0x3000)
    }
    add("sequence/add-two-remove-two", "The first of two neighbours is removed, then the second.") {
      $0.add(start, size)
      $0.add(start + size, size)
      $0.removeMemory(start, size)
      $0.removeMemory(start + size, size)
    }
    add("sequence/add-two-remove-both-at-once", "Two neighbours are removed in one call.") {
      $0.add(start, size)
      $0.add(start + size, size)
      $0.removeMemory(start, 2 * size)
    }
    add("sequence/add-high-add-low", "Memory added below other memory lowers max_pfn.") {
      $0.add(start + Memory.gib, size)
      $0.add(start, size)
    }
    add("sequence/add-low-add-high", "Memory added above other memory raises max_pfn.") {
      $0.add(start, size)
      $0.add(start + Memory.gib, size)
    }
    add("sequence/fail-and-fail", "A second failed add finds the state before the first.") {
      $0.injected.addPagesResult = -12
      $0.preallocate(physical: start)
      $0.add(start, size)
      $0.add(start, size)
    }
    add("sequence/fail-and-remove", "Removing after a failed add finds nothing left.") {
      $0.injected.addPagesResult = -17
      $0.preallocate(physical: start)
      $0.add(start, 0x1000)
      $0.removeMemory(start, 0x1000)
    }
    add(
      "sequence/memmap-then-memory",
      "A whole removal: first the memmap of a section, then the section's linear map."
    ) {
      $0.mapLinear(physical: start, size: Memory.section, leaf: .pmd, protection: Bits.kernel)
      let memmap = $0.layout.structPage(ofPFN: start >> 12)
      $0.map(.vmemmap, .pmd, at: memmap)
      $0.remove(.vmemmap, from: memmap, bytes: $0.bytes(.pmd))
      $0.removeMemory(start, Memory.section)
    }
    add(
      "sequence/two-devices-in-a-section",
      "Removing one of two 64 MiB regions of a section frees the memmap of both."
    ) {
      $0.mapLinear(physical: start, size: Memory.section, leaf: .pmd, protection: Bits.kernel)
      let memmap = $0.layout.structPage(ofPFN: start >> 12)
      $0.map(.vmemmap, .pmd, at: memmap)
      for half in [UInt64(0), 1] {
        $0.remove(.vmemmap, from: memmap + half * 0x10_0000, bytes: 0x10_0000)
        $0.removeMemory(start + half * 0x400_0000, 0x400_0000)
      }
    }
    add(
      "sequence/device-with-altmap", "A device's memmap returns to its altmap, then it is removed."
    ) {
      $0.mapLinear(physical: start, size: Memory.section, leaf: .pmd, protection: Bits.kernel)
      let memmap = $0.layout.structPage(ofPFN: start >> 12)
      $0.map(.vmemmap, .pmd, at: memmap, backing: .altmap)
      let altmap = $0.altmap(alloc: 0x200)
      $0.remove(.vmemmap, from: memmap, bytes: $0.bytes(.pmd), altmap: altmap)
      $0.removeMemory(start, Memory.section, altmap: altmap, pgmap: 1)
    }
    add("sequence/page-by-page", "A pte table is freed with the last of its pages, not before.") {
      let base = $0.address(.vmemmap)
      $0.map(.vmemmap, .pte, at: base, count: 3)
      for page in [UInt64(1), 0, 2] {
        $0.remove(.vmemmap, from: base + page << 12, bytes: 0x1000)
      }
    }
    add("sequence/leaf-by-leaf", "A vmemmap pmd table is freed with the last of its leaves.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.map(.vmemmap, .pmd, at: base, count: 3)
      for leaf in [UInt64(2), 0, 1] {
        $0.remove(.vmemmap, from: base + leaf << 21, bytes: $0.bytes(.pmd))
      }
    }
    add("sequence/range-before-and-after", "The mappable range is the same after memory was added.")
    {
      $0.call(.archGetMappableRange)
      $0.add(start, size)
      $0.call(.archGetMappableRange)
    }
    add("sequence/debug-pagealloc", "Added by pages, removed, and added again.") {
      $0.globals.isDebugPagealloc = true
      $0.preallocate(physical: start)
      $0.add(start, 0x3000)
      $0.removeMemory(start, 0x3000)
      $0.add(start, 0x2000)
    }
  }
}
