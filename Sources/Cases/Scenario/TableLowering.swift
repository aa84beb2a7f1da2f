// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Checks the tables of a scenario and lowers them to runs of words.
struct TableLowering {
  let scenario: Scenario
  let layout: AddressLayout
  let bits: EntryBits

  /// The non-zero words of all tables, by table and slot.
  func runs() throws(ScenarioError) -> [TableRun] {
    let tables = scenario.tables
    guard let root = tables.first, root.level == .pgd else {
      throw ScenarioError("tables", "table 0 must be the root, of level \"pgd\"")
    }
    guard tables.count <= Scenario.maximumTables else {
      throw ScenarioError("tables", "more than \(Scenario.maximumTables)")
    }
    var runs: [TableRun] = []
    for (number, table) in tables.enumerated() {
      let path = "tables[\(number)]"
      guard number == 0 || table.level != .pgd else {
        throw ScenarioError("\(path).level", "only table 0 is the root")
      }
      guard !layout.mode.isFolded(table.level) else {
        throw ScenarioError(
          "\(path).level", "\(table.level.name) is folded in \(layout.mode.name)")
      }
      guard table.owner != .altmap else {
        throw ScenarioError("\(path).owner", "a table is the allocator's or reserved")
      }
      var next = 0
      for (index, run) in table.entries.enumerated() {
        let runPath = "\(path).entries[\(index)]"
        try checkSlots(of: run, after: next, path: runPath)
        next = run.slot + run.count
        runs.append(try lowered(run, of: number, path: runPath))
      }
    }
    return runs
  }

  private func checkSlots(
    of run: Scenario.EntryRun, after next: Int, path: String
  ) throws(ScenarioError) {
    let entries = layout.entriesPerTable
    guard (0..<entries).contains(run.slot) else {
      throw ScenarioError("\(path).slot", "\(run.slot) is not in 0...\(entries - 1)")
    }
    guard (1...entries - run.slot).contains(run.count) else {
      throw ScenarioError("\(path).count", "\(run.count) is not in 1...\(entries - run.slot)")
    }
    guard run.slot >= next else {
      throw ScenarioError("\(path).slot", "not sorted, or overlaps the run before")
    }
  }

  private func lowered(
    _ run: Scenario.EntryRun, of number: Int, path: String
  ) throws(ScenarioError) -> TableRun {
    let level = scenario.tables[number].level
    // The checks above ensure that slot and count fit.
    var flat = TableRun(
      table: UInt32(number), slot: UInt16(run.slot), count: UInt16(run.count), word: 0)
    switch run.value {
    case .raw(let word):
      guard word != 0 else {
        throw ScenarioError("\(path).word", "a zero word is no entry: leave the slot out")
      }
      flat.word = word
    case .table(let child):
      guard run.count == 1 else { throw ScenarioError("\(path).count", "a table has one slot") }
      guard scenario.tables.indices.contains(child) else {
        throw ScenarioError("\(path).table", "there is no table \(child)")
      }
      // Every pointer leads one level down, so there can be no cycle.
      let below = layout.mode.levels.last { $0 < level }
      guard scenario.tables[child].level == below else {
        throw ScenarioError(
          "\(path).table",
          "a \(level.name) table cannot point to a \(scenario.tables[child].level.name) table"
            + " in \(layout.mode.name)")
      }
      flat.word = bits.tableWord(pfn: Pool.pfn(ofTable: child, in: layout))
    case .leaf(let pfn, let protection):
      try checkLeaf(pfn: pfn, protection: protection, count: run.count, level: level, path: path)
      flat.word = bits.leafWord(pfn: pfn, protection: protection)
      guard run.count > 1 else { break }
      flat.step = (layout.size(of: level) >> AddressLayout.pageShift) << bits.pfnShift
    }
    return flat
  }

  private func checkLeaf(
    pfn: UInt64, protection: UInt64, count: Int, level: Level, path: String
  ) throws(ScenarioError) {
    let limit: UInt64 = 1 << bits.pfnBits
    let pages = UInt64(count) * (layout.size(of: level) >> AddressLayout.pageShift)
    guard pfn < limit, pages <= limit - pfn else {
      throw ScenarioError("\(path).leaf", "no such page frames")
    }
    guard protection & ((limit - 1) << bits.pfnShift) == 0 else {
      throw ScenarioError("\(path).protection", "has bits of the page frame number")
    }
    guard level == .pte ? protection != 0 : protection & bits.leaf != 0 else {
      throw ScenarioError("\(path).protection", "a leaf can be read, written or executed")
    }
  }
}
