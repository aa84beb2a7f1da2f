// SPDX-License-Identifier: GPL-2.0-only

extension SurfaceTable {
  /// The functions that those of the commit build on.
  static let creation: [SurfaceRow] = [
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
    .creation(
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
