// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A bounded set of cases of a small machine that is run whole: every state of its page tables,
/// times every operation, times every range of a kind.
///
/// The tables are trees below the root. An entry of a level is one of that level's `kinds`, or a
/// pointer to a table of the level below, which belongs to one of `owners` and whose entries are
/// chosen alike. From `spineFrom` upwards at most one entry of a table is not empty ("spine");
/// below, all entries are free. The root belongs to no one and is never freed.
public struct Universe: Sendable, Hashable {
  /// Unique, e.g. "sv39/vmemmap/full".
  public let name: String
  /// What it holds, in a sentence.
  public let definition: String
  /// The paging mode.
  public let mode: PagingMode
  /// Index bits a level; 1 is a table of two entries.
  public let indexBits: UInt64
  /// What an entry of a table below the root may be, besides a pointer; the first is `.none`.
  public let kinds: [EntryKind]
  /// The same for an entry of the root.
  let rootKinds: [EntryKind]
  /// Whom a table below the root may belong to.
  public let owners: [PageOwner]
  /// Whether tables of the lowest two levels have had their constructors (linear map) or not
  /// (vmemmap).
  public let isConstructed: Bool
  /// From this level upwards tables have at most one entry; nil for none.
  let spineFrom: Level?
  /// Which ranges there are, and where the pages lie.
  public let ranges: UniverseRanges
  /// What is done to each state, over each range.
  public let operations: [UniverseOperation]

  /// What stands in an entry that is no pointer.
  public enum EntryKind: UInt8, Sendable, Hashable, CaseIterable {
    case none
    /// A leaf whose pages are the page allocator's.
    case leaf
    /// A leaf whose pages are reserved.
    case reservedLeaf
    /// A leaf whose pages are an altmap's.
    case altmapLeaf
    /// A word that is neither zero nor present.
    case nonPresent

    /// The name in a universe's definition.
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

  /// The layout of its addresses.
  public var layout: AddressLayout { AddressLayout(mode: mode, indexBits: indexBits) }

  /// Whether its tables have all their entries: hundreds of millions of cases.
  public var isDeep: Bool { spineFrom == nil }

  /// Entries a table.
  public var entries: UInt64 { 1 << indexBits }
  /// Pages that the root spans.
  public var pages: UInt64 { 1 << (indexBits * UInt64(mode.levelCount)) }

  /// Ranges.
  public var rangeCount: UInt64 { ranges.count(pages: pages) }
  /// States of the tables.
  public var stateCount: UInt64 { tableStates(at: levels.count - 1) }
  /// Cases: states times operations times ranges.
  public var caseCount: UInt64 { stateCount * UInt64(operations.count) * rangeCount }

  /// The mode's levels, lowest first.
  var levels: [Level] { mode.levels }

  /// States of one entry of a table at a depth (0 is the lowest level).
  func entryStates(at depth: Int) -> UInt64 {
    let own = UInt64((depth == levels.count - 1 ? rootKinds : kinds).count)
    return depth == 0 ? own : own + tableStates(at: depth - 1)
  }

  /// States of one table at a depth, its owner included.
  func tableStates(at depth: Int) -> UInt64 {
    let owners = depth == levels.count - 1 ? 1 : UInt64(owners.count)
    let entry = entryStates(at: depth)
    if isSpine(depth) { return owners * (1 + entries * (entry - 1)) }
    return owners * (0..<entries).reduce(1) { product, _ in product * entry }
  }

  /// Whether tables at a depth have at most one entry.
  func isSpine(_ depth: Int) -> Bool { spineFrom.map { levels[depth] >= $0 } ?? false }
}
