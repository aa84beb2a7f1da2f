// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The translations from the root on, as the hardware sees them: leaves, and the tables on the path to
/// them.
struct TranslationMap {
  /// A mapped page or block.
  struct Leaf: Hashable {
    /// First virtual address, relative to the start of the root's span.
    var offset: UInt64
    /// The same address as the kernel writes it.
    var address: UInt64
    /// The level of the table that holds it.
    var level: Level
    /// Bytes.
    var size: UInt64
    var table: Int
    var slot: Int
    var word: UInt64
  }

  /// An entry that points to a table.
  struct Link: Hashable {
    var table: Int
    var slot: Int
  }

  /// Sorted by address.
  private(set) var leaves: [Leaf] = []
  /// The leaves in the root or a P4D table.
  private(set) var upperLeaves: [Leaf] = []
  /// For each table by number: its place in the address space; nil if no entry leads there.
  private(set) var places: [PageTableWalk.Table?]
  /// For each table by number: the entries that point to it.
  private(set) var links: [[Link]]
  /// Pages of the table pool that are mapped as single pages of the memmap.
  private var mappedPages: Set<Int> = []
  /// An entry that points to a freed table.
  private(set) var dangling: (link: Link, table: Int)?

  init(_ tables: [[UInt64]], lives: [PageLife], layout: AddressLayout) {
    let walk = PageTableWalk(tables, layout: layout)
    let span = AddressSpan(layout)
    places = Array(repeating: nil, count: tables.count)
    links = Array(repeating: [], count: tables.count)
    for table in walk.tables where places[table.number] == nil { places[table.number] = table }
    for entry in walk.entries {
      switch entry.kind {
      case .leaf:
        note(entry, layout)
        leaves.append(
          Leaf(
            offset: span.offset(of: entry.address), address: entry.address, level: entry.level,
            size: layout.size(of: entry.level), table: entry.table, slot: entry.slot,
            word: entry.word))
      case .table(let number):
        let link = Link(table: entry.table, slot: entry.slot)
        links[number].append(link)
        if lives[number].live == 0, dangling == nil { dangling = (link, number) }
      case .none, .nonPresent, .wild: break
      }
    }
    leaves.sort { $0.offset < $1.offset }
    upperLeaves = leaves.filter { $0.level >= .p4d }
  }

  private mutating func note(_ entry: PageTableWalk.Entry, _ layout: AddressLayout) {
    let pfn = Architecture.riscv.entryBits.pfn(of: entry.word)
    guard entry.level == .pte, let table = Pool.table(ofPFN: pfn, in: layout) else { return }
    mappedPages.insert(table)
  }

  /// Whether a page of the table pool is mapped and is no table.
  func isBacking(_ table: Int) -> Bool {
    mappedPages.contains(table) && (table >= links.count || links[table].isEmpty)
  }

  /// Whether an entry of the root points to a table.
  func isBelowRoot(_ table: Int) -> Bool {
    table < links.count && links[table].contains { $0.table == 0 }
  }

  /// Leaves of `self` that are different or missing in a later map, then those that are new in it.
  func changes(to later: TranslationMap) -> (gone: [Leaf], new: [Leaf]) {
    var gone: [Leaf] = []
    var new: [Leaf] = []
    var (mine, theirs) = (leaves[...], later.leaves[...])
    while let one = mine.first, let other = theirs.first {
      if one == other {
        mine.removeFirst()
        theirs.removeFirst()
      } else if one.offset <= other.offset {
        gone.append(one)
        mine.removeFirst()
      } else {
        new.append(other)
        theirs.removeFirst()
      }
    }
    return (gone + mine, new + theirs)
  }
}

/// The addresses that the root table spans. At narrow index widths the bits above them do not count.
struct AddressSpan {
  /// Bytes, a power of two.
  let size: UInt64

  init(_ layout: AddressLayout) {
    size = 1 << (layout.shift(of: .pgd) + layout.indexBits)
  }

  func offset(of address: UInt64) -> UInt64 { address & (size - 1) }
}

/// A range of virtual addresses within a span.
struct AddressRange {
  private let span: AddressSpan
  let start: UInt64
  /// Bytes; 0 for a range that ends before it begins.
  let length: UInt64

  init(_ start: UInt64, _ end: UInt64, in span: AddressSpan) {
    self.span = span
    self.start = start
    length = end > start ? end - start : 0
  }

  /// A range of `length` bytes from an address on, which may end at the end of all addresses.
  init(_ start: UInt64, length: UInt64, in span: AddressSpan) {
    self.span = span
    self.start = start
    self.length = length
  }

  /// Whether an address of the leaf is in the range.
  func touches(_ leaf: TranslationMap.Leaf) -> Bool {
    guard length > 0 else { return false }
    return distance(to: leaf) < length
      || span.offset(of: start &- leaf.offset) < leaf.size
  }

  /// Whether every address of the leaf is in the range.
  func covers(_ leaf: TranslationMap.Leaf) -> Bool {
    let distance = distance(to: leaf)
    return distance < length && leaf.size <= length - distance
  }

  /// Whether every address of the range lies in the `size` bytes from an address on.
  func isWithin(_ address: UInt64, size: UInt64) -> Bool {
    let distance = span.offset(of: start &- address)
    return distance < size && length <= size - distance
  }

  private func distance(to leaf: TranslationMap.Leaf) -> UInt64 {
    span.offset(of: leaf.offset &- start)
  }
}
