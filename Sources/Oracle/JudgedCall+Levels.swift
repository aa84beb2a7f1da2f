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

  /// The levels of the tables that the call allocated and freed while an entry led to them. Those of the
  /// memmap have no constructor that would name it, and no state shows them. The first clear after such a
  /// free is that of the entry, which is one level up. A table above goes later, so the last free comes first.
  var levelsOfNewTables: [Int: Level] {
    var levels: [Int: Level] = [:]
    var parent: Int?
    for event in events.reversed() {
      switch EventKind(rawValue: event.kind) {
      case .clear:
        parent = event.a < UInt64(after.tables.count) ? Int(event.a) : nil
      case .free, .freeReserved:
        guard event.detail == 1, let table = Pool.table(ofPFN: event.a, in: layout),
          table >= before.lives.count, namedLevel(of: table) == nil, let above = parent,
          let level = namedLevel(of: above) ?? levels[above]
        else { continue }
        levels[table] = layout.mode.levels.last { $0 < level }
      default: break
      }
    }
    return levels
  }
}
