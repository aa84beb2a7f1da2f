// SPDX-License-Identifier: GPL-2.0-only

import MachineModel
import PageTables

extension Step {
  /// What a call that came back left of the translations.
  func translationViolations(_ changes: TranslationChanges) -> [Violation] {
    if let duties = memmapDuties {
      let memmap = (
        gone: changes.gone.filter(duties.holds), new: changes.new.filter(duties.holds)
      )
      let rest = (
        gone: changes.gone.filter { !duties.holds($0) },
        new: changes.new.filter { !duties.holds($0) }
      )
      return linearViolations(rest) + memmapViolations(duties, memmap)
    }
    return linearViolations(changes)
  }

  private func linearViolations(_ changes: TranslationChanges) -> [Violation] {
    if let removal { return isAimed ? removed(removal, changes) : [] }
    switch function {
    case .archAddMemory: return hasAdded ? added(changes) : failed(changes)
    default:
      return (changes.gone + changes.new).first.map {
        [violation(.outsideChanged, evidence($0, in: nil))]
      } ?? []
    }
  }

  private func removed(_ removal: Removal, _ changes: TranslationChanges) -> [Violation] {
    var found: [Violation] = []
    // What a walk from a table on cannot reach is not its to remove.
    let isWalked = walkedTable.map { table in { isUnder(table, $0) } }
    if let leaf = after.translations.leaves.first(where: {
      removal.range.touches($0) && (isWalked?($0) ?? true)
    }) {
      found.append(violation(.translationRemains, evidence(leaf, in: removal.range)))
    }
    if let leaf = (changes.gone + changes.new).first(where: { !removal.range.covers($0) }) {
      found.append(violation(.outsideChanged, evidence(leaf, in: removal.range)))
    }
    return found
  }

  private func isUnder(_ table: Int, _ leaf: TranslationMap.Leaf) -> Bool {
    var current = leaf.table
    for _ in 0..<Level.allCases.count {
      if current == table { return true }
      guard let link = after.translations.links[current].first else { return false }
      current = link.table
    }
    return false
  }

  private func added(_ changes: TranslationChanges) -> [Violation] {
    var found: [Violation] = []
    if let leaf = changes.gone.first ?? changes.new.first(where: { !linearRange.covers($0) }) {
      found.append(violation(.outsideChanged, evidence(leaf, in: linearRange)))
    }
    if let leaf = changes.new.first(where: { linearRange.touches($0) && !isAsAsked($0) }) {
      found.append(violation(.addUnmapped, evidence(leaf, in: nil)))
    } else if let address = firstUnmapped() {
      found.append(violation(.addUnmapped, .unmapped(address: address)))
    }
    return found
  }

  /// Whether a new leaf maps what the linear map maps there, with the caller's protection.
  private func isAsAsked(_ leaf: TranslationMap.Leaf) -> Bool {
    let mask = AddressLayout.pageSize - 1
    let distance = span.offset(
      of: leaf.offset &- layout.virtual(ofPhysical: operation.start & ~mask))
    let pfn = operation.start >> AddressLayout.pageShift &+ distance >> AddressLayout.pageShift
    return leaf.word
      == Architecture.riscv.entryBits.leafWord(pfn: pfn, protection: operation.protection)
  }

  /// The first address of the range that nothing translates; nil when there is none, or where an entry
  /// that was there before is in the way. Nobody adds parts of pages.
  private func firstUnmapped() -> UInt64? {
    guard (operation.start | operation.end) % AddressLayout.pageSize == 0 else { return nil }
    let (start, size) = (linearRange.start, linearRange.length)
    let parts = after.translations.leaves.filter(linearRange.touches).map { leaf in
      let end = span.offset(of: leaf.offset &+ leaf.size &- start)
      return (begin: end > leaf.size ? end - leaf.size : 0, end: end)
    }
    var reached: UInt64 = 0
    for part in parts.sorted(by: { $0.end < $1.end }) {
      guard part.begin <= reached else { break }
      reached = part.end
    }
    guard reached < size else { return nil }
    let address = start &+ reached
    return isBlocked(address) ? nil : address
  }

  /// Whether a word that translates nothing stood on the way to an address before.
  private func isBlocked(_ address: UInt64) -> Bool {
    var table = 0
    for level in layout.mode.levels.reversed() {
      let word = before.tables[table][layout.index(of: address, at: level)]
      switch PageTableWalk.kind(
        of: word, at: level, tableCount: before.tables.count, layout: layout)
      {
      case .table(let next): table = next
      case .none: return false
      case .nonPresent, .leaf, .wild: return true
      }
      if before.tables[table].isEmpty { return true }
    }
    return false
  }

  private func failed(_ changes: TranslationChanges) -> [Violation] {
    if let leaf = changes.new.first {
      return [violation(.failedAddLeft, evidence(leaf, in: nil))]
    }
    return changes.gone.first.map { [violation(.outsideChanged, evidence($0, in: linearRange))] }
      ?? []
  }

  private func evidence(
    _ leaf: TranslationMap.Leaf, in range: AddressRange?
  ) -> Violation.Evidence {
    .leaf(
      address: leaf.address, level: leaf.level,
      pfn: Architecture.riscv.entryBits.pfn(of: leaf.word),
      isPartial: range.map { $0.touches(leaf) && !$0.covers(leaf) } ?? false)
  }
}

/// Translations that went and came in a call, or in several.
typealias TranslationChanges = (gone: [TranslationMap.Leaf], new: [TranslationMap.Leaf])
