// SPDX-License-Identifier: GPL-2.0-only

import MachineModel
import PageTables

extension Universe {
  /// What a universe is about: the operations, and which entries go with them.
  private enum Family: String, CaseIterable {
    case linear, vmemmap, altmap, add

    /// Whose pages a linear leaf maps is never looked at, so one kind of leaf stands for all; with an
    /// altmap every leaf is the altmap's. Where memory is added every table is empty: a leaf or a
    /// stray word in the way is taken for a table (hazard H6's kin), which the catalogue shows once.
    var leaves: [EntryKind] {
      switch self {
      case .linear: [.leaf]
      case .vmemmap: [.leaf, .reservedLeaf]
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
      }
    }

    /// Those for states with few tables.
    var operationsAtEdges: [UniverseOperation] {
      switch self {
      case .linear: [.removeLinearMapping, .archRemoveMemoryAltmap]
      case .vmemmap: [.vmemmapFree]
      case .altmap: [.vmemmapFreeTwoAltmaps]
      case .add: []
      }
    }
  }

  /// Which states there are. A "spine" is a table with one entry at most.
  private enum Shape: String {
    /// Every entry of every table. Only the smallest machine has few enough.
    case full
    /// Spines from the level that leaves few enough.
    case spine
    /// Spines throughout, with words that are neither zero nor present.
    case stray
    /// Spines throughout, with every owner of every table.
    case owners
    /// Spines throughout, over ranges that begin and end anywhere, at the end of the address space.
    case edges
    /// Tables of four entries; spines above the lowest.
    case wide
  }

  /// The universes of a depth in a mode, by growing size.
  public static func universes(_ depth: Depth, mode: PagingMode) -> [Universe] {
    guard depth != .smoke else { return [] }
    let isSmallest = mode.levelCount == 3
    var shapes: [Shape] = [.spine, .edges]
    if !isSmallest { shapes += [.stray] }
    if mode.levelCount == 5 { shapes += [.owners] }
    if depth == .deep, isSmallest { shapes += [.full, .wide] }
    return shapes.flatMap { shape in
      Family.allCases.compactMap { make($0, shape, mode: mode) }
    }
    .sorted { $0.caseCount < $1.caseCount }
  }

  /// The universe of that name.
  public static func named(_ name: String, among modes: [PagingMode]) -> Universe? {
    modes.lazy.flatMap { universes(.deep, mode: $0) }.first { $0.name == name }
  }

  private static func make(_ family: Family, _ shape: Shape, mode: PagingMode) -> Universe? {
    let isSmallest = mode.levelCount == 3
    let empty: [EntryKind] = [.none]
    var kinds = empty + family.leaves
    var owners: [PageOwner] = [.allocator]
    var spineFrom: Level? = .pte
    var operations = family.operations
    switch shape {
    case .full:
      if family != .add { kinds.append(.nonPresent) }
      owners = [.allocator, .reserved]
      spineFrom = nil
    case .spine:
      if family != .add, isSmallest { kinds.append(.nonPresent) }
      if mode.levelCount < 5 { owners.append(.reserved) }
      spineFrom = isSmallest ? .pgd : .pud
    case .stray:
      guard family != .add else { return nil }
      kinds.append(.nonPresent)
    case .owners:
      guard family == .vmemmap || family == .linear else { return nil }
      kinds = empty + family.leaves.prefix(1)
      owners.append(.reserved)
      operations = family.operations.suffix(1)
    case .edges:
      guard family != .add else { return nil }
      kinds = empty + family.leaves.prefix(1)
      operations = family.operationsAtEdges
    case .wide:
      guard family != .add else { return nil }
      kinds = empty + family.leaves.prefix(1)
      spineFrom = .pmd
    }
    // Only where the level below is folded does the kernel look for a leaf in the root.
    let rootKinds = isSmallest ? kinds : kinds.filter { $0 == .none || $0 == .nonPresent }
    let indexBits: UInt64 = shape == .wide ? 2 : 1
    let ranges: UniverseRanges = shape == .edges ? .edges : .pages
    return Universe(
      name: "\(mode.name)/\(family.rawValue)/\(shape.rawValue)",
      definition: definition(
        entries: 1 << indexBits, kinds: kinds, owners: owners, spineFrom: spineFrom,
        ranges: ranges, operations: operations),
      mode: mode, indexBits: indexBits, kinds: kinds, rootKinds: rootKinds, owners: owners,
      isConstructed: family == .linear || family == .add, spineFrom: spineFrom, ranges: ranges,
      operations: operations)
  }

  private static func definition(
    entries: Int, kinds: [EntryKind], owners: [PageOwner], spineFrom: Level?,
    ranges: UniverseRanges, operations: [UniverseOperation]
  ) -> String {
    let free =
      switch spineFrom {
      case nil: "every entry of every table"
      case .pte?: "one entry at most in each table"
      case .some(let level): "one entry at most in each table from \(level.name) up, all below"
      }
    let extent =
      switch ranges {
      case .pages: "every page-aligned range"
      case .edges:
        "every pair of half-page boundaries, and 4 GiB and a page, at the end of the address space"
      }
    return "\(entries) entries a table; \(free): \(kinds.map { "\($0)" }.joined(separator: ", ")) "
      + "or a table, each table of \(owners.map { "\($0)" }.joined(separator: " or ")); \(extent); "
      + operations.map(\.phrase).joined(separator: ", ")
  }
}
