// SPDX-License-Identifier: GPL-2.0-only

import MachineModel
import PageTables

/// What is done to every state and range of a universe.
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

  /// What it does, in words.
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
    default: function.name
    }
  }

  /// The function it calls.
  public var function: SurfaceFunction {
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
    }
  }

  /// The level of the table that it is handed: the first one of the state; without one the range is
  /// empty. A folded level's entries are those of the root.
  var walkedLevel: Level? { function.walkedLevel }

  /// Whether its range is one of the vmemmap, by virtual addresses.
  var isVmemmap: Bool { function == .vmemmapFree || walkedLevel != nil }

  /// The altmap of the second half's call, for what is done in halves; 0 is none.
  var altmapOfSecondHalf: UInt32? {
    switch self {
    case .vmemmapFreeTwoAltmaps: 2
    case .vmemmapFreeAltmapThenNone: 0
    default: nil
    }
  }

  /// Whether it needs the universe's altmaps.
  var usesAltmap: Bool {
    switch self {
    case .archRemoveMemoryAltmap, .vmemmapFreeAltmap, .vmemmapFreeTwoAltmaps,
      .vmemmapFreeAltmapThenNone, .archAddMemoryReadOnly:
      true
    default: false
    }
  }
}
