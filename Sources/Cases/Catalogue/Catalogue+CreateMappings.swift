// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// `create_pte_mapping` to `create_pgd_mapping`, each with a table of its own level. For a folded level
  /// that table is the root, as for the walkers.
  mutating func addCreateMappings() {
    for level in [Level.pte, .pmd, .pud, .p4d, .pgd] {
      addCreatedLeaves(level)
      addCreatedSizes(level)
      guard level > .pte else { continue }
      addCreatedTables(level)
      addCreationInTheWay(level)
      addCreationWithoutMemory(level)
    }
  }

  // Defect 48: an existing entry stays, and so do its neighbours.
  private mutating func addCreatedLeaves(_ level: Level) {
    let name = "create-\(level.name)-mapping"
    add("\(name)/leaf-into-empty", "An empty entry becomes a leaf of the caller's protection.") {
      $0.create(level, at: $0.address(.linear, .low(level)), protection: Bits.noCache)
    }
    add("\(name)/leaf-between-leaves", "The leaves before and behind stay as they are.") {
      let address = $0.address(.linear, .low(level))
      for side in [address - $0.bytes(level), address + $0.bytes(level)] {
        $0.mapLeaf(level, at: side, pfn: $0.frame(level), protection: Bits.readOnly)
      }
      $0.create(level, at: address)
    }
    let others: [(String, String, UInt64?)] = [
      ("leaf-kept", "An existing leaf stays, whatever the call requests.", nil),
      ("word-kept", "A word that is neither present nor zero stays.", Bits.swap),
      ("absent-leaf-kept", "A leaf whose present bit was taken away stays.", Bits.absentLeaf),
      ("prot-none-kept", "A leaf that is present only for the kernel stays.", Bits.protNoneLeaf),
    ]
    for (place, purpose, word) in others {
      add("\(name)/\(place)", purpose) {
        let address = $0.address(.linear, .low(level))
        let entry = $0.place(level, for: address)
        let leaf = Scenario.EntryValue.leaf(pfn: $0.frame(level), protection: Bits.readOnly)
        $0.set(entry, to: word.map { .raw($0) } ?? leaf)
        $0.create(level, at: address)
      }
    }
    for (edge, slot) in [("first", UInt64(0)), ("last", 511)] {
      add("\(name)/\(edge)-slot", "The \(edge) slot of a table is as good as any.") {
        let address = $0.address(.linear, .low(level)) & ~($0.bytes(level, 512) - 1)
        $0.create(level, at: address &+ slot * $0.bytes(level))
      }
    }
    add("\(name)/odd-bytes", "Both addresses are rounded down to a page.") {
      $0.create(
        level, at: $0.address(.linear, .low(level)) + 0x801, physical: Memory.onPUD + 0x902)
    }
  }

  // The kernel tests the size for equality with each level's; any other size reaches the pte level, which is
  // a BUG.
  private mutating func addCreatedSizes(_ level: Level) {
    let sizes: [(String, String, UInt64)] = [
      ("two-pages", "Two pages at once are a BUG.", 0x2000),
      ("nothing", "No bytes at once are a BUG.", 0),
      ("level-above", "A size above the level's is a BUG.", layout.size(of: level) << 9),
      ("a-byte-more", "A byte more than the level's size is a BUG.", layout.size(of: level) + 1),
    ]
    for (size, purpose, bytes) in sizes {
      add("create-\(level.name)-mapping/size-\(size)", purpose) {
        $0.create(level, at: $0.address(.linear), size: bytes)
      }
    }
  }

  // Defect 49: a new table is zeroed, and constructed if its level requires it; an existing one is used.
  private mutating func addCreatedTables(_ level: Level) {
    let name = "create-\(level.name)-mapping"
    add(
      "\(name)/page-into-empty", "A page makes all tables down to the pte, each empty but for it."
    ) {
      $0.create(level, at: $0.address(.linear), size: 0x1000)
    }
    add("\(name)/page-twice-beside", "A second page finds the tables of the first.") {
      let address = $0.address(.linear)
      $0.create(level, at: address, size: 0x1000)
      $0.create(level, at: address + 0x3000, size: 0x1000, protection: Bits.readOnly)
    }
    add("\(name)/page-again", "An existing page stays, with its first protection.") {
      let address = $0.address(.linear)
      $0.create(level, at: address, size: 0x1000)
      $0.create(level, at: address, size: 0x1000, protection: Bits.readOnly)
    }
    add("\(name)/page-into-tables", "If all tables exist, no memory is allocated.") {
      let address = $0.address(.linear)
      $0.injected.allocationBudget = 0
      $0.map(.linear, .pte, at: address + 0x1000, protection: Bits.readOnly)
      $0.create(level, at: address, size: 0x1000)
    }
    add("\(name)/page-into-boot-tables", "Tables of boot time are used as they are.") {
      let address = $0.address(.linear)
      $0.map(.linear, .pte, at: address + 0x1000, protection: Bits.readOnly, kind: .boot)
      $0.create(level, at: address, size: 0x1000)
    }
    add(
      "\(name)/leaf-over-a-table",
      "A table in the place of the leaf stays, and everything below it."
    ) {
      let address = $0.address(.linear)
      $0.map(.linear, .pte, at: address, protection: Bits.readOnly)
      $0.create(level, at: address)
    }
    for lower in [Level.pmd, .pud, .p4d] where lower < level && !mode.isFolded(lower) {
      add("\(name)/\(lower.name)-leaf", "A \(lower.name) leaf makes the tables above it alone.") {
        $0.create(level, at: $0.address(.linear, .low(lower)), size: $0.bytes(lower))
      }
    }
    add("\(name)/last-slots", "A page in the last slot of every table.") {
      let address = $0.address(.linear, Slots(p4d: 0, pud: 511, pmd: 511, pte: 511))
      $0.create(level, at: address, size: 0x1000)
    }
  }

  // Defect 48, hazard H6: the function walks an entry that is not a table as if it were one.
  private mutating func addCreationInTheWay(_ level: Level) {
    let name = "create-\(level.name)-mapping"
    let words: [(String, String, UInt64?)] = [
      ("a-leaf", "A leaf in the way is walked as a table.", nil),
      ("a-word", "A word in the way that is no pointer is walked as a table.", Bits.swap),
      ("an-absent-leaf", "A leaf without its present bit is walked as a table.", Bits.absentLeaf),
    ]
    for (what, purpose, word) in words {
      add("\(name)/page-through-\(what)", purpose) {
        let address = $0.address(.linear)
        let entry = $0.place(level, for: address)
        let leaf = Scenario.EntryValue.leaf(pfn: $0.frame(level), protection: Bits.kernel)
        $0.set(entry, to: word.map { .raw($0) } ?? leaf)
        $0.create(level, at: address, size: 0x1000)
      }
    }
    guard level > .pmd, !mode.isFolded(level) else { return }
    add("\(name)/page-through-a-leaf-below", "A PMD leaf in the way is walked as a pte table.") {
      let address = $0.address(.linear)
      $0.map(.linear, .pmd, at: address & ~($0.bytes(.pmd) - 1), protection: Bits.readOnly)
      $0.create(level, at: address, size: 0x1000)
    }
  }

  // Hazard H5: the allocation of each table fails in turn.
  private mutating func addCreationWithoutMemory(_ level: Level) {
    for last in 1...4 {
      add(
        "create-\(level.name)-mapping/allocation-\(last)-fails",
        "A page into an empty table, where allocation \(last) fails, if there are that many."
      ) {
        $0.injected.failingAllocation = UInt32(last)
        $0.create(level, at: $0.address(.linear), size: 0x1000)
      }
    }
    add("create-\(level.name)-mapping/no-memory", "A page into an empty table, without memory.") {
      $0.injected.allocationBudget = 0
      $0.create(level, at: $0.address(.linear), size: 0x1000)
    }
  }
}

extension Slots {
  /// The default slots from the root down to a level, and slot 0 in every table below it.
  fileprivate static func low(_ level: Level) -> Slots {
    Slots(pud: level <= .pud ? 2 : 0, pmd: level <= .pmd ? 5 : 0, pte: level <= .pte ? 7 : 0)
  }
}

extension ScenarioBuilder {
  /// Calls the `create_*_mapping` of a level on its table for an address, and makes that table if necessary.
  /// By default the call maps the memory at this address of the linear map, with the size of the level.
  mutating func create(
    _ level: Level, at address: UInt64, physical pa: UInt64? = nil, size: UInt64? = nil,
    protection: UInt64 = Bits.kernel
  ) {
    let table = table(level, for: address)
    let mapped = pa ?? physical(address)
    let bytes = size ?? bytes(level)
    call(KernelFunction.that(.maps, at: level) ?? .createPgdMapping) {
      $0.table = table
      $0.start = address
      $0.physical = mapped
      $0.blockSize = bytes
      $0.protection = protection
    }
  }
}
