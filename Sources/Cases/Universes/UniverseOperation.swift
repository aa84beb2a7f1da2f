// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// One operation, applied to every state and range of a universe.
public enum UniverseOperation: UInt8, Sendable, Hashable, CaseIterable {
  case removeLinearMapping
  case archRemoveMemory
  case archRemoveMemoryAltmap
  case vmemmapFree
  case vmemmapFreeAltmap
  case vmemmapFreeTwoAltmaps
  case vmemmapFreeAltmapThenNone
  case archAddMemory
  case archAddMemoryFailing
  case archAddMemoryReadOnly
  case archGetMappableRange
  case removePteMapping
  case removePmdMapping
  case removePudMapping
  case removeP4dMapping
  case createLinearMappingRange
  case createLinearMappingRangeOfPages
  case createLinearMappingRangeOfBlocks
  case createLinearMappingRangeFailing
  case createPteMapping
  case createPmdMapping
  case createPudMapping
  case createP4dMapping
  case createPgdMapping
  case bestMapSize
  case bestMapSizeOfOddPhysical
  case bestMapSizeOfOddVirtual
  case bestMapSizeDebugPagealloc
  case pgprotFromVaOfText
  case createLinearMappingRangeOfAlias
  case vmemmapPopulate
  case vmemmapPopulateAltmap
  case vmemmapPopulateFailing1
  case vmemmapPopulateFailing2
  case vmemmapPopulateFailing3
  case vmemmapPopulateFailing4
  case vmemmapPopulateFailing5
  case vmemmapPopulateShort
  case preallocatePgdPagesRange
  case preallocatePgdPagesRangeFailing
  case pgtableCacheInit

  /// The operation in words.
  public var phrase: String {
    switch self {
    case .archRemoveMemoryAltmap: "arch_remove_memory with an altmap and a pgmap"
    case .vmemmapFreeAltmap: "vmemmap_free with an altmap"
    case .vmemmapFreeTwoAltmaps: "vmemmap_free of each half with an altmap of its own"
    case .vmemmapFreeAltmapThenNone:
      "vmemmap_free of the first half with an altmap, of the second without"
    case .archAddMemoryFailing: "arch_add_memory where __add_pages fails"
    case .archAddMemoryReadOnly:
      "arch_add_memory of read-only memory on node 1 with an altmap and a pgmap"
    case .createLinearMappingRangeOfPages:
      "create_linear_mapping_range of single pages with the addresses' protections"
    case .createLinearMappingRangeOfBlocks: "create_linear_mapping_range of read-only PMD leaves"
    case .bestMapSizeOfOddPhysical: "best_map_size of a physical address a page further"
    case .bestMapSizeOfOddVirtual: "best_map_size of a virtual address a page further"
    case .bestMapSizeDebugPagealloc: "best_map_size with debug_pagealloc"
    case .pgprotFromVaOfText: "pgprot_from_va about the end of the kernel's text"
    case .createLinearMappingRangeOfAlias:
      "create_linear_mapping_range of single pages about the end of the text's image"
    case .vmemmapPopulateAltmap: "vmemmap_populate with an altmap that has room for a half"
    case .createLinearMappingRangeFailing, .vmemmapPopulateFailing1, .vmemmapPopulateFailing2,
      .vmemmapPopulateFailing3, .vmemmapPopulateFailing4, .vmemmapPopulateFailing5,
      .preallocatePgdPagesRangeFailing:
      "\(function.name) where allocation \(failingAllocation) fails"
    case .vmemmapPopulateShort:
      "\(function.name) with memory for \(allocationBudget) allocations"
    default: function.name
    }
  }

