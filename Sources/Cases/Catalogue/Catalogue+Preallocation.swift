// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// `preallocate_pgd_pages_range` and `pgtable_cache_init`.
  mutating func addPreallocation() {
    addPreallocatedRanges()
    addPreallocationInTheWay()
    addPreallocationWithoutMemory()
    addCacheInit()
  }

  private mutating func addPreallocatedRanges() {
    let slot = layout.size(of: .pgd)
    let start = layout.vmemmapStart & ~(slot - 1)
    let ranges: [(String, String, UInt64, UInt64)] = [
      ("one-slot", "One slot of the root gets a table.", start, start + slot),
      ("three-slots", "Three slots get a table each.", start, start + 3 * slot),
      ("nothing", "An empty range gets none.", start, start),
      ("backward", "A range that ends before it starts gets none.", start, start - slot),
      ("a-byte", "A byte of a slot gets the slot's table.", start + 0x1234, start + 0x1235),
      (
        "over-a-boundary", "A byte on both sides of a boundary.", start + slot - 1, start + slot + 1
      ),
      (
        "odd-start", "The second slot counts from its start on.", start + slot / 2, start + slot + 1
      ),
      ("up-to-a-boundary", "The slot behind the end gets none.", start + slot / 2, start + slot),
      // Defect 51: the next slot begins at 0.
      ("last-slot", "The last slot ends where addresses wrap.", 0 &- slot, 0 &- 1),
      ("last-byte", "The last byte but one.", 0 &- 2, 0 &- 1),
      ("last-two-slots", "The walk ends behind the last slot.", 0 &- slot - 1, 0 &- 0x1000),
      ("up-to-0", "An end of 0 lies before every start.", 0 &- slot, 0),
      (
        "modules", "The area of modules.", AddressLayout.kernelLinkAddress - 0x8000_0000,
        AddressLayout.kernelLinkAddress
      ),
    ]
    for (name, purpose, start, end) in ranges {
      add("preallocate-pgd-pages-range/\(name)", purpose) { $0.preallocate(start, end) }
    }
    add("preallocate-pgd-pages-range/twice", "The second call finds nothing left to do.") {
      $0.preallocate(start, start + 2 * slot)
      $0.preallocate(start, start + 2 * slot)
    }
    add("preallocate-pgd-pages-range/wider", "The second range begins in the first.") {
      $0.preallocate(start, start + 2 * slot)
      $0.preallocate(start + slot, start + 3 * slot)
    }
  }

  // Defect 48: an existing entry stays, whatever it is.
  private mutating func addPreallocationInTheWay() {
    let slot = layout.size(of: .pgd)
    let start = layout.vmemmapStart & ~(slot - 1)
    let below = layout.mode.levels.last { $0 < .pgd } ?? .pmd
    add(
      "preallocate-pgd-pages-range/middle-is-there", "An existing table stays between two new ones."
    ) {
      _ = $0.table(below, for: start + slot, kind: .vmemmap)
      $0.preallocate(start, start + 3 * slot)
    }
    add("preallocate-pgd-pages-range/tables-below", "The tables below a table stay as they are.") {
      $0.map(.vmemmap, .pmd, at: start + slot, protection: Bits.readOnly)
      $0.preallocate(start, start + 2 * slot)
    }
    add("preallocate-pgd-pages-range/boot-table", "A reserved table stays.") {
      _ = $0.table(below, for: start, kind: .boot)
      $0.preallocate(start, start + slot)
    }
    let words: [(String, String, UInt64?)] = [
      ("a-leaf", "A leaf of the root stays.", nil),
      ("a-word", "A word that is neither present nor zero stays.", Bits.swap),
      ("an-absent-leaf", "A leaf without its present bit stays.", Bits.absentLeaf),
      ("an-accessed-bit", "A lone accessed bit stays.", Bits.accessedOnly),
    ]
    for (name, purpose, word) in words {
      add("preallocate-pgd-pages-range/\(name)", purpose) {
        $0.setWord(.pgd, at: start, to: word ?? $0.frame(.pgd) << 10 | Bits.kernel)
        $0.preallocate(start, start + 2 * slot)
      }
    }
  }

  private mutating func addPreallocationWithoutMemory() {
    let slot = layout.size(of: .pgd)
    let start = layout.vmemmapStart & ~(slot - 1)
    for count: UInt32 in 0...3 {
      add(
        "preallocate-pgd-pages-range/memory-for-\(count)-tables",
        "Three slots, and memory for \(count) tables: the kernel panics if these are too few."
      ) {
        $0.injected.allocationBudget = count
        $0.preallocate(start, start + 3 * slot)
      }
      guard count > 0 else { continue }
      add(
        "preallocate-pgd-pages-range/allocation-\(count)-fails",
        "Three slots, and allocation \(count) fails: the kernel panics."
      ) {
        $0.injected.failingAllocation = count
        $0.preallocate(start, start + 3 * slot)
      }
    }
    add("preallocate-pgd-pages-range/no-memory-needed", "Existing tables need no memory.") {
      $0.injected.allocationBudget = 0
      let below = $0.layout.mode.levels.last { $0 < .pgd } ?? .pmd
      _ = $0.table(below, for: start, kind: .vmemmap)
      $0.preallocate(start, start + slot)
    }
  }

  /// `pgtable_cache_init` fills the root slots of one area after another, from vmalloc on. The budgets end at
  /// the first slots, and around the last slot of vmalloc.
  private mutating func addCacheInit() {
    let slot = layout.size(of: .pgd)
    let vmalloc = UInt32((layout.pageOffset - layout.vmallocStart) / slot)
    add("pgtable-cache-init/plain", "Every area of changing kernel mappings has tables.") {
      $0.call(.pgtableCacheInit)
    }
    add("pgtable-cache-init/twice", "The second call finds nothing left to do.") {
      $0.call(.pgtableCacheInit)
      $0.call(.pgtableCacheInit)
    }
    for budget in [0, 1, vmalloc - 1, vmalloc, vmalloc + 1] {
      add(
        "pgtable-cache-init/memory-for-\(budget)-tables",
        "With memory for \(budget) tables the kernel panics."
      ) {
        $0.injected.allocationBudget = budget
        $0.call(.pgtableCacheInit)
      }
    }
    let edges: [(String, UInt64)] = [
      ("vmalloc", layout.vmallocStart), ("vmemmap", layout.vmemmapStart),
      ("direct-map", layout.pageOffset), ("modules", AddressLayout.kernelLinkAddress - slot),
    ]
    for (name, address) in edges {
      add("pgtable-cache-init/\(name)-is-there", "The first table of \(name) exists already.") {
        let below = $0.layout.mode.levels.last { $0 < .pgd } ?? .pmd
        _ = $0.table(below, for: address, kind: .boot)
        $0.call(.pgtableCacheInit)
      }
    }
  }
}

extension ScenarioBuilder {
  mutating func preallocate(_ start: UInt64, _ end: UInt64) {
    call(.preallocatePgdPagesRange) {
      $0.start = start
      $0.end = end
    }
  }
}
