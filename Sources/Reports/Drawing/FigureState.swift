// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// A state to draw, with all its highlights.
struct FigureState: Sendable {
  let snapshot: TableSnapshot
  /// The tables before the case; nil for the figure of that state itself.
  let earlier: TableSnapshot?
  /// The owner and the constructor balance of each table's page.
  let lives: [PageLife]
  /// The owners of other pages.
  let owners: PageOwners
  /// The address ranges of the calls.
  let ranges: CallRanges
  /// The entry in which the sides differ.
  let marked: (table: Int, slot: Int)?
  /// The tables in whose life the sides differ.
  let markedTables: Set<Int>
  /// The slot beyond a table's end at which the subject was stopped.
  let overrun: (table: Int, slot: UInt64)?

  /// The tables that a drawing keeps, at most 64: the highlighted ones, then those that changed.
  var matters: [Int] {
    var tables = [marked?.table].compactMap { $0 } + markedTables.sorted()
    if let earlier {
      tables += snapshot.tables.indices.filter { table in
        !snapshot.holds(table) || !earlier.tables.indices.contains(table)
          || snapshot.words(of: table) != earlier.words(of: table)
      }
    }
    return Array(tables.prefix(64))
  }

  /// The owner of a table's page, its constructor balance, and the first address that it translates.
  func notes(of table: Int) -> [String] {
    guard lives.indices.contains(table) else { return [] }
    let life = lives[table]
    let constructed =
      switch life.constructed {
      case 0: "no constructor"
      case 1: "constructed"
      default: "constructor balance \(life.constructed)"
      }
    var notes = ["\(PageOwners.name(life.owner)), \(constructed)"]
    if table == 0 { notes.append("the root") }
    if table != 0, let reached = snapshot.reached[table] {
      notes.append("from \(snapshot.naming.hex(reached.address))")
    }
    return notes
  }

  /// The entries of a table as rows, with those that the case emptied.
  func rows(of table: Int) -> [TableScene.Row] {
    let mark = marked.flatMap { $0.table == table ? $0.slot : nil }
    let runs = snapshot.runs(of: table, marked: mark) { left, right in
      touches(left, in: table) == touches(right, in: table)
    }
    let present = runs.map { run in
      (run.slots.lowerBound, row(run, of: table, isMarked: mark.map(run.slots.contains) ?? false))
    }
    let own = (present + emptied(in: table, but: mark)).sorted { $0.0 < $1.0 }.map(\.1)
    return own + beyond(table)
  }

  /// The row for the slot beyond the table's end that the subject accessed.
  private func beyond(_ table: Int) -> [TableScene.Row] {
    guard let overrun, overrun.table == table else { return [] }
    return [
      TableScene.Row(
        label: "[\(overrun.slot)]", text: "accessed by subject", note: "behind the table's end",
        isMarked: true)
    ]
  }

  private func row(
    _ run: TableSnapshot.Run, of table: Int, isMarked: Bool
  ) -> TableScene.Row {
    var row = TableScene.Row(
      label: run.label, text: "", isInRange: touches(run.slots.lowerBound, in: table),
      isMarked: isMarked)
    if run.word == 0 {
      row.isEmpty = true
      row.isCleared = stood(run.slots.lowerBound, in: table)
      row.text = row.isCleared ? "cleared" : "empty"
    } else if let below = snapshot.tableBelow(run.word) {
      row.text = "to table \(below)"
      row.target = below
    } else if snapshot.isLeaf(run.word) {
      let pages = UInt64(run.slots.count) &* snapshot.leafPages(in: table)
      row.text = "\(snapshot.leaves(run, in: table)), \(snapshot.flags(run.word))"
      row.note =
        "\(snapshot.physical(run.word)), "
        + owners.owner(ofPages: pages, from: snapshot.pfn(run.word))
    } else {
      row.text = "word \(snapshot.naming.hex(run.word))"
      row.note = "neither leaf nor table"
    }
    return row
  }

  private func stood(_ slot: Int, in table: Int) -> Bool {
    guard let earlier, earlier.tables.indices.contains(table) else { return false }
    return earlier.tables[table][slot] != 0
  }

  /// The slots that the case emptied, and empty slots in the range of a call. Equal neighbours form one row.
  private func emptied(in table: Int, but mark: Int?) -> [(Int, TableScene.Row)] {
    var runs: [(slots: ClosedRange<Int>, isInRange: Bool, isCleared: Bool)] = []
    for (slot, word) in snapshot.words(of: table).enumerated() where word == 0 && slot != mark {
      let (isInRange, isCleared) = (touches(slot, in: table), stood(slot, in: table))
      guard isInRange || isCleared else { continue }
      if let last = runs.last, last.slots.upperBound == slot - 1, last.isInRange == isInRange,
        last.isCleared == isCleared
      {
        runs[runs.count - 1].slots = last.slots.lowerBound...slot
      } else {
        runs.append((slot...slot, isInRange, isCleared))
      }
    }
    return runs.map { run in
      let label = TableSnapshot.Run(slots: run.slots, word: 0).label
      return (
        run.slots.lowerBound,
        TableScene.Row(
          label: label, text: run.isCleared ? "cleared" : "empty", isInRange: run.isInRange,
          isEmpty: true, isCleared: run.isCleared)
      )
    }
  }

  /// Whether the range of a call overlaps a slot's range; false for tables that the root does not reach.
  private func touches(_ slot: Int, in table: Int) -> Bool {
    guard let place = snapshot.reached[table] else { return false }
    let span = snapshot.naming.layout.size(of: place.level)
    return ranges.touch(place.address &+ UInt64(slot) &* span, span: span)
  }
}
