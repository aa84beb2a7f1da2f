// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// `vmemmap_populate` with the altmap of a device: it takes the device's own pages and no others (defects
  /// 15, 16, 52).
  mutating func addPopulationFromAltmaps(_ function: KernelFunction) {
    let name = function.catalogueName
    let section = layout.size(of: .pmd)
    let altmaps: [(String, String, UInt64, UInt64, UInt64, UInt64)] = [
      ("enough", "Two leaves of the device's pages are charged to it.", 0x8000, 0, 0, 2),
      ("exactly", "A device with as many pages as two leaves take.", 0x400, 0, 0, 2),
      ("a-page-short", "A page short of the second leaf: the first stays.", 0x3ff, 0, 0, 2),
      ("none", "A device without room for a leaf.", 0x1ff, 0, 0, 1),
      ("used-up", "A device that has allocated all of its pages.", 0x400, 0, 0x400, 1),
      ("more-than-all", "A device that has allocated more pages than it has.", 0x200, 0, 0x400, 1),
      ("partly-used", "The next pages after the allocated ones.", 0x8000, 0, 0x600, 1),
      ("misaligned", "Pages before the next boundary are lost.", 0x8000, 0x10, 0, 2),
      ("misaligned-exactly", "Room for the lost pages and a leaf.", 0x3f0, 0x10, 0, 1),
      ("misaligned-a-page-short", "A page less than the lost pages and a leaf.", 0x3ef, 0x10, 0, 1),
      ("odd-page-used", "An allocated page loses the rest of its leaf.", 0x8000, 0, 1, 2),
    ]
    for (what, purpose, free, reserve, alloc, sections) in altmaps {
      add("\(name)/altmap-\(what)", purpose) {
        let base = $0.address(.vmemmap, Slots(pte: 0))
        let altmap = $0.altmap(alloc: alloc, free: free, reserve: reserve)
        $0.populate(function, base, base + sections * section, altmap: altmap)
      }
    }
    add("\(name)/altmap-lost-before", "Pages that were lost before count as used.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      let altmap = $0.altmap(alloc: 0x200, free: 0x600, align: 0x1f0)
      $0.populate(function, base, base + section, altmap: altmap)
    }
    add("\(name)/altmap-at-the-bottom", "Page 1 of memory loses the rest of its leaf, too.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      let bottom = $0.layout.ramBase >> AddressLayout.pageShift
      // One page less than a leaf and the pages lost to its alignment.
      let altmap = $0.altmap(
        Scenario.Altmap(
          basePFN: bottom, endPFN: bottom + 0xffff, reserve: 1, free: 0x3fe, alloc: 0))
      $0.populate(function, base, base + section, altmap: altmap)
    }
    add("\(name)/second-altmap", "The pages come from the second of two devices.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      _ = $0.altmap(alloc: 0x200)
      let altmap = $0.altmap(alloc: 0x200)
      $0.populate(function, base, base + section, altmap: altmap)
    }
    add("\(name)/altmap-and-no-memory", "If the tables exist, a device needs no memory.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      _ = $0.table(.pmd, for: base, kind: .vmemmap)
      $0.injected.allocationBudget = 0
      let altmap = $0.altmap(alloc: 0)
      $0.populate(function, base, base + section, altmap: altmap)
    }
    add("\(name)/altmap-and-no-table", "Without memory for a table a device's pages do not help.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.injected.allocationBudget = 0
      let altmap = $0.altmap(alloc: 0)
      $0.populate(function, base, base + section, altmap: altmap)
    }
    add("\(name)/altmap-half-a-section", "A part of a section takes the device's pages, too.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      let altmap = $0.altmap(alloc: 0)
      $0.populate(function, base, base + section / 2, altmap: altmap)
    }
    add("\(name)/altmap-leaf-kept", "An existing leaf is charged to no altmap.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.map(.vmemmap, .pmd, at: base)
      let altmap = $0.altmap(alloc: 0)
      $0.populate(function, base, base + section, altmap: altmap)
    }
  }

  /// `vmemmap_populate` where one allocation fails, or memory runs out, at each allocation in turn.
  mutating func addPopulationWithoutMemory(_ function: KernelFunction) {
    let name = function.catalogueName
    let section = layout.size(of: .pmd)
    // Four pages, and the first page of the next section. Each part takes a block or single pages.
    for last in 1...12 {
      add(
        "\(name)/allocation-\(last)-fails",
        "Pages of two sections, where allocation \(last) fails, if there are that many."
      ) {
        let base = $0.address(.vmemmap, Slots(pte: 0))
        $0.injected.failingAllocation = UInt32(last)
        $0.populate(function, base + section - 0x4000, base + section + 0x1000)
      }
    }
    for budget: UInt32 in 0...7 {
      add(
        "\(name)/memory-for-\(budget)",
        "Pages of two sections, with memory for \(budget) tables and blocks."
      ) {
        let base = $0.address(.vmemmap, Slots(pte: 0))
        $0.injected.allocationBudget = budget
        $0.populate(function, base + section - 0x4000, base + section + 0x1000)
      }
    }
    let tables = mode.levelCount - 1
    add("\(name)/a-section-of-pages", "A section without a block has 512 single pages.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.injected.failingAllocation = UInt32(tables)
      $0.populate(function, base, base + section)
    }
  }
}
