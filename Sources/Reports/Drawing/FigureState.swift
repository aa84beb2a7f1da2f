// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// A state to be drawn, with all that is pointed out in it.
struct FigureState: Sendable {
  /// The tables.
  let snapshot: TableSnapshot
  /// The tables that the case began with; nil where that is what is drawn.
  let earlier: TableSnapshot?
  /// Of each table, whose its page is and what of its constructors.
  let lives: [PageLife]
  /// Whose other pages are.
  let owners: PageOwners
  /// What the calls are about.
  let ranges: CallRanges
  /// The entry in which the sides part.
  let marked: (table: Int, slot: Int)?
  /// The tables in whose fate they part.
  let markedTables: Set<Int>
  /// The slot behind a table's end at which the subject was stopped.
  let overrun: (table: Int, slot: UInt64)?

  /// The tables that must not be left out: those pointed out, then those that something happened to.
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

  /// Whose a table's page is, whether its constructor has run, and what it translates.
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

  /// The entries of a table as rows: what stands there, and what stood there and is gone.
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

  /// What the subject was after behind a table's end.
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

  /// The slots that the case emptied and those that were empty in the range of a call, neighbours together.
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
          isCleared: run.isCleared)
      )
    }
  }

  /// Whether a call is about what a slot translates; not known of tables that nothing leads to.
  private func touches(_ slot: Int, in table: Int) -> Bool {
    guard let place = snapshot.reached[table] else { return false }
    let span = snapshot.naming.layout.size(of: place.level)
    return ranges.touch(place.address &+ UInt64(slot) &* span, span: span)
  }
}
