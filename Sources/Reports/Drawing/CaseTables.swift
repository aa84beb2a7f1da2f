// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Port

/// The tables of one case, before and after, with their names.
struct CaseTables: Sendable {
  /// The names of the case's tables, with those that the side with more tables allocated.
  let naming: TableNames
  /// The initial state of the case.
  let image: MachineImage

  /// Nil when the scenario cannot be lowered.
  init?(scenario: Scenario, subject: Observation?, reference: Observation?) {
    guard let image = try? scenario.lowered() else { return nil }
    self.image = image
    let known = image.tables.map(\.level)
    let longer = [subject, reference].compactMap { $0?.lives.map(\.level) }.max {
      $0.count < $1.count
    }
    naming = TableNames(
      layout: image.layout, levels: known + (longer ?? []).dropFirst(known.count))
  }

  /// The names of one side's tables. The sides may have allocated tables of different levels under the same
  /// number.
  func naming(of observation: Observation) -> TableNames {
    let known = image.tables.map(\.level)
    return TableNames(
      layout: image.layout, levels: known + observation.lives.map(\.level).dropFirst(known.count))
  }

  /// The tree of the tables before the case.
  func before() -> [TableTree.Line] {
    TableTree(snapshotBefore(), marked: nil).lines()
  }

  /// The tree of the tables that one side left; `marked` is the highlighted entry.
  func after(
    _ observation: Observation, marked: (table: Int, slot: Int)?
  ) -> [TableTree.Line] {
    TableTree(snapshot(after: observation), marked: marked).lines()
  }

  /// The snapshot of the tables before the case.
  func snapshotBefore() -> TableSnapshot {
    var tables = Array(
      repeating: [UInt64](repeating: 0, count: image.layout.entriesPerTable),
      count: image.tables.count)
    for run in image.runs {
      for (slot, word) in run.words { tables[Int(run.table)][slot] = word }
    }
    return TableSnapshot(naming: naming, tables: tables, isLive: tables.map { _ in true })
  }

  /// The snapshot of the tables that one side left.
  func snapshot(after observation: Observation) -> TableSnapshot {
    TableSnapshot(
      naming: naming(of: observation), tables: observation.tables,
      isLive: observation.lives.map { $0.live == 1 })
  }
}