  public var function: KernelFunction {
    switch self {
    case .removeLinearMapping: .removeLinearMapping
    case .archRemoveMemory, .archRemoveMemoryAltmap: .archRemoveMemory
    case .vmemmapFree, .vmemmapFreeAltmap, .vmemmapFreeTwoAltmaps, .vmemmapFreeAltmapThenNone:
      .vmemmapFree
    case .archAddMemory, .archAddMemoryFailing, .archAddMemoryReadOnly: .archAddMemory
    case .archGetMappableRange: .archGetMappableRange
    case .removePteMapping: .removePteMapping
    case .removePmdMapping: .removePmdMapping
    case .removePudMapping: .removePudMapping
    case .removeP4dMapping: .removeP4dMapping
    case .createLinearMappingRange, .createLinearMappingRangeOfPages,
      .createLinearMappingRangeOfBlocks, .createLinearMappingRangeFailing,
      .createLinearMappingRangeOfAlias:
      .createLinearMappingRange
    case .createPteMapping: .createPteMapping
    case .createPmdMapping: .createPmdMapping
    case .createPudMapping: .createPudMapping
    case .createP4dMapping: .createP4dMapping
    case .createPgdMapping: .createPgdMapping
    case .bestMapSize, .bestMapSizeOfOddPhysical, .bestMapSizeOfOddVirtual,
      .bestMapSizeDebugPagealloc:
      .bestMapSize
    case .pgprotFromVaOfText: .pgprotFromVa
    case .vmemmapPopulate, .vmemmapPopulateAltmap, .vmemmapPopulateFailing1,
      .vmemmapPopulateFailing2, .vmemmapPopulateFailing3, .vmemmapPopulateFailing4,
      .vmemmapPopulateFailing5, .vmemmapPopulateShort:
      .vmemmapPopulate
    case .preallocatePgdPagesRange, .preallocatePgdPagesRangeFailing: .preallocatePgdPagesRange
    case .pgtableCacheInit: .pgtableCacheInit
    }
  }

  /// The one allocation that fails, counted from 1; 0 means none.
  var failingAllocation: UInt32 {
    switch self {
    case .vmemmapPopulateFailing1: 1
    case .vmemmapPopulateFailing2, .createLinearMappingRangeFailing,
      .preallocatePgdPagesRangeFailing:
      2
    case .vmemmapPopulateFailing3: 3
    case .vmemmapPopulateFailing4: 4
    case .vmemmapPopulateFailing5: 5
    default: 0
    }
  }

  /// The number of allocations that succeed.
  var allocationBudget: UInt32 { self == .vmemmapPopulateShort ? 3 : .max }

  /// The level of the table that the walk takes: the first table of that level in the state. If the state has
  /// none, the range is empty. The entries of a folded level are those of the root.
  var walkedLevel: Level? { function.walkedLevel }

  /// The level of the table that a creation takes, as for walks. If the state has none, it takes the root.
  var createdLevel: Level? { function.createdLevel }

  /// Whether the range is virtual.
  var isVirtual: Bool {
    switch function {
    case .vmemmapFree, .vmemmapPopulate, .preallocatePgdPagesRange: true
    default: walkedLevel != nil
    }
  }

  /// The part of the address space that the operation works on. The walks take memmap addresses.
  var area: UniverseArea {
    switch function {
    case .vmemmapFree, .vmemmapPopulate: .memmap
    case .preallocatePgdPagesRange: .root
    default: walkedLevel == nil ? .linear : .memmap
    }
  }

  /// The altmap of the call for the second half, for operations in halves; 0 means no altmap.
  var altmapOfSecondHalf: UInt32? {
    switch self {
    case .vmemmapFreeTwoAltmaps: 2
    case .vmemmapFreeAltmapThenNone: 0
    default: nil
    }
  }

  /// Whether the operation needs the altmaps of the universe.
  var usesAltmap: Bool {
    switch self {
    case .archRemoveMemoryAltmap, .vmemmapFreeAltmap, .vmemmapFreeTwoAltmaps,
      .vmemmapFreeAltmapThenNone, .archAddMemoryReadOnly, .vmemmapPopulateAltmap:
      true
    default: false
    }
  }
}
