// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// Creations followed by removals: each call starts from the state that the call before it leaves.
  mutating func addCreationSequences() {
    addPopulationSequences()
    let start = Memory.onSection
    for (name, what, start, size) in Self.regions where size != Memory.gib {
      add("sequence/create-remove-\(name)", "Mapping \(what) and unmapping it leaves nothing.") {
        $0.preallocate(physical: start)
        $0.createLinear(start, start + size)
        $0.removeLinear(start, size)
      }
    }
    add("sequence/create-remove-create", "An unmapped range is mapped again, with new tables.") {
      $0.createLinear(start, start + 0x3000)
      $0.removeLinear(start, 0x3000)
      $0.createLinear(start, start + 0x2000, protection: Bits.readOnly)
    }
    add("sequence/pages-then-leaves", "Leaves behind pages, and all unmapped in one call.") {
      $0.createLinear(start, start + 0x2000, fixed: 0x1000)
      $0.createLinear(start + 0x20_0000, start + 0x60_0000)
      $0.removeLinear(start, 0x60_0000)
    }
    add("sequence/preallocate-then-create", "The preallocated tables are used, and stay.") {
      let va = $0.layout.virtual(ofPhysical: start)
      $0.preallocate(va, va + 1)
      $0.createLinear(start, start + 0x20_0000)
      $0.removeLinear(start, 0x20_0000)
    }
    add("sequence/preallocate-then-add", "Memory is added below a preallocated root.") {
      let va = $0.layout.virtual(ofPhysical: start)
      $0.preallocate(va, va + Memory.section)
      $0.add(start, Memory.section)
      $0.removeMemory(start, Memory.section)
    }
    add("sequence/cache-init-then-populate", "A memmap is populated below a preallocated root.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.call(.pgtableCacheInit)
      $0.populate(base, base + $0.bytes(.pmd))
    }
  }

  private mutating func addPopulationSequences() {
    let section = layout.size(of: .pmd)
    add("sequence/populate-free", "A populated memmap is freed, block and tables.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.populate(base, base + 2 * section)
      $0.remove(.vmemmap, from: base, bytes: 2 * section)
    }
    add("sequence/populate-free-pages", "A memmap of single pages is freed page by page.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.injected.failingAllocation = UInt32($0.layout.mode.levelCount - 1 + 1)
      _ = $0.table(.pmd, for: base + section, kind: .vmemmap)
      $0.populate(base, base + 0x3000)
      $0.populate(base + section, base + section + 0x3000)
      $0.remove(.vmemmap, from: base, bytes: 2 * section)
    }
    add("sequence/populate-twice", "The second call finds nothing left to do.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.populate(base, base + section)
      $0.populate(base, base + section)
    }
    add("sequence/populate-half-and-half", "Two devices of one section share the leaf.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.populate(base, base + section / 2)
      $0.populate(base + section / 2, base + section)
    }
    add("sequence/populate-free-populate", "A freed memmap is populated again.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.populate(base, base + section)
      $0.remove(.vmemmap, from: base, bytes: section)
      $0.populate(base, base + section)
    }
    add("sequence/populate-free-altmap", "A device's pages are charged, and counted back.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      let altmap = $0.altmap(alloc: 0)
      $0.populate(base, base + 2 * section, altmap: altmap)
      $0.remove(.vmemmap, from: base, bytes: 2 * section, altmap: altmap)
    }
    add("sequence/populate-free-two-altmaps", "Two devices, each charged its own.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      let (one, other) = ($0.altmap(alloc: 0), $0.altmap(alloc: 0x40))
      $0.populate(base, base + section, altmap: one)
      $0.populate(base + section, base + 2 * section, altmap: other)
      $0.remove(.vmemmap, from: base + section, bytes: section, altmap: other)
    }
    add("sequence/populate-fails-free", "The part populated before memory ran out is freed.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      let altmap = $0.altmap(alloc: 0, free: 0x200)
      $0.populate(base, base + 2 * section, altmap: altmap)
      $0.remove(.vmemmap, from: base, bytes: 2 * section, altmap: altmap)
    }
    add("sequence/add-populate-free-remove", "A section's life from its add to its removal.") {
      let start = Memory.onSection
      let memmap = $0.layout.structPage(ofPFN: start >> 12)
      $0.preallocate(physical: start)
      $0.add(start, Memory.section)
      $0.populate(memmap, memmap + section)
      $0.remove(.vmemmap, from: memmap, bytes: section)
      $0.removeMemory(start, Memory.section)
    }
  }
}

extension ScenarioBuilder {
  fileprivate mutating func removeLinear(_ start: UInt64, _ size: UInt64) {
    call(.removeLinearMapping) {
      $0.start = start
      $0.size = size
    }
  }
}
