// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension JudgedCall {
  /// The violations in older entries and in new tables after a call that creates mappings or tables.
  func newTableViolations(_ changes: TranslationChanges) -> [Violation] {
    let creates = function.createsLinearMap || function.populates || function.preallocates
    guard creates || function.allocatesTable, !isStrayCreation else { return [] }
    // A failed add unmaps again.
    guard function != .archAddMemory || hasAdded else { return [] }
    let found = [
      creates ? overwrittenEntry : nil, creates ? phantomEntry : nil, wrongConstructor,
      function.preallocates ? wrongRootEntry : nil,
    ]
    return found.compactMap { $0 }
  }

  /// An entry that held something other than a reachable leaf and has changed; `outsideChanged` covers
  /// leaves.
  private var overwrittenEntry: Violation? {
    let leaves = Set(before.translations.leaves.map { $0.table << 16 | $0.slot })
    for table in before.tables.indices where after.isLive(table) {
      let (old, new) = (before.tables[table], after.tables[table])
      for slot in old.indices where old[slot] != 0 && slot < new.count && new[slot] != old[slot] {
        if leaves.contains(table << 16 | slot) { continue }
        return violation(
          .entryOverwritten, .entry(table: table, slot: slot, word: old[slot]))
      }
    }
    return nil
  }

  /// Tables that were allocated in the call and are linked in the address space.
  private var newTables: [(number: Int, place: PageTableWalk.Table)] {
    (before.lives.count..<max(before.lives.count, after.lives.count)).compactMap { table in
      guard after.isLive(table), let place = after.translations.places[table] else { return nil }
      return (table, place)
    }
  }

  /// An entry of a new table that neither points to a new table nor maps a part of the range.
  private var phantomEntry: Violation? {
    let bits = Architecture.riscv.entryBits
    let range = creation?.range
    for (table, place) in newTables {
      let size = layout.size(of: place.level)
      for (slot, word) in after.tables[table].enumerated() where word != 0 {
        if place.level > .pte, bits.isTable(word) {
          let next = Pool.table(ofPFN: bits.pfn(of: word), in: layout) ?? 0
          if next >= before.lives.count, after.isLive(next) { continue }
        } else if word & bits.present != 0, let range {
          let address = place.address &+ UInt64(slot) &* size
          let leaf = TranslationMap.Leaf(
            offset: span.offset(of: address), address: address, level: place.level, size: size,
            table: table, slot: slot, word: word)
          // `memmapViolations` judges the mappings that a live core populates.
          if range.touches(leaf) || isPopulated(at: address) { continue }
        }
        return violation(.tableNotZeroed, .entry(table: table, slot: slot, word: word))
      }
    }
    return nil
  }

  /// A new table whose constructor ran a wrong number of times for its kind.
  private var wrongConstructor: Violation? {
    if function.allocatesTable {
      // The rule makes no difference between the levels from PUD on.
      let level = min(function.row.level ?? .pud, .pud)
      let new = after.lives.indices.dropFirst(before.lives.count).first
      return new.flatMap { table in
        wrongConstructor(of: table, level, isMemmap: false)
      }
    }
    for (table, place) in newTables {
      let isMemmap = function.populates || isPopulated(at: place.address)
      if let violation = wrongConstructor(of: table, place.level, isMemmap: isMemmap) {
        return violation
      }
    }
    return nil
  }

  /// Whether the mapping at an address is the memmap that a live core created in an add.
  private func isPopulated(at address: UInt64) -> Bool {
    image.hasLiveCore && function == .archAddMemory
      && span.offset(of: address &- layout.vmemmapStart) < layout.vmemmapEnd &- layout.vmemmapStart
  }

  /// Kernels since 6.16 construct tables of the upper levels, too.
  private func wrongConstructor(of table: Int, _ level: Level, isMemmap: Bool) -> Violation? {
    let count = after.lives[table].constructed
    let isPlain = isMemmap || level <= .pmd && kernel.contains(.plainTables)
    let right: ClosedRange<Int32> = isPlain ? 0...0 : level <= .pmd ? 1...1 : 0...1
    // In some kernels the name of the constructor gives no level.
    let named = after.lives[table].level
    let isAsNamed = count == 0 || [UInt32(level.rawValue), Event.anyLevel].contains(named)
    guard !right.contains(count) || level <= .pmd && !isAsNamed else { return nil }
    return violation(.tableConstructor, .balance(table, level: level, count: count))
  }

  /// A slot of the root that should be filled and is not, or the other way round.
  private var wrongRootEntry: Violation? {
    let (wanted, allowed) = rootSlots
    for (slot, word) in after.tables[0].enumerated() {
      let old = before.tables[0][slot]
      let isFilled = word != 0
      let isNew = isFilled && old == 0
      if isFilled ? isNew && !allowed.contains(slot) : wanted.contains(slot) {
        return violation(.rootPreallocated, .entry(table: 0, slot: slot, word: word))
      }
    }
    return nil
  }

  /// Slots of the root that the call must fill, and those that it may fill. The configuration decides
  /// which areas exist beside vmalloc's.
  private var rootSlots: (wanted: Set<Int>, allowed: Set<Int>) {
    guard function == .pgtableCacheInit else {
      let slots = rootSlots(from: operation.start, to: operation.end)
      return (slots, slots)
    }
    let modulesEnd = AddressLayout.kernelLinkAddress
    let wanted = rootSlots(from: layout.vmallocStart, to: layout.pageOffset)
    let others = rootSlots(from: layout.vmemmapStart, to: modulesEnd)
    // One option controls both of these areas.
    let hotplug = rootSlots(from: layout.vmemmapStart, to: layout.vmemmapEnd)
      .union(rootSlots(from: layout.pageOffset, to: layout.pageEnd))
    let hasHotplug = hotplug.contains { before.tables[0][$0] == 0 && after.tables[0][$0] != 0 }
    return (hasHotplug ? wanted.union(hotplug) : wanted, wanted.union(others))
  }

  private func rootSlots(from start: UInt64, to end: UInt64) -> Set<Int> {
    guard start < end else { return [] }
    let shift = layout.shift(of: .pgd)
    let count = min((end - 1) >> shift - start >> shift + 1, UInt64(layout.entriesPerTable))
    return Set(
      (0..<count).map { layout.index(of: start &+ $0 << shift, at: .pgd) })
  }
}
