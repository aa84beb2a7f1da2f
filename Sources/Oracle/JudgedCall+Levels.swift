// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension JudgedCall {
  /// The level that a table's constructor names, or else its place before or after the call.
  func namedLevel(of table: Int) -> Level? {
    guard table != 0 else { return .pgd }
    let isKnown = table < before.lives.count
    let state = isKnown ? before : after
    guard table < state.lives.count else { return nil }
    if let level = Level(rawValue: UInt8(truncatingIfNeeded: state.lives[table].level)) {
      return level
    }
    return table < state.translations.places.count ? state.translations.places[table]?.level : nil
  }

  /// The levels of the tables that the call allocated and freed. Those of the memmap have no constructor that would
  /// name it, and no state shows them. The entry that leads to a table is one level up; its clear comes right before
  /// the free, or is the first one after it if the table is still linked.
  var levelsOfNewTables: [Int: Level] {
    var parents: [Int: Int] = [:]
    var cleared: Int?
    var linked: [Int] = []
    for event in events {
      switch EventKind(rawValue: event.kind) {
      case .clear:
        cleared = event.a < UInt64(after.tables.count) ? Int(event.a) : nil
        for table in linked { parents[table] = cleared }
        linked = []
      case .free, .freeReserved:
        guard let table = Pool.table(ofPFN: event.a, in: layout), table >= before.lives.count,
          namedLevel(of: table) == nil
        else { continue }
        if event.detail == 1 { linked.append(table) } else { parents[table] = cleared }
      default: break
      }
    }
    var levels: [Int: Level] = [:]
    // Each round names the tables below those of the one before.
    for _ in layout.mode.levels {
      for (table, parent) in parents where levels[table] == nil {
        guard let level = namedLevel(of: parent) ?? levels[parent] else { continue }
        levels[table] = layout.mode.levels.last { $0 < level }
      }
    }
    return levels
  }
}
