// SPDX-License-Identifier: GPL-2.0-only

import MachineModel
import PageTables

/// How much is run besides the catalogue of named cases.
public enum Depth: String, CaseIterable, Sendable {
  /// Nothing: the named cases alone.
  case smoke
  /// Universes of more than a million cases, in all three modes, and a thousand random cases in each.
  case standard
  /// Also every state of the smallest machine with three levels: hundreds of millions of cases; and a
  /// hundred times as many random ones.
  case deep

  /// Random cases in each mode.
  public var randomCasesAMode: Int {
    switch self {
    case .smoke: 0
    case .standard: 1_000
    case .deep: 100_000
    }
  }
}

extension Universe {
  /// What a universe is about: the alphabet of its entries and the operations that go with it.
  private enum Family: String, CaseIterable {
    case linear, vmemmap, altmap, add

    var operations: [UniverseOperation] {
      switch self {
      case .linear: [.removeLinearMapping, .archRemoveMemory]
      case .vmemmap: [.vmemmapFree]
      case .altmap: [.vmemmapFreeAltmap]
      case .add: [.archAddMemory, .archAddMemoryFailing]
      }
    }

    /// Whose pages a linear leaf maps is never looked at, so one kind of leaf stands for all; with an
    /// altmap every leaf is the altmap's.
    func kinds(isBare: Bool) -> [EntryKind] {
      switch self {
      case .linear: isBare ? [.none, .leaf] : [.none, .leaf, .nonPresent]
      case .vmemmap:
        isBare ? [.none, .leaf, .reservedLeaf] : [.none, .leaf, .reservedLeaf, .nonPresent]
      case .altmap: isBare ? [.none, .altmapLeaf] : [.none, .altmapLeaf, .nonPresent]
      // A leaf or a stray word in the way is taken for a table (hazard H6's kin): left to the
      // catalogue, which shows each once.
      case .add: [.none]
      }
    }
  }

  /// The universes of a depth in a mode, by growing size.
  public static func universes(_ depth: Depth, mode: PagingMode) -> [Universe] {
    guard depth != .smoke else { return [] }
    let isSmallest = mode.levelCount == 3
    var found = Family.allCases.map { family in
      make(
        family, mode: mode, shape: "spine",
        isBare: !isSmallest, owners: mode.levelCount == 5 ? [.allocator] : [.allocator, .reserved],
        spineFrom: isSmallest ? .pgd : .pud)
    }
    if depth == .deep, isSmallest {
      found += Family.allCases.map {
        make(
          $0, mode: mode, shape: "full", isBare: false, owners: [.allocator, .reserved],
          spineFrom: nil)
      }
    }
    return found.sorted { $0.caseCount < $1.caseCount }
  }

  /// The universe of that name.
  public static func named(_ name: String, among modes: [PagingMode]) -> Universe? {
    modes.lazy.flatMap { universes(.deep, mode: $0) }.first { $0.name == name }
  }

  private static func make(
    _ family: Family, mode: PagingMode, shape: String, isBare: Bool, owners: [PageOwner],
    spineFrom: Level?
  ) -> Universe {
    let kinds = family.kinds(isBare: isBare)
    // Only where the level below is folded does the kernel look for a leaf in the root.
    let rootKinds = mode.levelCount == 3 ? kinds : kinds.filter { $0 == .none || $0 == .nonPresent }
    let free =
      spineFrom.map { "one entry at most in each table from \($0.name) up, all below" }
      ?? "every entry of every table"
    let names = kinds.map { "\($0)" }.joined(separator: ", ")
    return Universe(
      name: "\(mode.name)/\(family.rawValue)/\(shape)",
      definition:
        "2 entries a table; \(free): \(names) or a table, each table of "
        + "\(owners.map { "\($0)" }.joined(separator: " or ")); every page-aligned range; "
        + family.operations.map(\.phrase).joined(separator: ", "),
      mode: mode, indexBits: 1, kinds: kinds, rootKinds: rootKinds, owners: owners,
      isConstructed: family == .linear || family == .add, spineFrom: spineFrom,
      operations: family.operations)
  }
}
