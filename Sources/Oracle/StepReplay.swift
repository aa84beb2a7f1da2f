// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A replay of a call's events, with the contents of the tables at each event.
struct StepReplay {
  /// A cleared mapping.
  struct ClearedLeaf {
    var table: Int
    var slot: Int
    var word: UInt64
    var pfn: UInt64
    /// Pages of `pageSize` bytes.
    var pages: UInt64
    /// The index of the event in the call.
    var time: Int
  }

  /// Freed pages.
  struct Free {
    var pfn: UInt64
    var count: UInt64
    /// Whether `free_reserved_page` freed them, one by one.
    var isReserved: Bool
    /// Whether an entry pointed to the page, which is a table's.
    var isLinked: Bool
    /// Whether others hold the page: a reference was dropped, and the page stays.
    var isHeld = false
    var time: Int
  }

  private(set) var clearedLeaves: [ClearedLeaf] = []
  private(set) var frees: [Free] = []
  /// Violations of the rules that only events can break.
  private(set) var violations: [Violation] = []
  /// The time of the last clear of each slot; the key is `table << 16 | slot`.
  private(set) var clearTimes: [Int: Int] = [:]
  private(set) var lastAllocation = -1
  private(set) var flushes: [(time: Int, event: Event)] = []
  /// The time of each table's free.
  private(set) var freeTimes: [Int: Int] = [:]

  private var tables: [[UInt64]]
  private var constructed: [Int32]
  /// The levels of tables that the call allocated and freed, as far as their parents are known.
  private let newLevels: [Int: Level]
  private let step: JudgedCall
  private let bits = Architecture.riscv.entryBits

  init(_ step: JudgedCall) {
    self.step = step
    tables = step.before.tables
    constructed = step.before.lives.map(\.constructed)
    newLevels = step.levelsOfNewTables
    // No event tells when, so the entries count as cleared from the start.
    for place in step.plainlyZeroed {
      let word = tables[place.table][place.slot]
      tables[place.table][place.slot] = 0
      note(word, place.table, place.slot, -1)
      violations.append(
        step.violation(.plainStore, .entry(table: place.table, slot: place.slot, word: word)))
    }
    for (time, event) in step.events.enumerated() {
      switch EventKind(rawValue: event.kind) {
      case .clear: clear(event, time)
      case .allocate: allocate(event, time)
      case .construct: construct(event, by: 1)
      case .destruct: destruct(event)
      case .free:
        free(
          Free(
            pfn: event.a, count: 1 << min(event.b, 40), isReserved: false,
            isLinked: event.detail == 1, time: time))
      case .freeReserved:
        free(
          Free(
            pfn: event.a, count: event.c, isReserved: true, isLinked: event.detail == 1,
            time: time))
      case .putPage:
        put(
          Free(
            pfn: event.a, count: 1 << min(event.b, 40), isReserved: false, isLinked: false,
            isHeld: true, time: time))
      case .flush: flushes.append((time, event))
      // An altmap's count shows how much it got back. The entries that point to a page show who holds
      // it.
      case .getPage, .altmapFree, .addPages, .removePages, .warn, .returned, nil: break
      }
    }
  }

  /// The table in use whose page has a PFN.
  func table(ofPFN pfn: UInt64) -> Int? {
    guard let table = Pool.table(ofPFN: pfn, in: step.layout), table < constructed.count else {
      return nil
    }
    return table
  }

  private mutating func clear(_ event: Event, _ time: Int) {
    guard event.a < UInt64(constructed.count) else { return }
    let table = Int(event.a)
    if freeTimes[table] != nil || (table < step.before.lives.count && !step.before.isLive(table)) {
      violations.append(
        step.violation(.usedAfterFree, .entry(table: table, slot: Int(event.b), word: 0)))
    }
    for slot in Int(event.b)..<Int(event.b &+ event.c) {
      guard table < tables.count, slot < tables[table].count else {
        // The contents of a table that was allocated in the call are unknown.
        clearTimes[table << 16 | slot] = time
        continue
      }
      let word = tables[table][slot]
      // An add may have stored a word there before, and a store is no event.
      guard word != 0 || step.function == .archAddMemory else { continue }
      tables[table][slot] = 0
      clearTimes[table << 16 | slot] = time
      if word != 0 { note(word, table, slot, time) }
    }
  }

