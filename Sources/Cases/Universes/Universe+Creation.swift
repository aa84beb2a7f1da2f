// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The universes of the creation side. Their states hold leaves and stray words too. A create that takes one
/// for a table makes an access that ends the case, and costs as much as ten other cases. So tables have at
/// most one entry wherever full tables would give too many cases, and operations that need few ranges have
/// few.
extension Universe {
  private enum Creation: String, CaseIterable {
    /// Ranges of the linear map.
    case create
    /// One leaf by each `create_*_mapping`.
    case steps
    /// Ranges of the memmap.
    case populate
    /// Linear map and memmap, without enough memory.
    case shortage
    /// Sizes and protections, which do not depend on tables.
    case questions
    /// Slots of the root, at the end of the address space.
    case preallocate

    var operations: [UniverseOperation] {
      switch self {
      case .create:
        [
          .init(.createLinearMappingRange), .init(.createLinearMappingRange, .ofPages),
          .init(.createLinearMappingRange, .ofBlocks),
        ]
      case .steps: KernelFunction.allCases.filter { $0.createdLevel != nil }.map { .init($0) }
      case .populate: [.init(.vmemmapPopulate), .init(.vmemmapPopulate, .freshAltmap)]
      case .shortage:
        [.init(.createLinearMappingRange, failing: 2)]
          + (1...5).map { .init(.vmemmapPopulate, failing: $0) }
          + [.init(.vmemmapPopulate, allocations: 3)]
      case .questions:
        [
          .init(.bestMapSize), .init(.bestMapSize, .oddPhysical), .init(.bestMapSize, .oddVirtual),
          .init(.bestMapSize, .debugPagealloc), .init(.pgprotFromVa, .ofText),
          .init(.createLinearMappingRange, .ofAlias),
        ]
      case .preallocate:
        [.init(.preallocatePgdPagesRange), .init(.preallocatePgdPagesRange, failing: 2)]
      }
    }

    var ranges: UniverseRanges {
      switch self {
      case .create, .populate, .questions: .pages
      case .steps, .shortage: .blocks
      case .preallocate: .edges
      }
    }
  }

  static func creationUniverses(mode: PagingMode) -> [Universe] {
    Creation.allCases.map { creation(mode: mode, $0) } + [realCreation(mode: mode)]
  }

  private static func creation(mode: PagingMode, _ family: Creation) -> Universe {
    let isSmallest = mode.levelCount == 3
    // With five levels, stray words would double an already large number of cases.
    let hasStray = mode.levelCount < 5 || family == .steps || family == .preallocate
    let kinds: [EntryKind] =
      family == .questions ? [.none] : hasStray ? [.none, .leaf, .nonPresent] : [.none, .leaf]
    let hasTables = family != .preallocate && family != .questions
    let hasRootLeaves = isSmallest || !hasTables
    return Universe(
      name: "\(mode.name)/creation/\(family.rawValue)", mode: mode, indexBits: 1, kinds: kinds,
      rootKinds: hasRootLeaves ? kinds : kinds.filter { $0 != .leaf },
      owners: hasTables ? [.allocator] : [],
      isConstructed: family == .create || family == .steps,
      spineFrom: isSmallest || !hasTables ? .pgd : .pte,
      ranges: family.ranges, operations: family.operations)
  }

  /// An empty root of 512 entries, for operations that depend on addresses alone.
  private static func realCreation(mode: PagingMode) -> Universe {
    Universe(
      name: "\(mode.name)/creation/real", mode: mode, indexBits: 9, kinds: [.none],
      rootKinds: [.none], owners: [], isConstructed: true, spineFrom: .pte, ranges: .long,
      operations: [
        .init(.createLinearMappingRange), .init(.createLinearMappingRange, .ofBlocks),
        .init(.bestMapSize), .init(.preallocatePgdPagesRange), .init(.pgtableCacheInit),
      ])
  }
}
