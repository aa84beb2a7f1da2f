// SPDX-License-Identifier: GPL-2.0-only

import MachineModel
import PageTables

/// A small model of the TLB: every translation that the tables ever held is cached at the latest
/// moment, and goes only by a flush of all harts that covers it.
extension Step {
  /// What cached translations still reach after a call that is to leave none behind.
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
      // An entry that was not valid may be cached, too (privileged specification, sfence.vma).
      found.append(violation(.flushMissing, .unseen(address: leaf.address)))
    } else if function == .archAddMemory, let last = replay.clearTimes.values.max(),
      !isFlushed(wholeRange, after: last, replay)
    {
      // What an add that failed mapped and unmapped is cached, too.
      found.append(
        violation(
          .flushMissing,
          .stale(
            address: linearRange.start, pfn: operation.start >> AddressLayout.pageShift)))
    }
    let firstFree =
      (replay.frees.filter { !$0.isHeld }.map(\.time) + replay.freeTimes.values).min() ?? Int.max
    let lastFlush = replay.flushes.last?.time ?? -1
    if firstFree < lastFlush, firstFree < replay.flushes.first?.time ?? -1 {
      found.append(violation(.freedBeforeFlush, .call("pages are freed, then the TLB is flushed")))
    }
    return found
  }

  /// When a translation went: its entry was cleared, or one that led to it.
  private func goneAt(_ leaf: TranslationMap.Leaf, _ replay: StepReplay) -> Int {
    var (table, slot) = (leaf.table, leaf.slot)
    for _ in Level.allCases {
      if let time = replay.clearTimes[table << 16 | slot] { return time }
      guard let link = before.translations.links[table].first else { break }
      (table, slot) = (link.table, link.slot)
    }
    return -1
  }

  /// What an add maps, as if by one leaf.
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
