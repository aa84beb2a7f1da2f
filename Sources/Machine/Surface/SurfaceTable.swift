// SPDX-License-Identifier: GPL-2.0-only

/// The functions of the surface, each with what it is: one row per function. A new function needs its
/// number in ``KernelFunction`` and its row here.
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
