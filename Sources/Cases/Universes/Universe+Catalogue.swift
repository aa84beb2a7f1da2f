// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension Universe {
  /// The subject of a universe: its operations, and the entries that suit them.
  private enum Family: String, CaseIterable {
    case linear, vmemmap, altmap, add, walks

    /// No code looks at the owner of the pages that a linear leaf maps, so one kind of leaf stands for all.
    /// With an altmap every leaf is the altmap's. Where memory is added every table is empty: upstream takes
    /// a leaf or a stray word in the way for a table (similar to hazard H6), which the catalogue shows once.
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
      case .linear: [.init(.removeLinearMapping), .init(.archRemoveMemory)]
      case .vmemmap: [.init(.vmemmapFree)]
      case .altmap: [.init(.vmemmapFree, .altmap)]
      case .add:
        [
          .init(.archAddMemory), .init(.archAddMemory, .failingCore),
          .init(.archAddMemory, .readOnly), .init(.archGetMappableRange),
        ]
      case .walks: KernelFunction.allCases.filter { $0.walkedLevel != nil }.map { .init($0) }
      }
    }

    /// Operations with more than one altmap, or with an altmap that nothing looks at.
    var operationsWithAltmaps: [UniverseOperation] {
      switch self {
      case .linear: [.init(.archRemoveMemory, .devicePages)]
      case .altmap: [.init(.vmemmapFree, .twoAltmaps), .init(.vmemmapFree, .altmapThenNone)]
      case .vmemmap, .add, .walks: []
      }
    }

    /// Whether its tables map memory, and not the memmap.
    var isLinear: Bool { self == .linear || self == .add }
  }

  /// The set of states. A "spine" is a table with at most one entry.
  private enum Shape: String {
    /// Every entry of every table. Only the smallest machine has few enough states.
    case full
    /// Spines from a level upwards, such that few enough states remain.
    case spine
    /// Spines on all levels, with words that are neither zero nor present.
    case stray
    /// Empty tables and spines on all levels, with every owner of every table.
    case owners
    /// Spines on all levels, over ranges at the end of their area.
    case edges
    /// Spines on all levels, over ranges of more than 4 GiB.
    case long
    /// Spines above the lowest level, with altmaps in more places.
    case altmaps
    /// An empty root of 512 entries, for operations that depend on addresses alone.
    case real
    /// Spines on all levels; each walk is called directly, on ranges of its table.
    case direct
    /// Tables of four entries, with spines above the lowest level.
    case wide

    /// Index bits of each level.
    var indexBits: UInt64 {
      switch self {
      case .wide: 2
      case .real: 9
      default: 1
      }
    }

    /// Whether leaves of every owner occur.
    var hasEveryLeaf: Bool { [.full, .spine, .stray, .wide].contains(self) }

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

  /// The universes of a depth in a mode, in order of size.
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
    // The kernel looks for a leaf in the root only where the level below is folded.
    let rootKinds = isSmallest ? kinds : kinds.filter { $0 == .none || $0 == .nonPresent }
    let ranges: UniverseRanges =
      switch shape {
      case .edges: .top
      case .long, .real: .long
      default: .pages
      }
    return Universe(
      name: "\(mode.name)/\(family.rawValue)/\(shape.rawValue)", mode: mode,
      indexBits: shape.indexBits, kinds: kinds, rootKinds: rootKinds, owners: owners,
      isConstructed: family.isLinear, spineFrom: spineFrom, ranges: ranges,
      operations: operations)
  }
}
