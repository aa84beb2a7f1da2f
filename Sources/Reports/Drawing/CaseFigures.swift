// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Port

/// Makes the drawings of one case.
struct CaseFigures {
  private let id: String
  private let drawing: CaseTables
  private let owners: PageOwners
  private let ranges: CallRanges
  private let marked: (table: Int, slot: Int)?
  private let markedTables: Set<Int>
  private let overrun: (table: Int, slot: UInt64)?

  init(id: String, drawing: CaseTables, scenario: Scenario, difference: Difference?) {
    self.id = id
    self.drawing = drawing
    owners = PageOwners(drawing.image)
    ranges = CallRanges(scenario.operations, layout: drawing.image.layout)
    marked = difference.flatMap(CaseBlocks.markedEntry)
    markedTables = difference.map { Self.tables(partedIn: $0, drawing.naming) } ?? []
    overrun =
      if case .ending(let subject, _)? = difference,
        subject.kind == EndingKind.overrun.rawValue
      {
        (Int(subject.table), UInt64(subject.slot))
      } else {
        nil
      }
  }

  /// The tables that a difference concerns as a whole.
  private static func tables(partedIn difference: Difference, _ naming: TableNames) -> Set<Int> {
    switch difference {
    case .life(let table, _, _): [table]
    case .event(_, _, let subject, let reference):
      Set(
        [subject, reference].compactMap { event in
          switch event.flatMap({ EventKind(rawValue: $0.kind) }) {
          case .allocate, .construct, .destruct, .free, .freeReserved, .getPage, .putPage:
            event.flatMap { Pool.table(ofPFN: $0.a, in: naming.layout) }
          default: nil
          }
        })
    case .ending(let subject, let reference):
      Set(
        [subject, reference].filter { $0.kind == EndingKind.overrun.rawValue }.map {
          Int($0.table)
        })
    case .entry, .global, .altmap: []
    }
  }

  func before() -> Figure {
    let before = drawing.snapshotBefore()
    return figure("before", "tables before", before, lives: lives(before), earlier: nil)
  }

  /// The tables after the case: one figure if both sides left the same tables, else one per observed side.
  func after(
    _ subject: Observation?, _ reference: Observation?, _ names: SideNames
  ) -> [Figure] {
    let before = drawing.snapshotBefore()
    func after(_ name: String, _ caption: Phrase, _ side: Observation) -> Figure {
      figure(name, caption, drawing.snapshot(after: side), lives: side.lives, earlier: before)
    }
    if let subject, let reference, subject.tables == reference.tables,
      subject.lives == reference.lives
    {
      return [after("after", "tables after, both sides", subject)]
    }
    return [
      subject.map { after("subject", "tables after, \(names.subject)", $0) },
      reference.map { after("reference", "tables after, \(names.reference)", $0) },
    ].compactMap { $0 }
  }

  private func lives(_ before: TableSnapshot) -> [PageLife] {
    drawing.image.tables.map {
      PageLife(
        level: $0.level, owner: $0.owner, live: 1, constructed: Int32(clamping: $0.constructed))
    }
  }

  private func figure(
    _ name: String, _ caption: Phrase, _ snapshot: TableSnapshot, lives: [PageLife],
    earlier: TableSnapshot?
  ) -> Figure {
    let mark = earlier == nil ? nil : marked
    let state = FigureState(
      snapshot: snapshot, earlier: earlier, lives: lives, owners: owners, ranges: ranges,
      marked: mark, markedTables: earlier == nil ? [] : markedTables,
      overrun: earlier == nil ? nil : overrun)
    return Figure(
      id: "\(id)-\(name)", caption: caption, scene: TableScene(state),
      lines: CaseBlocks.lines(TableTree(snapshot, marked: mark).lines()))
  }
}
