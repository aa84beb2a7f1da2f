// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension JudgedCall {
  /// The violations in the translations after a call that returned.
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
    if function.purpose == .addsMemory, !hasAdded { return failed(changes) }
    if let creation { return creationViolations(creation, changes) }
    if isStrayCreation { return [] }
    return (changes.gone + changes.new).first.map {
      [violation(.outsideChanged, evidence($0, in: nil))]
    } ?? []
  }

  private func removed(_ removal: Removal, _ changes: TranslationChanges) -> [Violation] {
    var found: [Violation] = []
    // A walk from a given table must remove only the entries that it can reach.
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

  private func failed(_ changes: TranslationChanges) -> [Violation] {
    if let leaf = changes.new.first {
      return [violation(.failedAddLeft, evidence(leaf, in: nil))]
    }
    return changes.gone.first.map { [violation(.outsideChanged, evidence($0, in: linearRange))] }
      ?? []
  }

  func evidence(
    _ leaf: TranslationMap.Leaf, in range: AddressRange?
  ) -> Violation.Evidence {
    .leaf(
      address: leaf.address, level: leaf.level,
      pfn: Architecture.riscv.entryBits.pfn(of: leaf.word),
      isPartial: range.map { $0.touches(leaf) && !$0.covers(leaf) } ?? false)
  }
}

/// Translations that were removed and added in a call, or in several.
typealias TranslationChanges = (gone: [TranslationMap.Leaf], new: [TranslationMap.Leaf])
