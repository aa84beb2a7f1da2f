// SPDX-License-Identifier: GPL-2.0-only

import PageTables

/// The C functions that the harness runs and judges, innermost first: those that commit
/// c75a74f4ba19 adds. Raw values are the numbers of `enum mhp_function` in the shim.
public enum SurfaceFunction: UInt32, CaseIterable, Sendable, Codable, Comparable {
  case freePteTable = 0
  case freePmdTable = 1
  case freePudTable = 2
  case freeVmemmapStorage = 3
  case removePteMapping = 4
  case removePmdMapping = 5
  case removePudMapping = 6
  case removeP4dMapping = 7
  case removePgdMapping = 8
  case removeLinearMapping = 9
  case archGetMappableRange = 10
  case archAddMemory = 11
  case archRemoveMemory = 12
  case vmemmapFree = 13

  /// The C name, e.g. "free_pte_table".
  public var name: String {
    switch self {
    case .freePteTable: "free_pte_table"
    case .freePmdTable: "free_pmd_table"
    case .freePudTable: "free_pud_table"
    case .freeVmemmapStorage: "free_vmemmap_storage"
    case .removePteMapping: "remove_pte_mapping"
    case .removePmdMapping: "remove_pmd_mapping"
    case .removePudMapping: "remove_pud_mapping"
    case .removeP4dMapping: "remove_p4d_mapping"
    case .removePgdMapping: "remove_pgd_mapping"
    case .removeLinearMapping: "remove_linear_mapping"
    case .archGetMappableRange: "arch_get_mappable_range"
    case .archAddMemory: "arch_add_memory"
    case .archRemoveMemory: "arch_remove_memory"
    case .vmemmapFree: "vmemmap_free"
    }
  }

  /// The function of that C name.
  public init?(name: String) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  /// The functions of the surface that this one calls directly, as the contract has it.
  public var callees: [SurfaceFunction] {
    switch self {
    case .freePteTable, .freePmdTable, .freePudTable, .freeVmemmapStorage, .archGetMappableRange:
      []
    case .removePteMapping: [.freeVmemmapStorage]
    case .removePmdMapping: [.removePteMapping, .freePteTable, .freeVmemmapStorage]
    case .removePudMapping: [.removePmdMapping, .freePmdTable, .freeVmemmapStorage]
    case .removeP4dMapping: [.removePudMapping, .freePudTable, .freeVmemmapStorage]
    case .removePgdMapping: [.removeP4dMapping]
    case .removeLinearMapping, .vmemmapFree: [.removePgdMapping]
    case .archAddMemory, .archRemoveMemory: [.removeLinearMapping]
    }
  }

  /// Whether generic code calls it, so that a kernel without it lacks a behaviour.
  public var isEntryPoint: Bool {
    switch self {
    case .archGetMappableRange, .archAddMemory, .archRemoveMemory, .vmemmapFree: true
    default: false
    }
  }

  /// The level whose entries a `remove_*_mapping` that is handed a base walks.
  public var walkedLevel: Level? {
    switch self {
    case .removePteMapping: .pte
    case .removePmdMapping: .pmd
    case .removePudMapping: .pud
    case .removeP4dMapping: .p4d
    default: nil
    }
  }

  /// By raw value.
  public static func < (left: SurfaceFunction, right: SurfaceFunction) -> Bool {
    left.rawValue < right.rawValue
  }
}
