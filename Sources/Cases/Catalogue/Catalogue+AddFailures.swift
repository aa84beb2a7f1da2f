// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// `arch_add_memory` where `__add_pages` fails or memory runs out.
  mutating func addAddFailures() {
    let failures: [(name: String, code: Int32)] = [
      ("eexist", -17), ("enomem", -12), ("einval", -22),
    ]
    // Defects 39-41.
    for (name, what, start, size) in Self.regions {
      for (failure, code) in failures where name == "2m" || failure == "enomem" {
        add(
          "arch-add-memory/\(name)-\(failure)",
          "Adding \(what) fails with \(code): the mapping and its tables are removed, max_pfn stays."
        ) {
          $0.injected.addPagesResult = code
          $0.preallocate(physical: start)
          $0.add(start, size)
        }
      }
    }
    if mode.isL4Enabled {
      add(
        "arch-add-memory/far-away-enomem",
        "A failed add far away leaves one table below the root."
      ) {
        $0.injected.addPagesResult = -12
        $0.add(Memory.far, Memory.section)
      }
      add("arch-add-memory/3g-eexist", "A failed add of 3 GiB removes its PUD leaves.") {
        $0.injected.addPagesResult = -17
        $0.add(Memory.onPUD, 3 * Memory.gib + 0x20_0000)
      }
    }
    add("arch-add-memory/debug-pagealloc-enomem", "A failed add by pages frees its pte table.") {
      $0.injected.addPagesResult = -12
      $0.globals.isDebugPagealloc = true
      $0.preallocate(physical: Memory.onSection)
      $0.add(Memory.onSection, 0x20_0000)
    }
    add(
      "arch-add-memory/existing-leaf-eexist",
      "A failed add removes a leaf that was there before it."
    ) {
      $0.injected.addPagesResult = -17
      $0.mapLinear(
        physical: Memory.onSection, size: 0x20_0000, leaf: .pmd, protection: Bits.readOnly)
      $0.add(Memory.onSection, 0x40_0000)
    }
    add(
      "arch-add-memory/neighbour-eexist", "A failed add leaves a neighbour's leaf and the table."
    ) {
      $0.injected.addPagesResult = -17
      $0.mapLinear(
        physical: Memory.onSection + 0x20_0000, size: 0x20_0000, leaf: .pmd,
        protection: Bits.readOnly)
      $0.add(Memory.onSection, 0x20_0000)
    }
    // Hazard H5: a failed table allocation is a BUG. A page needs one table on each level below the root.
    for budget: UInt32 in 0...4 {
      add(
        "arch-add-memory/memory-for-\(budget)-tables",
        "Adding a page to an empty root with memory for \(budget) tables."
      ) {
        $0.injected.allocationBudget = budget
        $0.add(Memory.onSection, 0x1000)
      }
    }
  }

  /// `arch_remove_memory`.
  mutating func addRemoveMemory() {
    // Defects 42, 46, 52.
    for (name, what, start, size) in Self.regions {
      add("arch-remove-memory/\(name)", "Removing \(what) mapped as hot-add maps it.") {
        let level: Level = size < 0x20_0000 ? .pte : .pmd
        let end = start + size
        let first = (start + 0x1f_ffff) & ~0x1f_ffff
        if level == .pte || first > start {
          $0.mapLinear(
            physical: start, size: min(first > start ? first - start : size, size), leaf: .pte,
            protection: Bits.kernel)
        }
        if level == .pmd {
          let last = end & ~0x1f_ffff
          $0.mapLinear(
            physical: first, size: last - first, leaf: .pmd, protection: Bits.kernel)
          $0.mapLinear(physical: last, size: end - last, leaf: .pte, protection: Bits.kernel)
        }
        $0.removeMemory(start, size)
      }
    }
    let handed: [(String, String, Int, Int?)] = [
      ("altmap", "The altmap is passed on to the core.", 1, nil),
      ("pgmap", "The pgmap is passed on to the core.", 0, 1),
      ("altmap-and-pgmap", "The second altmap and the fourth pgmap are passed on.", 2, 4),
    ]
    for (name, purpose, altmaps, pgmap) in handed {
      add("arch-remove-memory/\(name)", purpose) {
        $0.mapLinear(
          physical: Memory.onSection, size: 0x20_0000, leaf: .pmd, protection: Bits.kernel)
        for _ in 0..<altmaps { _ = $0.altmap(alloc: 0x40) }
        $0.removeMemory(
          Memory.onSection, 0x20_0000, altmap: altmaps > 0 ? altmaps : nil, pgmap: pgmap)
      }
    }
    add("arch-remove-memory/nothing-mapped", "The core is called for unmapped memory too.") {
      $0.removeMemory(Memory.onSection, Memory.section)
    }
    add("arch-remove-memory/a-pud-leaf", "Removing 1 GiB that a PUD leaf maps.") {
      $0.mapLinear(
        physical: Memory.onPUD, size: Memory.gib, leaf: .pud, protection: Bits.kernel)
      $0.removeMemory(Memory.onPUD, Memory.gib)
    }
    // Hazard H7, defect 8.
    add(
      "arch-remove-memory/a-section-of-a-pud-leaf",
      "Removing a section of 1 GiB that a PUD leaf maps takes all of it."
    ) {
      $0.mapLinear(
        physical: Memory.onPUD, size: Memory.gib, leaf: .pud, protection: Bits.kernel)
      $0.removeMemory(Memory.onSection, Memory.section)
    }
    add("arch-remove-memory/max-pfn-stays", "Removing the last memory leaves max_pfn.") {
      let end = (Memory.onSection + 0x20_0000) >> 12
      $0.globals = Scenario.Globals(maxPFN: end, maxLowPFN: end)
      $0.mapLinear(
        physical: Memory.onSection, size: 0x20_0000, leaf: .pmd, protection: Bits.kernel)
      $0.removeMemory(Memory.onSection, 0x20_0000)
    }
  }
}
