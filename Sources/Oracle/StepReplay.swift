// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The events of a call gone through once more, with the tables as they stood at each.
struct StepReplay {
  /// A mapping that was cleared.
  struct ClearedLeaf {
    var table: Int
    var slot: Int
    var word: UInt64
    var pfn: UInt64
    /// Of `pageSize`.
    var pages: UInt64
    /// The place of the event in the step.
    var time: Int
  }

  /// Pages that were freed.
  struct Free {
    var pfn: UInt64
    /// Pages.
    var count: UInt64
    /// Through `free_reserved_page`, one by one.
    var isReserved: Bool
    /// An entry led to the page, which is a table's.
    var isLinked: Bool
    /// Others hold the page: a reference went, and the page stays.
    var isHeld = false
    var time: Int
  }

  private(set) var clearedLeaves: [ClearedLeaf] = []
  private(set) var frees: [Free] = []
  /// Of what else: rules that only events can break.
  private(set) var violations: [Violation] = []
  /// The times of clears of each slot: `table << 16 | slot`.
  private(set) var clearTimes: [Int: Int] = [:]
  private(set) var lastAllocation = -1
  private(set) var flushes: [(time: Int, event: Event)] = []
  /// When each table was freed.
  private(set) var freeTimes: [Int: Int] = [:]

  private var tables: [[UInt64]]
  private var constructed: [Int32]
  private let step: JudgedCall
  private let bits = Architecture.riscv.entryBits

  init(_ step: JudgedCall) {
    self.step = step
    tables = step.before.tables
    constructed = step.before.lives.map(\.constructed)
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
      // How much an altmap got back shows in its count. What a page is held for shows in the entries
      // that lead to it.
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
        // What a table that came up in the call holds is not known.
        clearTimes[table << 16 | slot] = time
        continue
      }
      let word = tables[table][slot]
      // An add may have stored there before, which is no event.
      guard word != 0 || step.function == .archAddMemory else { continue }
      tables[table][slot] = 0
      clearTimes[table << 16 | slot] = time
      if word != 0 { note(word, table, slot, time) }
    }
  }

  private mutating func note(_ word: UInt64, _ table: Int, _ slot: Int, _ time: Int) {
    // Tables of the image say which level they are for; those of a folded level are the level above's.
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

  /// Whether the kernel takes a word for a mapping: `pte_present`; `pmd_present` and `pmd_leaf`, ...
  private func isMapping(_ word: UInt64, at level: Level) -> Bool {
    let present = word & (bits.present | bits.protNone) != 0
    return level == .pte ? present : word & bits.leaf != 0 && (present || level == .pmd)
  }

  private func level(of table: Int) -> Level {
    guard table != 0 else { return .pgd }
    // Tables of the memmap come up without a constructor, which would say.
    if table < step.before.lives.count, step.before.lives[table].level == Event.anyLevel,
      let place = step.before.translations.places[table]
    {
      return place.level
    }
    let lives = table < step.before.lives.count ? step.before.lives : step.after.lives
    guard table < lives.count else { return .pte }
    // A table that no constructor ran for says nothing of its level; its place does.
    return Level(rawValue: UInt8(truncatingIfNeeded: lives[table].level))
      ?? (table < step.before.lives.count ? step.before.translations.places[table]?.level : nil)
      ?? .pte
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

  /// A reference to a page that came up in the call is its own business, as long as the page is there:
  /// an add that fails gives up what it took.
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
    // A single page of the memmap comes from where tables do.
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
    // What came up in the call is the page allocator's.
    let isKnown = table < step.before.lives.count
    let owner = isKnown ? step.before.lives[table].owner : PageOwner.allocator.rawValue
    if (owner == PageOwner.reserved.rawValue) != free.isReserved {
      violations.append(step.violation(.wrongAllocator, .table(table, level: nil)))
    }
    // The memmap's tables have no constructor in any kernel: a state that says otherwise is bent. In
    // some kernels none has.
    if constructed[table] > 0, !step.isVmemmap, !step.kernel.contains(.plainTables) {
      violations.append(
        step.violation(
          .tableCount, .balance(table, level: level(of: table), count: constructed[table])))
    }
    // What it holds is not known.
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
