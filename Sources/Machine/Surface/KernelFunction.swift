// SPDX-License-Identifier: GPL-2.0-only

/// The C functions that the harness runs and judges: those that commit c75a74f4ba19 adds, innermost
/// first, then the creation functions that they build on. Raw values are the numbers of `enum
/// mhp_function` in the shim. Below is what each function is.
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

  public init?(name: String) {
    guard let found = SurfaceTable.functionsByName[name] else { return nil }
    self = found
  }

  public static func < (left: KernelFunction, right: KernelFunction) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// The functions of the surface, each with what it is. A new function needs its number above and its row here.
enum SurfaceTable {
  /// By raw value.
  static let rows: [SurfaceRow] = removal + creation

  static let functionsByName = Dictionary(
    uniqueKeysWithValues: rows.map { ($0.name, $0.function) })

  /// The functions that commit c75a74f4ba19 adds.
  private static let removal: [SurfaceRow] = [
    .hotplug(
      .freePteTable, "free_pte_table", .freesTable, at: .pte,
      [.always(.freedTable), .always(.parentEntry)]),
    // Commit 21f1b85c8912 gave it is_vmemmap.
    .hotplug(
      .freePmdTable, "free_pmd_table", .freesTable, at: .pmd,
      [.always(.freedTable), .always(.parentEntry), .maybe(.isVmemmap)]),
    .hotplug(
      .freePudTable, "free_pud_table", .freesTable, at: .pud,
      [.always(.freedTable), .always(.parentEntry)]),
    .hotplug(
      .freeVmemmapStorage, "free_vmemmap_storage", .freesStorage,
      [.always(.pageFrame), .always(.size), .maybe(.altmap)]),
    .hotplug(
      .removePteMapping, "remove_pte_mapping", .unmaps, at: .pte, walk, calls: [.freeVmemmapStorage]
    ),
    .hotplug(
      .removePmdMapping, "remove_pmd_mapping", .unmaps, at: .pmd, walk,
      calls: [.removePteMapping, .freePteTable, .freeVmemmapStorage]),
    .hotplug(
      .removePudMapping, "remove_pud_mapping", .unmaps, at: .pud, walk,
      calls: [.removePmdMapping, .freePmdTable, .freeVmemmapStorage]),
    .hotplug(
      .removeP4dMapping, "remove_p4d_mapping", .unmaps, at: .p4d, walk,
      calls: [.removePudMapping, .freePudTable, .freeVmemmapStorage]),
    // It walks the kernel's own root. A text may hand that over.
    .hotplug(
      .removePgdMapping, "remove_pgd_mapping", .unmaps, at: .pgd,
      [
        .unused(.base), .always(.start), .always(.end), .maybe(.isVmemmap), .maybe(.altmap),
      ], calls: [.removeP4dMapping]),
    .hotplug(
      .removeLinearMapping, "remove_linear_mapping", .unmaps,
      [.always(.physicalStart), .always(.size)], calls: [.removePgdMapping]),
    .hotplug(
      .archGetMappableRange, "arch_get_mappable_range", .answers, [], result: .range,
      isEntryPoint: true),
    .hotplug(
      .archAddMemory, "arch_add_memory", .addsMemory,
      [.maybe(.node), .always(.physicalStart), .always(.size), .always(.hotplugParameters)],
      result: .error, calls: [.createLinearMappingRange, .removeLinearMapping, .vmemmapPopulate],
      isEntryPoint: true),
    // Old kernels hand a node over, the latest no pgmap.
    .hotplug(
      .archRemoveMemory, "arch_remove_memory", .removesMemory,
      [
        .unused(.node), .always(.physicalStart), .always(.size), .maybe(.altmap), .maybe(.pgmap),
      ], calls: [.removeLinearMapping, .vmemmapFree], isEntryPoint: true),
    .hotplug(
      .vmemmapFree, "vmemmap_free", .unmaps,
      [.always(.memmapStart), .always(.end), .maybe(.altmap)], calls: [.removePgdMapping],
      isEntryPoint: true),
  ]

  /// The parameters of a walk from a table.
  private static let walk: [SurfaceParameter] = [
    .always(.base), .always(.start), .always(.end), .maybe(.isVmemmap), .maybe(.altmap),
  ]
}

