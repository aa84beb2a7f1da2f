// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension JudgedCall {
  /// The violations in the tables after a call that returned.
  func tableViolations(_ replay: StepReplay) -> [Violation] {
    var found: [Violation] = []
    // Nobody creates a table with two parents, because a free through one leaves the other.
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

  /// Whether the call frees a table of a folded level, which no caller asks for.
  private var isFolded: Bool {
    function == .freePudTable && layout.mode.isFolded(.pud)
  }

  /// Whether this call lost a live table, or kept a table that became empty.
  private func isLeaked(_ table: Int) -> Bool {
    // This is no table, but a page of the memmap.
    guard !after.translations.isBacking(table) else { return false }
    let isNew = table >= before.lives.count
    let wasLinked = !isNew && !before.translations.links[table].isEmpty
    let isLinked = !after.translations.links[table].isEmpty
    if !isLinked {
      // It belongs to the caller or the memmap, or lies below a level that does not exist.
      let isKept =
        function.allocatesTable || after.translations.isBacking(table) || isStrayCreation
      return isNew ? !isKept : wasLinked
    }
    guard after.tables[table].allSatisfy({ $0 == 0 }) else { return false }
    // All roots share the tables below the root; the base table of a walk belongs to its caller.
    guard !after.translations.isBelowRoot(table), table != walkedTable else { return false }
    if function == .archAddMemory { return !hasAdded && isNew }
    if freesOneTable { return table == Int(operation.table) }
    guard let removal, removal.range.length > 0, isAimed, isWalked(table) else { return false }
    return isInside(table, removal.range)
      || memmapDuties.map { duties in
        after.translations.places[table].map { duties.isRemoved(below: $0) } ?? false
      } ?? false
  }

  /// Whether the walk reaches a table: it starts at the root, or at a table above this one.
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

  /// Whether the range contains an address that the table translates.
  private func isInside(_ table: Int, _ range: AddressRange) -> Bool {
    guard let place = after.translations.places[table] else { return false }
    let size = layout.size(of: place.level) << layout.indexBits
    return range.touches(
      TranslationMap.Leaf(
        offset: span.offset(of: place.address), address: place.address, level: place.level,
        size: size, table: table, slot: 0, word: 0))
  }
}
