// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// `vmemmap_set_pmd` and `vmemmap_check_pmd`, then `vmemmap_populate` and, where a subject has the generic
  /// code of a kernel, `vmemmap_populate_hugepages`, which must do the same.
  mutating func addMemmapPopulation() {
    addMemmapHooks()
    for function in [KernelFunction.vmemmapPopulate, .vmemmapPopulateHugepages] {
      addPopulatedRanges(function)
      addPopulationInTheWay(function)
      addPopulationFromAltmaps(function)
      addPopulationWithoutMemory(function)
    }
  }

  private mutating func addMemmapHooks() {
    let blocks: [(String, String, UInt64)] = [
      ("block", "The block becomes a leaf of kernel data.", Memory.onSection),
      ("odd-bytes", "A block inside of a page is that page's.", Memory.onSection + 0xfff),
      ("page", "A block at an odd page is mapped as it is.", Memory.onSection + 0x7000),
      ("last-page", "The last page that an entry can name.", (1 << 56) - 0x1000),
    ]
    for (name, purpose, physical) in blocks {
      add("vmemmap-set-pmd/\(name)", purpose) {
        $0.setPmd($0.place(.pmd, for: $0.address(.vmemmap), kind: .vmemmap), physical)
      }
    }
    add("vmemmap-set-pmd/last-slot", "The last slot of a table; the one before it stays.") {
      let address = $0.address(.vmemmap, Slots(pmd: 511))
      $0.map(.vmemmap, .pmd, at: address - $0.bytes(.pmd))
      $0.setPmd($0.place(.pmd, for: address, kind: .vmemmap), Memory.onSection)
    }
    add("vmemmap-set-pmd/over-a-leaf", "The old entry is overwritten: the caller has checked it.") {
      let address = $0.address(.vmemmap, Slots(pte: 0))
      $0.map(.vmemmap, .pmd, at: address, protection: Bits.readOnly)
      $0.setPmd($0.place(.pmd, for: address, kind: .vmemmap), Memory.onSection)
    }
    let words: [(String, String, UInt64)] = [
      ("leaf", "A leaf is populated.", 0x12_3400 << 10 | Bits.kernel),
      ("word", "A word that is neither present nor zero counts as populated.", Bits.swap),
      ("nothing", "An empty entry counts as populated: the caller has checked it.", 0),
    ]
    for (name, purpose, word) in words {
      add("vmemmap-check-pmd/\(name)", purpose) {
        let entry = $0.place(.pmd, for: $0.address(.vmemmap), kind: .vmemmap)
        if word != 0 { $0.set(entry, to: .raw(word)) }
        $0.checkPmd(entry)
      }
    }
    // Defect 50.
    add("vmemmap-check-pmd/table", "A table counts as populated, even with holes in it.") {
      let address = $0.address(.vmemmap)
      $0.map(.vmemmap, .pte, at: address)
      $0.checkPmd($0.place(.pmd, for: address, kind: .vmemmap))
    }
  }

  private mutating func addPopulatedRanges(_ function: KernelFunction) {
    let name = function.catalogueName
    let section = layout.size(of: .pmd)
    let ranges: [(String, String, UInt64, UInt64)] = [
      (
        "a-section", "A section's memmap is one leaf, with tables that have no constructor.", 0,
        section
      ),
      ("three-sections", "Three leaves in one table.", 0, 3 * section),
      ("first-half", "Half of a section gets the whole leaf.", 0, section / 2),
      (
        "second-half", "The second half of a section also gets the whole leaf.", section / 2,
        section
      ),
      ("one-and-a-half", "A part of the next section has a leaf, too.", 0, section + section / 2),
      (
        "over-a-boundary", "A page on both sides of a boundary has two leaves.", section - 0x1000,
        section + 0x1000
      ),
      ("a-page", "A page has a leaf.", 0x7000, 0x8000),
    ]
    for (range, purpose, start, end) in ranges {
      add("\(name)/\(range)", purpose) {
        let base = $0.address(.vmemmap, Slots(pte: 0))
        $0.populate(function, base + start, base + end)
      }
    }
    add("\(name)/over-pmd-tables", "Sections on both sides of a PUD boundary have two tables.") {
      let middle = $0.address(.vmemmap, Slots(pud: 3, pmd: 0, pte: 0))
      $0.populate(function, middle - section, middle + section)
    }
    add("\(name)/below-the-root", "Only the table below the root is there.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      let below = $0.layout.mode.levels.last { $0 < .pgd } ?? .pmd
      _ = $0.table(below, for: base, kind: .vmemmap)
      $0.populate(function, base, base + section)
    }
    add("\(name)/tables-are-there", "If all tables exist, only the block is allocated.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      _ = $0.table(.pmd, for: base, kind: .vmemmap)
      $0.injected.allocationBudget = 1
      $0.populate(function, base, base + section)
    }
    add("\(name)/node", "Another node makes no difference: there is one allocator.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.populate(function, base, base + section, node: 1)
    }
  }

  // Defects 48, 50.
  private mutating func addPopulationInTheWay(_ function: KernelFunction) {
    let name = function.catalogueName
    let section = layout.size(of: .pmd)
    add("\(name)/leaf-between", "A section that has its leaf keeps it, between two new ones.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.map(.vmemmap, .pmd, at: base + section, protection: Bits.readOnly)
      $0.populate(function, base, base + 3 * section)
    }
    for (word, what, value) in [
      ("a-word", "neither present nor zero", Bits.swap),
      ("an-absent-leaf", "a leaf without its present bit", Bits.absentLeaf),
      ("an-accessed-bit", "a lone accessed bit", Bits.accessedOnly),
    ] {
      add("\(name)/\(word)", "A word in the PMD that is \(what) counts as populated.") {
        let base = $0.address(.vmemmap, Slots(pte: 0))
        $0.setWord(.pmd, at: base, to: value, kind: .vmemmap)
        $0.populate(function, base, base + 2 * section)
      }
    }
    add("\(name)/table-in-the-way", "A section with only its first pages populated stays so.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      $0.map(.vmemmap, .pte, at: base, count: 3)
      $0.populate(function, base, base + 2 * section)
    }
    add("\(name)/empty-table-in-the-way", "A section with an empty pte table stays so.") {
      let base = $0.address(.vmemmap, Slots(pte: 0))
      _ = $0.table(.pte, for: base, kind: .vmemmap)
      $0.populate(function, base, base + section)
    }
    // Hazard H6.
    for level in [Level.pud, .p4d, .pgd] where !mode.isFolded(level) {
      for (word, value) in [("word", Bits.swap), ("leaf", nil)] {
        add("\(name)/\(level.name)-\(word)", "A \(word) in the \(level.name) is walked as a table.")
        {
          let base = $0.address(.vmemmap, Slots(pte: 0))
          $0.setWord(
            level, at: base, to: value ?? $0.frame(level) << 10 | Bits.kernel, kind: .vmemmap)
          $0.populate(function, base, base + section)
        }
      }
    }
  }
}

extension KernelFunction {
  /// The C name in the form of case ids.
  var catalogueName: String { name.replacing("_", with: "-") }
}

extension ScenarioBuilder {
  mutating func populate(
    _ function: KernelFunction, _ start: UInt64, _ end: UInt64, node: Int32? = nil,
    altmap: Int? = nil
  ) {
    call(function) {
      $0.start = start
      $0.end = end
      $0.node = node
      $0.altmap = altmap
    }
  }

  mutating func populate(_ start: UInt64, _ end: UInt64, altmap: Int? = nil) {
    populate(.vmemmapPopulate, start, end, altmap: altmap)
  }

  fileprivate mutating func setPmd(_ entry: Place, _ physical: UInt64) {
    call(.vmemmapSetPmd) {
      $0.parentTable = entry.table
      $0.parentSlot = entry.slot
      $0.physical = physical
    }
  }

  fileprivate mutating func checkPmd(_ entry: Place) {
    call(.vmemmapCheckPmd) {
      $0.parentTable = entry.table
      $0.parentSlot = entry.slot
    }
  }
}
