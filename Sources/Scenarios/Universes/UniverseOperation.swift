// SPDX-License-Identifier: GPL-2.0-only

import MachineModel

/// What is done to every state and range of a universe.
public enum UniverseOperation: UInt8, Sendable, Hashable, CaseIterable {
  case removeLinearMapping
  case archRemoveMemory
  case archRemoveMemoryAltmap
  case vmemmapFree
  case vmemmapFreeAltmap
  case vmemmapFreeTwoAltmaps
  case archAddMemory
  case archAddMemoryFailing
  case archAddMemoryReadOnly
  case archGetMappableRange

  /// What it does, in words.
  public var phrase: String {
    switch self {
    case .archRemoveMemoryAltmap: "arch_remove_memory with an altmap and a pgmap"
    case .vmemmapFreeAltmap: "vmemmap_free with an altmap"
    case .vmemmapFreeTwoAltmaps: "vmemmap_free of each half with an altmap of its own"
    case .archAddMemoryFailing: "arch_add_memory where __add_pages fails"
    case .archAddMemoryReadOnly: "arch_add_memory of read-only memory with an altmap and a pgmap"
    default: function.name
    }
  }

  /// The function it calls.
  public var function: SurfaceFunction {
    switch self {
    case .removeLinearMapping: .removeLinearMapping
    case .archRemoveMemory, .archRemoveMemoryAltmap: .archRemoveMemory
    case .vmemmapFree, .vmemmapFreeAltmap, .vmemmapFreeTwoAltmaps: .vmemmapFree
    case .archAddMemory, .archAddMemoryFailing, .archAddMemoryReadOnly: .archAddMemory
    case .archGetMappableRange: .archGetMappableRange
    }
  }

  /// Whether its range is one of the vmemmap, by virtual addresses.
  var isVmemmap: Bool { function == .vmemmapFree }

  /// Whether it needs the universe's altmaps.
  var usesAltmap: Bool {
    switch self {
    case .archRemoveMemoryAltmap, .vmemmapFreeAltmap, .vmemmapFreeTwoAltmaps,
      .archAddMemoryReadOnly:
      true
    default: false
    }
  }
}
