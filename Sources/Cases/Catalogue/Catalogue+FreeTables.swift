// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// `free_pte_table`, `free_pmd_table`, `free_pud_table`, each with a table and its parent entry.
  mutating func addFreeTables() {
    addEmptyTables(.pte, .freePteTable)
    addKeptTables(.pte, .freePteTable)
    addEmptyTables(.pmd, .freePmdTable)
    addKeptTables(.pmd, .freePmdTable)
    if !mode.isFolded(.pud) { addEmptyTables(.pud, .freePudTable) }
    addKeptTables(.pud, .freePudTable)
  }

  // Defects 21, 22, 26, 28-30, 32-34: an empty table is returned to its owner once, after its destructor and
  // before its parent entry is cleared.
  private mutating func addEmptyTables(_ level: Level, _ function: KernelFunction) {
    let area = "free-\(level.name)-table"
    let kinds: [(String, ScenarioBuilder.TableKind, String)] = [
      ("hot-added", .linear, "of the hot-added linear map"),
      ("vmemmap", .vmemmap, "of the vmemmap, which had no constructor,"),
      // Boot code constructs no table.
      ("reserved", .boot, "reserved at boot"),
    ]
    let isBelowRoot = mode.levels.dropLast().last == level
    for (name, kind, which) in kinds {
      // The skipped kinds are no new case: pud tables have no constructor, and just below the root vmemmap
      // tables are preallocated like those of the linear map.
      guard level != .pud || kind == .linear || kind == .boot else { continue }
      guard !isBelowRoot || kind != .vmemmap else { continue }
      for isVmemmap in level == .pmd ? [false, true] : [false] {
        let suffix = isVmemmap ? "-as-vmemmap" : ""
        let how = isVmemmap ? " when the walk is a vmemmap one" : ""
        add(
          "\(area)/empty-\(name)\(suffix)",
          "An empty \(level.name) table \(which) is freed\(how)."
        ) {
          $0.offerTable(
            level, function, slots: Slots(), kind: kind, isVmemmap: isVmemmap ? true : nil)
        }
      }
    }
    let mode = mode
    for (name, slot) in [("first", UInt64(0)), ("last", 511)] {
      add(
        "\(area)/\(name)-parent-slot",
        "An empty \(level.name) table whose parent entry is the \(name) of its area is freed, and"
          + " that entry alone is cleared."
      ) {
        var slots = Slots()
        switch level {
        case .pte: slots.pmd = slot
        case .pmd: slots.pud = slot % (mode.isL4Enabled ? 512 : 128)
        default: slots.p4d = slot % (mode.isL5Enabled ? 512 : 128)
        }
        $0.offerTable(level, function, slots: slots, kind: .linear)
      }
    }
    add(
      "\(area)/beside-an-empty-sibling",
      "Freeing an empty \(level.name) table leaves its neighbour, empty too, alone."
    ) {
      var next = Slots()
      if level == .pte {
        next.pmd += 1
      } else if level == .pmd {
        next.pud += 1
      } else {
        next.p4d += 1
      }
      _ = $0.table(level, for: $0.address(.linear, next))
      $0.offerTable(level, function, slots: Slots(), kind: .linear)
    }
  }

  // Defects 23-25: all 512 entries count, and a word counts unless it is zero.
  private mutating func addKeptTables(_ level: Level, _ function: KernelFunction) {
    let area = "free-\(level.name)-table"
    for slot in [0, 1, 256, 511] {
      add(
        "\(area)/kept-for-slot-\(slot)",
        "A \(level.name) table whose only live entry is number \(slot) is kept."
      ) {
        let value = Scenario.EntryValue.leaf(pfn: 0x20_0000, protection: Bits.kernel)
        $0.offerTable(level, function, slots: Slots(), kind: .linear, entry: (slot, value))
      }
    }
    let words: [(String, UInt64, String)] = [
      ("swap", Bits.swap, "a swap-like word"),
      ("prot-none", Bits.riscv.protNone, "the prot_none bit and no more"),
      ("absent-leaf", Bits.absentLeaf, "a leaf without its present bit"),
      ("accessed-only", Bits.accessedOnly, "the accessed bit and no more"),
      ("pfn-only", 1 << 53, "the highest bit of a PFN and no more"),
      ("top-bit", 1 << 63, "the top bit and no more"),
    ]
    for (name, word, what) in words {
      add(
        "\(area)/kept-for-\(name)",
        "A \(level.name) table in which one entry holds \(what) is not empty and is kept."
      ) {
        $0.offerTable(level, function, slots: Slots(), kind: .linear, entry: (300, .raw(word)))
      }
    }
    add(
      "\(area)/kept-reserved", "A boot-time \(level.name) table with a live entry is kept."
    ) {
      let value = Scenario.EntryValue.leaf(pfn: 0x20_0000, protection: Bits.kernel)
      $0.offerTable(level, function, slots: Slots(), kind: .boot, entry: (9, value))
    }
  }
}

extension ScenarioBuilder {
  /// Makes a table, with one entry if `entry` is set, and calls `free_*_table` on it and its parent entry.
  ///
  /// Sv39 has no pud table, and no walk there passes one. The table below the root stands in for it, with an
  /// entry, so that the call must do nothing.
  fileprivate mutating func offerTable(
    _ level: Level, _ function: KernelFunction, slots: Slots, kind: TableKind,
    isVmemmap: Bool? = nil, entry: (slot: Int, value: Scenario.EntryValue)? = nil
  ) {
    let address = address(.linear, slots)
    let level = layout.mode.isFolded(level) ? .pmd : level
    let number = table(level, for: address, kind: kind)
    if let entry { set(Place(table: number, slot: entry.slot), to: entry.value) }
    let above = layout.mode.levels.first { $0 > level } ?? .pgd
    let parent = place(above, for: address)
    call(function) {
      $0.table = number
      $0.parentTable = parent.table
      $0.parentSlot = parent.slot
      $0.isVmemmap = isVmemmap
    }
  }
}
