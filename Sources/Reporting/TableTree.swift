// SPDX-License-Identifier: GPL-2.0-only

import MachineModel
import PageTables

/// Page tables as an indented tree: a line for each run of like entries, the tables that nothing
/// links to at the end.
public struct TableTree: Sendable {
  /// One line of the tree.
  public struct Line: Sendable, Hashable {
    /// Indentation included.
    public var text: String
    /// Whether the line holds the entry asked to be marked.
    public var isMarked: Bool
  }

  private let naming: Naming
  private let tables: [[UInt64]]
  private let isLive: [Bool]
  private let marked: (table: Int, slot: Int)?
  private let bits: EntryBits
  /// The levels of the tables that can be reached, by where they hang.
  private let reached: [Int: Level]

  /// A tree of the tables of one state; freed ones are named and not entered.
  public init(
    naming: Naming, tables: [[UInt64]], isLive: [Bool], marked: (table: Int, slot: Int)?,
    architecture: Architecture = .riscv
  ) {
    self.naming = naming
    self.tables = tables
    self.isLive = isLive
    self.marked = marked
    bits = architecture.entryBits
    let walk = PageTableWalk(tables, layout: naming.layout)
    reached = Dictionary(walk.tables.map { ($0.number, $0.level) }) { first, _ in first }
  }

  /// The lines, the root's tree first.
  public func lines() -> [Line] {
    var seen: Set<Int> = []
    var lines: [Line] = []
    append(table: 0, depth: 0, seen: &seen, to: &lines)
    for table in tables.indices where !seen.contains(table) {
      lines.append(Line(text: "not linked:", isMarked: false))
      append(table: table, depth: 1, seen: &seen, to: &lines)
    }
    return lines
  }

  private func append(table: Int, depth: Int, seen: inout Set<Int>, to lines: inout [Line]) {
    let indent = String(repeating: "  ", count: depth)
    let isFirst = seen.insert(table).inserted
    guard isLive.indices.contains(table), isLive[table] else {
      lines.append(
        Line(
          text: "\(indent)\(naming.table(table)): freed",
          isMarked: isFirst && marked?.table == table))
      return
    }
    lines.append(
      Line(
        text: "\(indent)\(naming.table(table))\(table == 0 ? ", the root" : "")"
          + (isFirst ? "" : " (see above)"), isMarked: false))
    guard isFirst else { return }
    for run in runs(of: table) {
      let holdsMark = marked.map { $0.table == table && run.slots.contains($0.slot) } ?? false
      lines.append(Line(text: "\(indent)  \(describe(run, in: table))", isMarked: holdsMark))
      if let below = tableBelow(run.word), tables.indices.contains(below) {
        append(table: below, depth: depth + 2, seen: &seen, to: &lines)
      }
    }
  }

  private struct Run {
    var slots: ClosedRange<Int>
    var word: UInt64
  }

  /// Neighbouring leaves whose PFNs follow each other are one run; the marked slot stands alone, and
  /// is shown even when it is empty.
  private func runs(of table: Int) -> [Run] {
    var runs: [Run] = []
    let step = leafPages(in: table)
    for (slot, word) in tables[table].prefix(naming.layout.entriesPerTable).enumerated() {
      let isMarked = marked.map { $0 == (table, slot) } ?? false
      guard word != 0 || isMarked else { continue }
      if let last = runs.last, last.slots.upperBound == slot - 1, !isMarked,
        !(marked.map { $0 == (table, slot - 1) } ?? false), isLeaf(word), isLeaf(last.word),
        word == last.word &+ (UInt64(last.slots.count) * step) << bits.pfnShift
      {
        runs[runs.count - 1].slots = last.slots.lowerBound...slot
      } else {
        runs.append(Run(slots: slot...slot, word: word))
      }
    }
    return runs
  }

  private func isLeaf(_ word: UInt64) -> Bool {
    word & (bits.present | bits.protNone) != 0 && word & bits.leaf != 0
  }

  private func tableBelow(_ word: UInt64) -> Int? {
    guard word & bits.present != 0, word & bits.leaf == 0 else { return nil }
    return Pool.table(ofPFN: pfn(word), in: naming.layout)
  }

  private func pfn(_ word: UInt64) -> UInt64 {
    (word >> bits.pfnShift) & ((1 << bits.pfnBits) - 1)
  }

  private func level(of table: Int) -> Level? {
    guard table < naming.levels.count else { return nil }
    // Of a table that no constructor ran for nobody has said the level.
    return Level(rawValue: UInt8(truncatingIfNeeded: naming.levels[table])) ?? reached[table]
  }

  private func leafPages(in table: Int) -> UInt64 {
    level(of: table).map { naming.layout.size(of: $0) >> AddressLayout.pageShift } ?? 1
  }

  private func describe(_ run: Run, in table: Int) -> String {
    let slots =
      run.slots.count == 1
      ? "[\(run.slots.lowerBound)]" : "[\(run.slots.lowerBound)..\(run.slots.upperBound)]"
    if run.word == 0 { return "\(slots) nothing" }
    if let below = tableBelow(run.word) { return "\(slots) -> table \(below)" }
    if isLeaf(run.word) {
      let size = Naming.size(leafPages(in: table) << AddressLayout.pageShift)
      let count = run.slots.count > 1 ? "\(run.slots.count) x " : ""
      return
        "\(slots) \(count)\(size) leaf, pa \(naming.hex(pfn(run.word) << 12)) \(flags(run.word))"
    }
    return "\(slots) word \(naming.hex(run.word)), neither leaf nor table of the case"
  }

  private func flags(_ word: UInt64) -> String {
    let letters: [(UInt64, Character)] = [
      (bits.present, "v"), (bits.read, "r"), (bits.write, "w"), (bits.execute, "x"),
      (bits.user, "u"), (bits.global, "g"), (bits.accessed, "a"), (bits.dirty, "d"),
    ]
    return String(letters.map { word & $0.0 != 0 ? $0.1 : "-" })
  }
}
