// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A bounded set of cases on a small machine, run exhaustively: every state of its page tables, times every
/// operation, times every range of a kind.
///
/// The tables are trees below the root. An entry of a level is one of that level's `kinds`, or a pointer to a
/// table one level down. That table belongs to one of `owners`, and its entries vary in the same way. From
/// `spineFrom` upwards at most one entry of a table is not empty (a "spine"); below, all entries vary. The
/// root has no owner and is never freed.
public struct Universe: Sendable, Hashable {
  /// A unique name, e.g. "sv39/vmemmap/full".
  public let name: String
  /// One sentence that defines the universe.
  public let definition: String
  public let mode: PagingMode
  /// Index bits of each level; 1 means tables of two entries.
  public let indexBits: UInt64
  /// The kinds of an entry in a table below the root, besides a pointer. The first is `.none`.
  public let kinds: [EntryKind]
  /// The kinds of an entry in the root, besides a pointer.
  let rootKinds: [EntryKind]
  /// The possible owners of a table below the root.
  public let owners: [PageOwner]
  /// Whether the constructors of tables at the lowest two levels have run (linear map) or not (vmemmap). Those
  /// of boot time, which are reserved, have none.
  public let isConstructed: Bool
  /// Tables from this level upwards have at most one entry; nil means that no table is limited.
  let spineFrom: Level?
  /// The ranges of the operations, and the place of the pages.
  public let ranges: UniverseRanges
  /// The operations on each state, over each range.
  public let operations: [UniverseOperation]

  /// The contents of an entry that is not a pointer.
  public enum EntryKind: UInt8, Sendable, Hashable, CaseIterable {
    case none
    /// A leaf whose pages belong to the page allocator.
    case leaf
    /// A leaf whose pages are reserved.
    case reservedLeaf
    /// A leaf whose pages belong to an altmap.
    case altmapLeaf
    /// A word that is neither zero nor present.
    case nonPresent

    /// The name in the definition of a universe.
    var name: String {
      switch self {
      case .none: "none"
      case .leaf: "leaf"
      case .reservedLeaf: "reservedLeaf"
      case .altmapLeaf: "altmapLeaf"
      case .nonPresent: "nonPresent"
      }
    }
  }

  public var layout: AddressLayout { AddressLayout(mode: mode, indexBits: indexBits) }

  /// Whether all entries of all tables vary, which gives hundreds of millions of cases.
  public var isDeep: Bool { spineFrom == nil }

  /// Entries of each table.
  public var entries: UInt64 { 1 << indexBits }
  /// Pages that the root spans.
  public var pages: UInt64 { 1 << (indexBits * UInt64(mode.levelCount)) }

  public var rangeCount: UInt64 { ranges.count(pages: pages) }
  /// The number of states of the tables.
  public var stateCount: UInt64 { tableStates(at: levels.count - 1) }
  /// The number of cases: states times operations times ranges.
  public var caseCount: UInt64 { stateCount * UInt64(operations.count) * rangeCount }

  /// The levels of the mode, lowest first.
  var levels: [Level] { mode.levels }

  /// The number of states of one entry in a table at a depth (0 is the lowest level).
  func entryStates(at depth: Int) -> UInt64 {
    let own = UInt64((depth == levels.count - 1 ? rootKinds : kinds).count)
    return depth == 0 ? own : own + tableStates(at: depth - 1)
  }

  /// The number of states of one table at a depth, its owner included.
  func tableStates(at depth: Int) -> UInt64 {
    let owners = depth == levels.count - 1 ? 1 : UInt64(owners.count)
    let entry = entryStates(at: depth)
    if isSpine(depth) { return owners * (1 + entries * (entry - 1)) }
    return owners * (0..<entries).reduce(1) { product, _ in product * entry }
  }

  /// Whether tables at a depth have at most one entry.
  func isSpine(_ depth: Int) -> Bool { spineFrom.map { levels[depth] >= $0 } ?? false }
}
