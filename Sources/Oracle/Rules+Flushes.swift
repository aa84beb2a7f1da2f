// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A small model of the TLB: every translation that the tables ever held is cached at the latest moment,
/// and only a flush of all harts that covers it removes it.
extension JudgedCall {
  /// The violations by cached translations after a call that must leave none.
  func flushViolations(_ replay: StepReplay, _ changes: TranslationChanges) -> [Violation] {
    guard flushes else { return [] }
    var found: [Violation] = []
    if let leaf = changes.gone.first(where: { !isFlushed($0, after: goneAt($0, replay), replay) }) {
      found.append(
        violation(
          .flushMissing,
          .stale(
            address: leaf.address, pfn: Architecture.riscv.entryBits.pfn(of: leaf.word))))
    } else if hasAdded,
      let leaf = changes.new.first(where: { !isFlushed($0, after: replay.lastAllocation, replay) })
    {
      // The TLB may also cache an entry that was not valid (privileged specification, sfence.vma).
      found.append(violation(.flushMissing, .unseen(address: leaf.address)))
    } else if function == .archAddMemory, let last = replay.clearTimes.values.max(),
      !isFlushed(wholeRange, after: last, replay)
    {
      // The TLB may also cache the temporary mappings of a failed add.
      found.append(
        violation(
          .flushMissing,
          .stale(
            address: linearRange.start, pfn: operation.start >> AddressLayout.pageShift)))
    }
    if !replay.flushes.isEmpty, isFreedBeforeFlush(replay) {
      found.append(violation(.freedBeforeFlush, .call("pages are freed, then the TLB is flushed")))
    }
    return found
  }

  /// Whether a page is freed without a flush between the clear of the entry that pointed to it and the
  /// free. A flush before the clear protects nobody.
  private func isFreedBeforeFlush(_ replay: StepReplay) -> Bool {
    let clears = replay.clearTimes.values.sorted()
    func isFlushed(from clear: Int, to free: Int) -> Bool {
      replay.flushes.contains {
        clear < $0.time && $0.time < free
          && $0.event.detail != FlushScope.localAll.rawValue
      }
    }
    for (table, time) in replay.freeTimes {
      let link =
        before.translations.links.indices.contains(table)
        ? before.translations.links[table].first : nil
      // The entry of a table that was allocated in the call is unknown, so use the last cleared one.
      let clear =
        link.map { replay.clearTimes[$0.table << 16 | $0.slot] ?? time }
        ?? clears.last { $0 < time } ?? -1
      if !isFlushed(from: clear, to: time) { return true }
    }
    return replay.frees.contains { free in
      guard !free.isHeld else { return false }
      let leaf = replay.clearedLeaves.last { free.pfn &- $0.pfn < $0.pages }
      return leaf.map { !isFlushed(from: $0.time, to: free.time) } ?? false
    }
  }

  /// The time at which a translation was removed: its entry was cleared, or an entry on the path to it.
  private func goneAt(_ leaf: TranslationMap.Leaf, _ replay: StepReplay) -> Int {
    var (table, slot) = (leaf.table, leaf.slot)
    for _ in Level.allCases {
      if let time = replay.clearTimes[table << 16 | slot] { return time }
      guard let link = before.translations.links[table].first else { break }
      (table, slot) = (link.table, link.slot)
    }
    return -1
  }

  /// The range of an add, as if a single leaf mapped it.
  private var wholeRange: TranslationMap.Leaf {
    TranslationMap.Leaf(
      offset: span.offset(of: linearRange.start), address: linearRange.start, level: .pgd,
      size: linearRange.length, table: 0, slot: 0, word: 0)
  }

  private func isFlushed(_ leaf: TranslationMap.Leaf, after time: Int, _ replay: StepReplay) -> Bool
  {
    replay.flushes.contains { flush in
      guard flush.time > time else { return false }
      switch FlushScope(rawValue: flush.event.detail) {
      case .all: return true
      case .range: return AddressRange(flush.event.a, flush.event.b, in: span).covers(leaf)
      case .localAll, nil: return false
      }
    }
  }
}
