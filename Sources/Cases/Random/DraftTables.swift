// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Draft page tables as runs of entries, so that a full table of leaves costs no more than one leaf. As in
/// the kernel, a mapping never overwrites an entry.
struct DraftTables {
  /// A table and its place in the tree.
  struct Draft {
    var table: Scenario.Table
    /// The virtual address of slot 0.
    let base: UInt64
    /// The table and slot of the entry that points to this table; 0 and 0 for the root.
    let parent: (table: Int, slot: Int)
  }

  let layout: AddressLayout
  /// Table 0 is the root.
  private(set) var drafts: [Draft]

  /// Makes the root alone.
  init(layout: AddressLayout) {
    self.layout = layout
    let rootSpan = layout.size(of: .pgd) << layout.indexBits
    drafts = [
      Draft(
        table: Scenario.Table(level: .pgd, owner: .reserved, isConstructed: false),
        base: layout.vmemmapStart & ~(rootSpan - 1), parent: (0, 0))
    ]
  }

  /// Maps `count` leaves of a level from a virtual address on, with consecutive pages from `pfn`. Used slots,
  /// and slots below a leaf, do not change.
  mutating func map(
    _ level: Level, at address: UInt64, count: UInt64, pfn: UInt64, protection: UInt64,
    kind: ScenarioBuilder.TableKind
  ) {
    let step = layout.size(of: level)
    let slots = UInt64(layout.entriesPerTable)
    var done: UInt64 = 0
    while done < count {
      let start = address &+ done * step
      let slot = layout.index(of: start, at: level)
      let room = min(slots - UInt64(slot), count - done)
      if let number = table(level, for: start, kind: kind) {
        fill(
          number, slot: slot, count: Int(room), pfn: pfn + done * (step >> AddressLayout.pageShift),
          protection: protection)
      }
      done += room
    }
  }

  /// The table of a level for a virtual address. Missing tables on the way are made, of that kind. Nil if a
  /// leaf or a stray word is in the way, or if the level is folded.
  mutating func table(
    _ level: Level, for address: UInt64, kind: ScenarioBuilder.TableKind
  ) -> Int? {
    guard !layout.mode.isFolded(level) else { return nil }
    var number = 0
    for next in layout.mode.levels.reversed() where next != .pgd && next >= level {
      let slot = layout.index(of: address, at: drafts[number].table.level)
      switch value(of: number, slot: slot) {
      case .table(let child)?: number = child
      case .some: return nil
      case nil: number = addTable(next, below: number, slot: slot, at: address, kind: kind)
      }
    }
    return number
  }

  /// The contents of a slot; nil if it is empty.
  func value(of number: Int, slot: Int) -> Scenario.EntryValue? {
    let entries = drafts[number].table.entries
    let index = entries.firstIndex { $0.slot + $0.count > slot } ?? entries.count
    guard index < entries.count, entries[index].slot <= slot else { return nil }
    return value(of: entries[index], at: slot - entries[index].slot, in: number)
  }

  /// Overwrites a slot, or empties it if `value` is nil.
  mutating func set(_ number: Int, slot: Int, to value: Scenario.EntryValue?) {
    var entries: [Scenario.EntryRun] = []
    for run in drafts[number].table.entries {
      let end = run.slot + run.count
      guard run.slot <= slot, slot < end else {
        entries.append(run)
        continue
      }
      if run.slot < slot {
        entries.append(
          Scenario.EntryRun(slot: run.slot, count: slot - run.slot, value: run.value))
      }
      if slot + 1 < end {
        entries.append(
          Scenario.EntryRun(
            slot: slot + 1, count: end - slot - 1,
            value: self.value(of: run, at: slot + 1 - run.slot, in: number)))
      }
    }
    drafts[number].table.entries = entries
    if let value { insert(Scenario.EntryRun(slot: slot, value: value), into: number) }
  }

  mutating func removeEntries(of number: Int) { drafts[number].table.entries = [] }

  mutating func setOwner(of number: Int, to owner: PageOwner) { drafts[number].table.owner = owner }

  mutating func setConstructed(_ number: Int, to isConstructed: Bool) {
    drafts[number].table.isConstructed = isConstructed
  }

  /// Fills the free slots of a range with leaves. The pages for a used slot stay unmapped.
  mutating func fill(_ number: Int, slot: Int, count: Int, pfn: UInt64, protection: UInt64) {
    let step = layout.size(of: drafts[number].table.level) >> AddressLayout.pageShift
    var next = slot
    let taken = drafts[number].table.entries.filter {
      $0.slot < slot + count && $0.slot + $0.count > slot
    }
    for end in taken.map({ ($0.slot, $0.slot + $0.count) }) + [(slot + count, slot + count)] {
      if next < end.0 {
        let value = Scenario.EntryValue.leaf(
          pfn: pfn + UInt64(next - slot) * step, protection: protection)
        insert(Scenario.EntryRun(slot: next, count: end.0 - next, value: value), into: number)
      }
      next = max(next, end.1)
    }
  }

  /// The value of a run at one of its slots.
  private func value(
    of run: Scenario.EntryRun, at offset: Int, in number: Int
  ) -> Scenario.EntryValue {
    guard case .leaf(let pfn, let protection) = run.value else { return run.value }
    let step = layout.size(of: drafts[number].table.level) >> AddressLayout.pageShift
    return .leaf(pfn: pfn + UInt64(offset) * step, protection: protection)
  }

  private mutating func insert(_ run: Scenario.EntryRun, into number: Int) {
    let index = drafts[number].table.entries.lastIndex { $0.slot < run.slot }
    drafts[number].table.entries.insert(run, at: index.map { $0 + 1 } ?? 0)
  }

  private mutating func addTable(
    _ level: Level, below parent: Int, slot: Int, at address: UInt64,
    kind: ScenarioBuilder.TableKind
  ) -> Int {
    let isBoot: Bool
    let isConstructed: Bool
    switch kind {
    case .linear: (isBoot, isConstructed) = (false, true)
    // The tables below the root come from preallocate_pgd_pages_range, which runs their constructor.
    case .vmemmap: (isBoot, isConstructed) = (false, parent == 0)
    case .boot: (isBoot, isConstructed) = (true, false)
    case .constructedBoot: (isBoot, isConstructed) = (true, true)
    case .constructedLinear: (isBoot, isConstructed) = (false, true)
    }
    let hasConstructor = level <= .pmd || kind == .constructedLinear
    let span = layout.size(of: level) << layout.indexBits
    drafts.append(
      Draft(
        table: Scenario.Table(
          level: level, owner: isBoot ? .reserved : .allocator,
          isConstructed: isConstructed && hasConstructor),
        base: address & ~(span - 1), parent: (parent, slot)))
    insert(
      Scenario.EntryRun(slot: slot, value: .table(drafts.count - 1)), into: parent)
    return drafts.count - 1
  }
}
