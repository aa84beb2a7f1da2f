// SPDX-License-Identifier: GPL-2.0-only

/// A walk through all tables reachable from the root, for drawings and rules.
///
/// The walk sees the tables as the hardware does: a valid entry with read, write or execute is a leaf at
/// any level. It visits each table once per level, so that it ends even if tables have several parents
/// or a hostile state has cycles. Such a table appears at the lowest address that leads to it.
public struct PageTableWalk {
  /// The kind of a word in an entry.
  public enum Kind: Hashable, Sendable {
    /// Zero.
    case none
    /// Not zero and not valid, e.g. a prot_none or a swap entry.
    case nonPresent
    /// A mapped page or block. At the lowest level every valid entry is a leaf.
    case leaf
    /// A pointer to a table, given by its number.
    case table(Int)
    /// A pointer to a page that is no table of the snapshot.
    case wild
  }

  /// An entry and its position.
  public struct Entry: Hashable, Sendable {
    /// The level of the table that holds it; never a folded one.
    public var level: Level
    /// The first virtual address that it translates, sign-extended from the bits that the root spans. At
    /// narrow index widths the bits above those do not count.
    public var address: UInt64
    /// The number of the table that holds it.
    public var table: Int
    /// Its slot in that table.
    public var slot: Int
    /// Its value, never zero.
    public var word: UInt64
    public var kind: Kind
  }

  /// A table and the first virtual address it translates.
  public struct Table: Hashable, Sendable {
    /// 0 is the root.
    public var number: Int
    /// Never a folded one.
    public var level: Level
    /// Sign-extended as in `Entry`.
    public var address: UInt64
  }

  /// Tables in the order of the walk: a table, then the tables below its entries, by slot.
  public private(set) var tables: [Table] = []
  /// The non-zero entries in the order of the walk: an entry, then the entries below it.
  public private(set) var entries: [Entry] = []

  private let layout: AddressLayout
  private let bits: EntryBits

  /// Walks a snapshot: the words of each table by number; table 0 is the root. The walk ignores the
  /// words behind the entries of the layout.
  public init(
    _ snapshot: [[UInt64]], layout: AddressLayout,
    bits: EntryBits = Architecture.riscv.entryBits
  ) {
    self.layout = layout
    self.bits = bits
    guard !snapshot.isEmpty else { return }
    var isVisited = [Set<Int>](repeating: [], count: layout.mode.levels.count)
    visit(
      0, at: layout.mode.levels.count - 1, offset: 0, in: snapshot, isVisited: &isVisited)
  }

  /// Walks the current tables of a memory.
  public init(
    _ memory: borrowing TableMemory, layout: AddressLayout,
    bits: EntryBits = Architecture.riscv.entryBits
  ) {
    var snapshot: [[UInt64]] = []
    for table in 0..<memory.count {
      snapshot.append(memory.withTable(table) { [UInt64]($0[..<memory.entriesPerTable]) })
    }
    self.init(snapshot, layout: layout, bits: bits)
  }

  /// The kind of a word in a table of a level, in a snapshot of `tableCount` tables.
  public static func kind(
    of word: UInt64, at level: Level, tableCount: Int, layout: AddressLayout,
    bits: EntryBits = Architecture.riscv.entryBits
  ) -> Kind {
    if word == 0 { return .none }
    if word & bits.present == 0 { return .nonPresent }
    if level == .pte || bits.isLeaf(word) { return .leaf }
    guard let table = Pool.table(ofPFN: bits.pfn(of: word), in: layout), table < tableCount else {
      return .wild
    }
    return .table(table)
  }

  private mutating func visit(
    _ table: Int, at depth: Int, offset: UInt64, in snapshot: [[UInt64]],
    isVisited: inout [Set<Int>]
  ) {
    guard isVisited[depth].insert(table).inserted else { return }
    let level = layout.mode.levels[depth]
    tables.append(Table(number: table, level: level, address: canonical(offset)))
    let words = snapshot[table].prefix(layout.entriesPerTable)
    for (slot, word) in words.enumerated() where word != 0 {
      let start = offset | UInt64(slot) << layout.shift(of: level)
      let kind = Self.kind(
        of: word, at: level, tableCount: snapshot.count, layout: layout, bits: bits)
      entries.append(
        Entry(
          level: level, address: canonical(start), table: table, slot: slot, word: word,
          kind: kind))
      if case .table(let next) = kind {
        visit(next, at: depth - 1, offset: start, in: snapshot, isVisited: &isVisited)
      }
    }
  }

  private func canonical(_ offset: UInt64) -> UInt64 {
    let unused = 64 - (layout.shift(of: .pgd) + layout.indexBits)
    return UInt64(bitPattern: Int64(bitPattern: offset << unused) >> Int64(unused))
  }
}
