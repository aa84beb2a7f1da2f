// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension Universe {
  /// What a universe is about: the operations, and which entries go with them.
  private enum Family: String, CaseIterable {
    case linear, vmemmap, altmap, add, walks

    /// Whose pages a linear leaf maps is never looked at, so one kind of leaf stands for all; with an
    /// altmap every leaf is the altmap's. Where memory is added every table is empty: a leaf or a
    /// stray word in the way is taken for a table (hazard H6's kin), which the catalogue shows once.
    var leaves: [EntryKind] {
      switch self {
      case .linear: [.leaf]
      case .vmemmap: [.leaf, .reservedLeaf]
      case .walks: [.leaf]
      case .altmap: [.altmapLeaf]
      case .add: []
      }
    }

    var operations: [UniverseOperation] {
      switch self {
      case .linear: [.removeLinearMapping, .archRemoveMemory]
      case .vmemmap: [.vmemmapFree]
      case .altmap: [.vmemmapFreeAltmap]
      case .add:
        [.archAddMemory, .archAddMemoryFailing, .archAddMemoryReadOnly, .archGetMappableRange]
      case .walks: [.removePteMapping, .removePmdMapping, .removePudMapping, .removeP4dMapping]
      }
    }

    /// Those with more than one altmap, or an altmap where none is looked at.
    var operationsWithAltmaps: [UniverseOperation] {
      switch self {
      case .linear: [.archRemoveMemoryAltmap]
      case .altmap: [.vmemmapFreeTwoAltmaps, .vmemmapFreeAltmapThenNone]
      case .vmemmap, .add, .walks: []
      }
    }

    /// Whether its tables map memory, and not the memmap.
    var isLinear: Bool { self == .linear || self == .add }
  }

  /// Which states there are. A "spine" is a table with one entry at most.
  private enum Shape: String {
    /// Every entry of every table. Only the smallest machine has few enough.
    case full
    /// Spines from the level that leaves few enough.
    case spine
    /// Spines throughout, with words that are neither zero nor present.
    case stray
    /// Empty tables, spines throughout, with every owner of every table.
    case owners
    /// Spines throughout, over ranges that begin and end anywhere, at the end of the address space.
    case edges
    /// Spines throughout, over ranges of more than 4 GiB.
    case long
    /// Spines above the lowest, with altmaps in more places.
    case altmaps
    /// An empty root of 512 entries: what depends on the addresses alone.
    case real
    /// Spines throughout, each walk called directly.
    case direct
    /// Tables of four entries; spines above the lowest.
    case wide

    /// Index bits a level.
    var indexBits: UInt64 {
      switch self {
      case .wide: 2
      case .real: 9
      default: 1
      }
    }

    /// Whether leaves of every owner are looked at.
    var hasEveryLeaf: Bool { [.full, .spine, .stray, .wide].contains(self) }

    /// Whether a family has states of this shape.
    func suits(_ family: Family) -> Bool {
      switch self {
      case .direct: family == .walks
      case _ where family == .walks: false
      case .spine, .full: true
      case .real: family != .altmap
      case .stray, .wide: family != .add
      case .owners: family == .vmemmap
      case .edges, .long: family == .linear || family == .vmemmap
      case .altmaps: !family.operationsWithAltmaps.isEmpty
      }
    }
  }

  /// The universes of a depth in a mode, by growing size.
  public static func universes(_ depth: Depth, mode: PagingMode) -> [Universe] {
    guard depth != .smoke else { return [] }
    let isSmallest = mode.levelCount == 3
    var shapes: [Shape] = [.spine, .edges, .long, .altmaps, .real, .direct]
    if !isSmallest { shapes += [.stray] }
    if mode.levelCount == 5 { shapes += [.owners] }
    if depth == .deep, isSmallest { shapes += [.full, .wide] }
    let families = shapes.flatMap { shape in
      Family.allCases.compactMap { make($0, shape, mode: mode) }
    }
    return (families + creationUniverses(mode: mode)).sorted { $0.caseCount < $1.caseCount }
  }

  /// The universe of that name.
  public static func named(_ name: String, among modes: [PagingMode]) -> Universe? {
    modes.lazy.flatMap { universes(.deep, mode: $0) }.first { $0.name == name }
  }

  private static func make(_ family: Family, _ shape: Shape, mode: PagingMode) -> Universe? {
    guard shape.suits(family) else { return nil }
    let isSmallest = mode.levelCount == 3
    var kinds: [EntryKind] = [.none]
    kinds += shape.hasEveryLeaf ? family.leaves : Array(family.leaves.prefix(1))
    var owners: [PageOwner] = [.allocator]
    var spineFrom: Level? = .pte
    var operations = family.operations
    switch shape {
    case .full:
      if family != .add { kinds.append(.nonPresent) }
      owners.append(.reserved)
      spineFrom = nil
    case .spine:
      if family != .add, isSmallest { kinds.append(.nonPresent) }
      if mode.levelCount < 5 { owners.append(.reserved) }
      spineFrom = isSmallest ? .pgd : .pud
    case .stray: kinds.append(.nonPresent)
    case .owners:
      kinds = [.none]
      owners.append(.reserved)
    case .edges, .long: operations = family.operations.suffix(1)
    case .altmaps:
      spineFrom = .pmd
      operations = family.operationsWithAltmaps
    case .wide: spineFrom = .pmd
    case .real:
      kinds = [.none]
      owners = []
    case .direct: break
    }
    // Only where the level below is folded does the kernel look for a leaf in the root.
    let rootKinds = isSmallest ? kinds : kinds.filter { $0 == .none || $0 == .nonPresent }
    let ranges: UniverseRanges =
      switch shape {
      case .edges: .edges
      case .long, .real: .long
      case .direct: .pairs
      default: .pages
      }
    return Universe(
      name: "\(mode.name)/\(family.rawValue)/\(shape.rawValue)", mode: mode,
      indexBits: shape.indexBits, kinds: kinds, rootKinds: rootKinds, owners: owners,
      isConstructed: family.isLinear, spineFrom: spineFrom, ranges: ranges,
      operations: operations)
  }
}
