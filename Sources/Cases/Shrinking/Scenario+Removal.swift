// SPDX-License-Identifier: GPL-2.0-only

extension Scenario {
  func with(_ change: (inout Scenario) -> Void) -> Scenario {
    var scenario = self
    change(&scenario)
    return scenario
  }

  /// The numbers of all tables that a walk from `table` can reach, `table` included.
  func tablesBelow(_ table: Int) -> Set<Int> {
    var found: Set<Int> = []
    var open = [table]
    while let next = open.popLast() {
      guard tables.indices.contains(next), found.insert(next).inserted else { continue }
      for run in tables[next].entries {
        if case .table(let child) = run.value { open.append(child) }
      }
    }
    return found
  }

  /// A table and the tables that no other table points to.
  func subtree(of table: Int) -> Set<Int> {
    let below = tablesBelow(table)
    let cut = with { $0.tables[table].entries = [] }
    var kept: Set<Int> = []
    for other in tables.indices where !below.contains(other) && !kept.contains(other) {
      kept.formUnion(cut.tablesBelow(other))
    }
    return below.subtracting(kept).union([table])
  }

  /// The scenario without the tables `gone` and the pointers to them. The later tables move up and get new
  /// numbers everywhere. Nil if `gone` has the root or a table that a call takes.
  func removing<Numbers: Collection<Int>>(tables gone: Numbers) -> Scenario? {
    let gone = Set(gone)
    guard !gone.contains(0) else { return nil }
    let named = operations.flatMap { [$0.table, $0.parentTable] }.compactMap(\.self)
    guard gone.isDisjoint(with: named) else { return nil }
    var number: [Int] = []
    var next = 0
    for table in tables.indices {
      number.append(next)
      if !gone.contains(table) { next += 1 }
    }
    var scenario = self
    scenario.tables = tables.indices.filter { !gone.contains($0) }.map { index in
      var table = tables[index]
      table.entries = table.entries.compactMap { run in
        guard case .table(let child) = run.value, number.indices.contains(child) else { return run }
        return gone.contains(child)
          ? nil : EntryRun(slot: run.slot, count: run.count, value: .table(number[child]))
      }
      return table
    }
    for index in operations.indices {
      func renumbered(_ table: Int?) -> Int? {
        table.map { number.indices.contains($0) ? number[$0] : $0 }
      }
      scenario.operations[index].table = renumbered(operations[index].table)
      scenario.operations[index].parentTable = renumbered(operations[index].parentTable)
    }
    return scenario
  }

  /// The scenario without the altmaps `gone` (indices from 0). A call that took one of them takes NULL.
  func removing(altmaps gone: Range<Int>) -> Scenario {
    with { scenario in
      scenario.altmaps.removeSubrange(gone)
      for index in scenario.operations.indices {
        guard let altmap = scenario.operations[index].altmap else { continue }
        if gone.contains(altmap - 1) {
          scenario.operations[index].altmap = nil
        } else if altmap > gone.upperBound {
          scenario.operations[index].altmap = altmap - gone.count
        }
      }
    }
  }

  /// The place of each run of entries.
  var places: [RunPlace] {
    tables.indices.flatMap { table in
      tables[table].entries.indices.map { RunPlace(table: table, run: $0) }
    }
  }

  subscript(place: RunPlace) -> EntryRun {
    get { tables[place.table].entries[place.run] }
    set { tables[place.table].entries[place.run] = newValue }
  }
}

/// The place of a run of entries: its table, and its index in that table.
struct RunPlace: Hashable {
  var table: Int
  var run: Int
}