extension SurfaceTable {
  /// The functions that those of the commit build on, the kernel's generic code among them.
  private static let creation: [SurfaceRow] = [
    // It has the virtual address since 6.4.
    .creation(
      .bestMapSize, "best_map_size", .answers,
      [.always(.physical), .recent(.address), .always(.size)], result: .size),
    .creation(.createPteMapping, "create_pte_mapping", .maps, at: .pte, leaf),
    .creation(
      .createPmdMapping, "create_pmd_mapping", .maps, at: .pmd, leaf,
      calls: [.createPteMapping, .allocPteLate, .getPteVirtLate]),
    .creation(
      .createPudMapping, "create_pud_mapping", .maps, at: .pud, leaf,
      calls: [.createPmdMapping, .allocPmdLate, .getPmdVirtLate]),
    .creation(
      .createP4dMapping, "create_p4d_mapping", .maps, at: .p4d, leaf,
      calls: [.createPudMapping, .allocPudLate, .getPudVirtLate]),
    // The next level that the mode does not fold may be any.
    .creation(
      .createPgdMapping, "create_pgd_mapping", .maps, at: .pgd, leaf,
      calls: [
        .createP4dMapping, .createPudMapping, .createPmdMapping, .allocP4dLate, .allocPudLate,
        .allocPmdLate, .getP4dVirtLate, .getPudVirtLate, .getPmdVirtLate,
      ]),
    // Commit 007480fe84a9 gave it the protection.
    .creation(
      .createLinearMappingRange, "create_linear_mapping_range", .maps,
      [
        .always(.physicalStart), .always(.end), .maybe(.blockSize), .maybe(.protectionPointer),
      ], calls: [.createPgdMapping, .bestMapSize, .pgprotFromVa]),
    .creation(
      .pgprotFromVa, "pgprot_from_va", .answers, [.always(.address)], result: .protection),
    .creation(
      .allocPteLate, "alloc_pte_late", .allocatesTable, at: .pte, forAddress, result: .address),
    .creation(
      .allocPmdLate, "alloc_pmd_late", .allocatesTable, at: .pmd, forAddress, result: .address),
    .creation(
      .allocPudLate, "alloc_pud_late", .allocatesTable, at: .pud, forAddress, result: .address),
    .creation(
      .allocP4dLate, "alloc_p4d_late", .allocatesTable, at: .p4d, forAddress, result: .address),
    .creation(
      .getPteVirtLate, "get_pte_virt_late", .answers, at: .pte, [.always(.physical)],
      result: .address),
    .creation(
      .getPmdVirtLate, "get_pmd_virt_late", .answers, at: .pmd, [.always(.physical)],
      result: .address),
    .creation(
      .getPudVirtLate, "get_pud_virt_late", .answers, at: .pud, [.always(.physical)],
      result: .address),
    .creation(
      .getP4dVirtLate, "get_p4d_virt_late", .answers, at: .p4d, [.always(.physical)],
      result: .address),
    .creation(
      .preallocatePgdPagesRange, "preallocate_pgd_pages_range", .preallocates, at: .pgd,
      [.always(.start), .always(.end), .unused(.area)]),
    .creation(
      .pgtableCacheInit, "pgtable_cache_init", .preallocates, at: .pgd, [],
      calls: [.preallocatePgdPagesRange]),
    // Generic code hands over the addresses of the memmap, which say nothing that the entry does not.
    .creation(
      .vmemmapSetPmd, "vmemmap_set_pmd", .setsEntry, at: .pmd,
      [
        .always(.entry), .always(.block), .maybe(.node), .maybe(.address), .maybe(.end),
      ]),
    .creation(
      .vmemmapCheckPmd, "vmemmap_check_pmd", .answers, at: .pmd,
      [.always(.entry), .maybe(.node), .maybe(.address), .maybe(.end)], result: .flag),
    .creation(
      .vmemmapPopulate, "vmemmap_populate", .populates, memmap, result: .error,
      calls: [.vmemmapPopulateHugepages]),
    .generic(
      .vmemmapPopulateHugepages, "vmemmap_populate_hugepages", .populates, memmap, result: .error,
      calls: [.vmemmapSetPmd, .vmemmapCheckPmd]),
  ]

  /// The parameters of a mapping through a table.
  private static let leaf: [SurfaceParameter] = [
    .always(.table), .always(.address), .always(.physical), .always(.blockSize),
    .always(.protection),
  ]

  /// The parameters of an allocation of a table.
  private static let forAddress: [SurfaceParameter] = [.maybe(.address)]

  /// The parameters of a population.
  private static let memmap: [SurfaceParameter] = [
    .always(.memmapStart), .always(.end), .maybe(.node), .maybe(.altmap),
  ]
}
