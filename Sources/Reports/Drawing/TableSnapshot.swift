// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// Page tables at one moment, as runs of similar entries. It is the source of text trees and drawings.
struct TableSnapshot: Sendable {
  /// One slot, or neighbouring leaves that map consecutive pages.
  struct Run: Sendable, Hashable {
    var slots: ClosedRange<Int>
    /// The word in the first slot; in a run of leaves, the pages of the others follow it.
    var word: UInt64

    /// "[5]" or "[5..7]".
    var label: String {
      slots.count == 1 ? "[\(slots.lowerBound)]" : "[\(slots.lowerBound)..\(slots.upperBound)]"
    }
  }

  /// The names of the tables, and the address layout.
  let naming: TableNames
  /// The words of each table's page; table 0 is the root.
  let tables: [[UInt64]]
  /// Whether the page of each table is not freed.
  let isLive: [Bool]
  /// The tables that the root reaches, by number, with their levels and addresses.
  let reached: [Int: PageTableWalk.Table]
  private let bits: EntryBits

  /// Creates the snapshot of one state.
  init(
    naming: TableNames, tables: [[UInt64]], isLive: [Bool], architecture: Architecture = .riscv
  ) {
    self.naming = naming
    self.tables = tables
    self.isLive = isLive
    bits = architecture.entryBits
    let walk = PageTableWalk(tables, layout: naming.layout)
    reached = Dictionary(walk.tables.map { ($0.number, $0) }) { first, _ in first }
  }

  /// Whether a table of this number exists and is not freed.
  func holds(_ table: Int) -> Bool { isLive.indices.contains(table) && isLive[table] }

  /// The words of a table's entries.
  func words(of table: Int) -> ArraySlice<UInt64> {
    tables[table].prefix(naming.layout.entriesPerTable)
  }

  /// The non-empty entries of a table. Neighbouring leaves of consecutive pages form one run if their slots
  /// are `alike`. The `marked` slot is a run of its own, even if it is empty.
  func runs(
    of table: Int, marked: Int? = nil, alike: (Int, Int) -> Bool = { _, _ in true }
  ) -> [Run] {
    var runs: [Run] = []
    let step = leafPages(in: table)
    for (slot, word) in words(of: table).enumerated() {
      guard word != 0 || slot == marked else { continue }
      if let last = runs.last, last.slots.upperBound == slot - 1, slot != marked,
        slot - 1 != marked, alike(slot - 1, slot), isLeaf(word), isLeaf(last.word),
        word == last.word &+ (UInt64(last.slots.count) * step) << bits.pfnShift
      {
        runs[runs.count - 1].slots = last.slots.lowerBound...slot
      } else {
        runs.append(Run(slots: slot...slot, word: word))
      }
    }
    return runs
  }

  /// Whether the kernel takes a word for a leaf.
  func isLeaf(_ word: UInt64) -> Bool {
    word & (bits.present | bits.protNone) != 0 && word & bits.leaf != 0
  }

  /// The number of the table that a word points to; nil for leaves and words that point to no table.
  func tableBelow(_ word: UInt64) -> Int? {
    guard word & bits.present != 0, word & bits.leaf == 0 else { return nil }
    return Pool.table(ofPFN: pfn(word), in: naming.layout)
  }

  /// The PFN in a word.
  func pfn(_ word: UInt64) -> UInt64 { bits.pfn(of: word) }

  /// The level of a table; nil where it is unknown.
  func level(of table: Int) -> Level? {
    guard table < naming.levels.count else { return nil }
    // A table without a constructor has no recorded level; its place in the tree gives it.
    return Level(rawValue: UInt8(truncatingIfNeeded: naming.levels[table])) ?? reached[table]?.level
  }

  /// The number of pages that a leaf in a table maps; 1 for a table of unknown level.
  func leafPages(in table: Int) -> UInt64 {
    level(of: table).map { naming.layout.size(of: $0) >> AddressLayout.pageShift } ?? 1
  }

  /// "512 x 2 MiB leaf".
  func leaves(_ run: Run, in table: Int) -> String {
    let size = TableNames.size(leafPages(in: table) << AddressLayout.pageShift)
    return (run.slots.count > 1 ? "\(run.slots.count) x " : "") + "\(size) leaf"
  }

  /// The physical address in a word, as "pa 0x80a00000".
  func physical(_ word: UInt64) -> String {
    "pa \(naming.hex(pfn(word) << AddressLayout.pageShift))"
  }

  /// The protection of a leaf, one letter per bit.
  func flags(_ word: UInt64) -> String {
    let letters: [(UInt64, Character)] = [
      (bits.present, "v"), (bits.read, "r"), (bits.write, "w"), (bits.execute, "x"),
      (bits.user, "u"), (bits.global, "g"), (bits.accessed, "a"), (bits.dirty, "d"),
    ]
    return String(letters.map { word & $0.0 != 0 ? $0.1 : "-" })
  }
}
