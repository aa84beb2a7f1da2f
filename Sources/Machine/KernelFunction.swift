// SPDX-License-Identifier: GPL-2.0-only

/// The C functions that the harness runs and judges: those that commit c75a74f4ba19 adds, innermost
/// first, then the creation functions that they build on. Raw values are the numbers of `enum
/// mhp_function` in the shim.
public enum KernelFunction: UInt32, CaseIterable, Sendable, Codable, Comparable {
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
  case bestMapSize = 14
  case createPteMapping = 15
  case createPmdMapping = 16
  case createPudMapping = 17
  case createP4dMapping = 18
  case createPgdMapping = 19
  case createLinearMappingRange = 20
  case pgprotFromVa = 21
  case allocPteLate = 22
  case allocPmdLate = 23
  case allocPudLate = 24
  case allocP4dLate = 25
  case getPteVirtLate = 26
  case getPmdVirtLate = 27
  case getPudVirtLate = 28
  case getP4dVirtLate = 29
  case preallocatePgdPagesRange = 30
  case pgtableCacheInit = 31
  case vmemmapSetPmd = 32
  case vmemmapCheckPmd = 33
  case vmemmapPopulate = 34
  case vmemmapPopulateHugepages = 35

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
    case .bestMapSize: "best_map_size"
    case .createPteMapping: "create_pte_mapping"
    case .createPmdMapping: "create_pmd_mapping"
    case .createPudMapping: "create_pud_mapping"
    case .createP4dMapping: "create_p4d_mapping"
    case .createPgdMapping: "create_pgd_mapping"
    case .createLinearMappingRange: "create_linear_mapping_range"
    case .pgprotFromVa: "pgprot_from_va"
    case .allocPteLate: "alloc_pte_late"
    case .allocPmdLate: "alloc_pmd_late"
    case .allocPudLate: "alloc_pud_late"
    case .allocP4dLate: "alloc_p4d_late"
    case .getPteVirtLate: "get_pte_virt_late"
    case .getPmdVirtLate: "get_pmd_virt_late"
    case .getPudVirtLate: "get_pud_virt_late"
    case .getP4dVirtLate: "get_p4d_virt_late"
    case .preallocatePgdPagesRange: "preallocate_pgd_pages_range"
    case .pgtableCacheInit: "pgtable_cache_init"
    case .vmemmapSetPmd: "vmemmap_set_pmd"
    case .vmemmapCheckPmd: "vmemmap_check_pmd"
    case .vmemmapPopulate: "vmemmap_populate"
    case .vmemmapPopulateHugepages: "vmemmap_populate_hugepages"
    }
  }

  public init?(name: String) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  /// Whether commit c75a74f4ba19 adds it; the others come from the series or the kernel before it.
  public var isOfHotplug: Bool { rawValue <= Self.vmemmapFree.rawValue }

  /// Whether generic code calls it, so that a kernel without it lacks a behaviour.
  public var isEntryPoint: Bool {
    switch self {
    case .archGetMappableRange, .archAddMemory, .archRemoveMemory, .vmemmapFree: true
    default: false
    }
  }

  /// The level whose entries a `remove_*_mapping` function with a base argument walks.
  public var walkedLevel: Level? {
    switch self {
    case .removePteMapping: .pte
    case .removePmdMapping: .pmd
    case .removePudMapping: .pud
    case .removeP4dMapping: .p4d
    default: nil
    }
  }

  /// The level whose entries a `create_*_mapping` writes; its argument is a table of that level.
  public var createdLevel: Level? {
    switch self {
    case .createPteMapping: .pte
    case .createPmdMapping: .pmd
    case .createPudMapping: .pud
    case .createP4dMapping: .p4d
    case .createPgdMapping: .pgd
    default: nil
    }
  }

  public static func < (left: KernelFunction, right: KernelFunction) -> Bool {
    left.rawValue < right.rawValue
  }
}
