// SPDX-License-Identifier: GPL-2.0-only

extension Slip {
  /// Slips in the functions that map memory and make its memmap.
  static let creation = [
    Slip(
      "create_pte_mapping", "if (pte_none(*entry))\n",
      ""),
    Slip(
      "create_pmd_mapping", "sz == PMD_SIZE",
      "sz >= PMD_SIZE && 0"),
    Slip(
      "create_pmd_mapping", "memset(ptep, 0, PAGE_SIZE);",
      ""),
    Slip(
      "create_pud_mapping", "PFN_DOWN(table), PAGE_TABLE",
      "PFN_DOWN(table), prot"),
    Slip(
      "create_p4d_mapping", "p4d_val(*entry) == 0) {\n\t\ttable",
      "1) {\n\t\ttable"),
    Slip(
      "create_pgd_mapping", "else if (pgtable_l4_enabled)",
      "else if (pgtable_l5_enabled)"),
    Slip(
      "best_map_size", " && IS_ALIGNED(va, PMD_SIZE)",
      ""),
    Slip(
      "pgprot_from_va", "return PAGE_KERNEL_READ;",
      "return PAGE_KERNEL;"),
    Slip(
      "create_linear_mapping_range", "end - pa)",
      "end - start)"),
    Slip(
      "create_linear_mapping_range", "pgprot ? *pgprot : pgprot_from_va(va)",
      "pgprot_from_va(va)"),
    Slip(
      "alloc_pte_late", "BUG_ON(!pagetable_pte_ctor(table));\n",
      ""),
    Slip(
      "alloc_pmd_late", "BUG_ON(!pagetable_pmd_ctor(table));",
      "BUG_ON(!pagetable_pte_ctor(table));"),
    Slip(
      "alloc_pud_late", "__get_free_page(GFP_KERNEL)",
      "__get_free_pages(GFP_KERNEL, 1)"),
    Slip(
      "get_pmd_virt_late", "__va(pa)",
      "__va(pa + PAGE_SIZE)"),
    Slip(
      "preallocate_pgd_pages_range", "PGDIR_SIZE",
      "PGDIR_SIZE * 2"),
    Slip(
      "preallocate_pgd_pages_range", "if (!pgtable_l5_enabled)",
      "if (!pgtable_l4_enabled)"),
    Slip(
      "pgtable_cache_init", "PAGE_OFFSET, PAGE_END, \"direct map\"",
      "PAGE_OFFSET, PAGE_OFFSET + 1, \"direct map\""),
    Slip(
      "vmemmap_set_pmd", "PAGE_KERNEL",
      "PAGE_KERNEL_EXEC"),
    Slip(
      "vmemmap_check_pmd", "return 1;",
      "return 0;"),
    Slip(
      "vmemmap_populate", "node, altmap",
      "node, NULL"),
  ]

  /// Slips in code that several functions use.
  static let helpers = [
    Slip(
      "release_reserved_table", "free_reserved_page(table);\n",
      ""),
    Slip(
      "alloc_below_pgd", "pt_ops.alloc_pud(va)",
      "pt_ops.alloc_pmd(va)"),
    Slip(
      "get_below_pgd_virt", "pt_ops.get_pud_virt(pa)",
      "pt_ops.get_pmd_virt(pa + PAGE_SIZE)"),
    Slip(
      "pt_ops_set_late", "pt_ops.alloc_pmd = alloc_pmd_late",
      "pt_ops.alloc_pmd = alloc_pud_late"),
  ]
}
