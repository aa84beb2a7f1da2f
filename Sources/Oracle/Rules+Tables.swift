// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension JudgedCall {
  /// What a call that came back left of the tables.
  func tableViolations(_ replay: StepReplay) -> [Violation] {
    var found: [Violation] = []
    // A table with two parents is nobody's work: freeing it by one leaves the other.
    if let (link, table) = after.translations.dangling,
      table >= before.lives.count || before.translations.links[table].count < 2, !isFolded
    {
      found.append(
        violation(.danglingTable, .link(table: link.table, slot: link.slot, to: table)))
    }
    for table in after.lives.indices.dropFirst() where after.isLive(table) && isLeaked(table) {
      found.append(
        violation(
          .tableLeaked,
          .table(table, level: Level(rawValue: UInt8(truncatingIfNeeded: after.lives[table].level)))
        ))
      break
    }
    return found
  }

  /// Whether the call frees a table of a level that the mode does not have, which no caller asks for.
  private var isFolded: Bool {
    function == .freePudTable && layout.mode.isFolded(.pud)
  }

  /// Whether a live table was lost in this call, or became empty and was kept.
  private func isLeaked(_ table: Int) -> Bool {
    // No table, but a page behind the memmap.
    guard !after.translations.isBacking(table) else { return false }
    let isNew = table >= before.lives.count
    let wasLinked = !isNew && !before.translations.links[table].isEmpty
    let isLinked = !after.translations.links[table].isEmpty
    if !isLinked {
      // The caller's, the memmap's, or below a level that is none.
      let isKept =
        function.allocatesTable || after.translations.isBacking(table) || isStrayCreation
      return isNew ? !isKept : wasLinked
    }
    guard after.tables[table].allSatisfy({ $0 == 0 }) else { return false }
    // The table below the root is every root's; the table that a walk is handed is its caller's.
    guard !after.translations.isBelowRoot(table), table != walkedTable else { return false }
    if function == .archAddMemory { return !hasAdded && isNew }
    if freesOneTable { return table == Int(operation.table) }
    guard let removal, removal.range.length > 0, isAimed, isWalked(table) else { return false }
    return isInside(table, removal.range)
      || memmapDuties.map { duties in
        after.translations.places[table].map { duties.isRemoved(below: $0) } ?? false
      } ?? false
  }

  /// Whether a walk comes by a table: it begins at the root, or above it.
  private func isWalked(_ table: Int) -> Bool {
    guard let walkedTable else { return true }
    var current = table
    for _ in Level.allCases {
      guard let link = after.translations.links[current].first else { return false }
      if link.table == walkedTable { return true }
      current = link.table
    }
    return false
  }

  /// Whether the range has an address that the table translates.
  private func isInside(_ table: Int, _ range: AddressRange) -> Bool {
    guard let place = after.translations.places[table] else { return false }
    let size = layout.size(of: place.level) << layout.indexBits
    return range.touches(
      TranslationMap.Leaf(
        offset: span.offset(of: place.address), address: place.address, level: place.level,
        size: size, table: table, slot: 0, word: 0))
  }
}
