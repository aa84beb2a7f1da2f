// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// Page tables as an indented tree, with a line per run of similar entries. Unlinked tables are at the end.
struct TableTree: Sendable {
  struct Line: Sendable, Hashable {
    /// The text, with its indentation.
    var text: String
    /// Whether the line has the marked entry.
    var isMarked: Bool
  }

  private let snapshot: TableSnapshot
  private let marked: (table: Int, slot: Int)?

  /// Creates a tree of one state's tables. A freed table has one line, without its entries.
  init(
    naming: TableNames, tables: [[UInt64]], isLive: [Bool], marked: (table: Int, slot: Int)?,
    architecture: Architecture = .riscv
  ) {
    self.init(
      TableSnapshot(naming: naming, tables: tables, isLive: isLive, architecture: architecture),
      marked: marked)
  }

  /// Creates a tree of a snapshot.
  init(_ snapshot: TableSnapshot, marked: (table: Int, slot: Int)?) {
    self.snapshot = snapshot
    self.marked = marked
  }

  /// The lines, with the root's tree first.
  func lines() -> [Line] {
    var seen: Set<Int> = []
    var lines: [Line] = []
    append(table: 0, depth: 0, seen: &seen, to: &lines)
    let linked = lines.count
    for table in snapshot.tables.indices where !seen.contains(table) {
      if lines.count == linked { lines.append(Line(text: "not linked:", isMarked: false)) }
      append(table: table, depth: 1, seen: &seen, to: &lines)
    }
    return lines
  }

  private func append(table: Int, depth: Int, seen: inout Set<Int>, to lines: inout [Line]) {
    let indent = String(repeating: "  ", count: depth)
    let isFirst = seen.insert(table).inserted
    let name = snapshot.naming.table(table)
    guard snapshot.holds(table) else {
      lines.append(
        Line(text: "\(indent)\(name): freed", isMarked: isFirst && marked?.table == table))
      return
    }
    lines.append(
      Line(
        text: "\(indent)\(name)\(table == 0 ? ", the root" : "")"
          + (isFirst ? "" : " (see above)"), isMarked: false))
    guard isFirst else { return }
    let mark = marked.flatMap { $0.table == table ? $0.slot : nil }
    for run in snapshot.runs(of: table, marked: mark) {
      let holdsMark = mark.map { run.slots.contains($0) } ?? false
      lines.append(Line(text: "\(indent)  \(describe(run, in: table))", isMarked: holdsMark))
      if let below = snapshot.tableBelow(run.word), snapshot.tables.indices.contains(below) {
        append(table: below, depth: depth + 2, seen: &seen, to: &lines)
      }
    }
  }

  private func describe(_ run: TableSnapshot.Run, in table: Int) -> String {
    if run.word == 0 { return "\(run.label) nothing" }
    if let below = snapshot.tableBelow(run.word) { return "\(run.label) -> table \(below)" }
    if snapshot.isLeaf(run.word) {
      return "\(run.label) \(snapshot.leaves(run, in: table)), \(snapshot.physical(run.word)) "
        + snapshot.flags(run.word)
    }
    return
      "\(run.label) word \(snapshot.naming.hex(run.word)), neither leaf nor table of the case"
  }
}