  private mutating func note(_ word: UInt64, _ table: Int, _ slot: Int, _ time: Int) {
    // Tables of the image name their level; those of a folded level belong to the level above.
    let level = level(of: table)
    if isMapping(word, at: level) {
      clearedLeaves.append(
        ClearedLeaf(
          table: table, slot: slot, word: word, pfn: bits.pfn(of: word),
          pages: step.layout.size(of: level) >> AddressLayout.pageShift, time: time))
    } else if !bits.isTable(word) {
      violations.append(
        step.violation(.liveEntryLost, .entry(table: table, slot: slot, word: word)))
    }
  }

  /// Whether the kernel treats a word as a mapping: `pte_present`; `pmd_present` and `pmd_leaf`, ...
  private func isMapping(_ word: UInt64, at level: Level) -> Bool {
    let present = word & (bits.present | bits.protNone) != 0
    return level == .pte ? present : word & bits.leaf != 0 && (present || level == .pmd)
  }

  private func level(of table: Int) -> Level {
    guard table != 0 else { return .pgd }
    // Memmap tables have no constructor that would name the level.
    if table < step.before.lives.count, step.before.lives[table].level == Event.anyLevel,
      let place = step.before.translations.places[table]
    {
      return place.level
    }
    return step.namedLevel(of: table) ?? newLevels[table] ?? .pte
  }

  private mutating func allocate(_ event: Event, _ time: Int) {
    lastAllocation = time
    // Blocks are no tables.
    if Pool.table(ofPFN: event.a, in: step.layout) == constructed.count { constructed.append(0) }
  }

  private mutating func construct(_ event: Event, by number: Int32) {
    if let table = table(ofPFN: event.a) { constructed[table] &+= number }
  }

  private mutating func destruct(_ event: Event) {
    guard let table = table(ofPFN: event.a) else {
      violations.append(step.violation(.tableCount, .pages(pfn: event.a, count: 1)))
      return
    }
    if constructed[table] <= 0 {
      violations.append(
        step.violation(
          .tableCount,
          .balance(
            table,
            level: Level(rawValue: UInt8(truncatingIfNeeded: event.detail)) ?? level(of: table),
            count: -1)))
    }
    constructed[table] &-= 1
    if freeTimes[table] != nil {
      violations.append(step.violation(.usedAfterFree, .table(table, level: nil)))
    }
  }

  /// A call may drop references to a page that it allocated, as long as the page exists, because a
  /// failed add drops what it took.
  private mutating func put(_ free: Free) {
    guard let table = table(ofPFN: free.pfn), table >= step.before.lives.count else {
      frees.append(free)
      return
    }
    if freeTimes[table] != nil {
      violations.append(step.violation(.freedTwice, .table(table, level: nil)))
    }
  }

  private mutating func free(_ free: Free) {
    // A single page of the memmap comes from the table pool.
    guard let table = table(ofPFN: free.pfn), !step.before.translations.isBacking(table) else {
      frees.append(free)
      return
    }
    if freeTimes[table] != nil || (table < step.before.lives.count && !step.before.isLive(table)) {
      violations.append(step.violation(.freedTwice, .table(table, level: nil)))
      return
    }
    freeTimes[table] = free.time
    if free.isLinked {
      violations.append(
        step.violation(.freedWhileLinked, .table(table, level: level(of: table))))
    }
    if free.count != 1 {
      violations.append(step.violation(.wrongOrder, .pages(pfn: free.pfn, count: free.count)))
    }
    // A table that was allocated in the call belongs to the page allocator.
    let isKnown = table < step.before.lives.count
    let owner = isKnown ? step.before.lives[table].owner : PageOwner.allocator.rawValue
    if (owner == PageOwner.reserved.rawValue) != free.isReserved {
      violations.append(step.violation(.wrongAllocator, .table(table, level: nil)))
    }
    // The memmap's tables have no constructor in any kernel, so a state that says otherwise is invalid.
    // In some kernels no table has one.
    if constructed[table] > 0, !step.isVmemmap, !step.kernel.contains(.plainTables) {
      violations.append(
        step.violation(
          .tableCount, .balance(table, level: level(of: table), count: constructed[table])))
    }
    // The table's contents are unknown.
    guard isKnown else { return }
    if step.function != .archAddMemory, !step.before.translations.isBacking(table),
      let slot = tables[table].firstIndex(where: { $0 != 0 })
    {
      violations.append(
        step.violation(
          .liveEntryLost, .entry(table: table, slot: slot, word: tables[table][slot])))
    }
    if step.before.translations.isBelowRoot(table), !step.freesOneTable {
      violations.append(step.violation(.rootTableFreed, .table(table, level: level(of: table))))
    }
  }
}
