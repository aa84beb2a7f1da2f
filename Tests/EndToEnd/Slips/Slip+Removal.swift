// SPDX-License-Identifier: GPL-2.0-only

extension Slip {
  /// Slips in the functions that remove memory, from the innermost out, and in the entry points.
  static let removal = [
    Slip(
      "free_pte_table", "pagetable_pte_dtor(page_ptdesc(table));\n",
      ""),
    Slip(
      "free_pte_table", "slot < PTRS_PER_PTE",
      "slot < PTRS_PER_PTE - 1"),
    Slip(
      "free_pte_table", "\tpmd_clear(pmd);\n",
      ""),
    Slip(
      "free_pmd_table", "\tpud_clear(pud);\n",
      ""),
    Slip(
      "free_pmd_table", "if (!is_vmemmap)",
      "if (is_vmemmap)"),
    Slip(
      "free_pud_table", "!pud_none(pud_start[slot])",
      "pud_present(pud_start[slot])"),
    Slip(
      "free_pud_table", "free_pages((unsigned long)page_address(table), 0)",
      "free_pages((unsigned long)page_address(table), 1)"),
    Slip(
      "free_vmemmap_storage", "size >> PAGE_SHIFT",
      "size"),
    Slip(
      "free_vmemmap_storage", "left--, page++",
      "left--"),
    Slip(
      "free_vmemmap_storage", "page_address(page), order",
      "page_address(page), 0"),
    Slip(
      "remove_pte_mapping", "\t\t\tif (is_vmemmap)\n",
      "\t\t\tif (!is_vmemmap)\n"),
    Slip(
      "remove_pte_mapping", "pte_clear(&init_mm, addr, entry);\n",
      ""),
    Slip(
      "remove_pte_mapping", "addr = next;",
      "addr = next + PAGE_SIZE;"),
    Slip(
      "remove_pmd_mapping", "\t\t\tcontinue;\n\t\t}\n\n\t\tbelow",
      "\t\t}\n\n\t\tbelow"),
    Slip(
      "remove_pmd_mapping", "next = pmd_addr_end(addr, end);",
      "next = pmd_addr_end(addr, addr + PMD_SIZE);"),
    Slip(
      "remove_pmd_mapping", "remove_pte_mapping(below, addr, next, is_vmemmap, altmap);",
      "remove_pte_mapping(below, addr, next, is_vmemmap, NULL);"),
    Slip(
      "remove_pmd_mapping", "free_pte_table(below, entry);",
      ""),
    Slip(
      "remove_pmd_mapping", "next = pmd_addr_end(addr, end);",
      "next = addr;"),
    Slip(
      "remove_pud_mapping", "free_pmd_table(below, entry, is_vmemmap);",
      "free_pmd_table(below, entry, false);"),
    Slip(
      "remove_pud_mapping", "pgtable_l4_enabled ? &pud_base[pud_index(addr)] : pud_base",
      "&pud_base[pud_index(addr)]"),
    Slip(
      "remove_pud_mapping", "if (pgtable_l4_enabled)\n\t\t\tfree_pmd",
      "if (pgtable_l5_enabled)\n\t\t\tfree_pmd"),
    Slip(
      "remove_pud_mapping", "pud_page(old), PUD_SIZE, altmap",
      "pud_page(old), PMD_SIZE, altmap"),
    Slip(
      "remove_p4d_mapping", "pgtable_l5_enabled ? &p4d_base[p4d_index(addr)] : p4d_base",
      "&p4d_base[p4d_index(addr)]"),
    Slip(
      "remove_p4d_mapping", "remove_pud_mapping(below, addr, next,",
      "remove_pud_mapping(below, addr, end,"),
    Slip(
      "remove_p4d_mapping", "if (pgtable_l5_enabled)\n\t\t\tfree",
      "if (!pgtable_l5_enabled)\n\t\t\tfree"),
    Slip(
      "remove_pgd_mapping", "va, next, is_vmemmap, altmap",
      "va, next, is_vmemmap, NULL"),
    Slip(
      "remove_pgd_mapping", "flush_tlb_all();",
      ""),
    Slip(
      "remove_linear_mapping", "first, beyond, false, NULL",
      "first, beyond, true, NULL"),
    Slip(
      "remove_linear_mapping", "__va(start + size)",
      "__va(start + size - PAGE_SIZE)"),
    Slip(
      "arch_get_mappable_range", "PAGE_END - 1",
      "PAGE_END"),
    Slip(
      "arch_add_memory", "\tflush_tlb_all();\n",
      ""),
    Slip(
      "arch_add_memory", "PFN_UP(end)",
      "PFN_UP(start)"),
    Slip(
      "arch_add_memory", "return err;",
      "return 0;"),
    Slip(
      "arch_add_memory", "create_linear_mapping_range(start, end, 0, &params->pgprot)",
      "create_linear_mapping_range(start, end, 0, NULL)"),
    Slip(
      "arch_remove_memory", "PHYS_PFN(size), altmap, pgmap",
      "PHYS_PFN(size), NULL, pgmap"),
    Slip(
      "arch_remove_memory",
      "\t__remove_pages(PHYS_PFN(start), PHYS_PFN(size), altmap, pgmap);\n\tremove_linear_mapping(start, size);",
      "\tremove_linear_mapping(start, size);\n\t__remove_pages(PHYS_PFN(start), PHYS_PFN(size), altmap, pgmap);"
    ),
    Slip(
      "vmemmap_free", "start, end, true, altmap",
      "start, end, true, NULL"),
    Slip(
      "vmemmap_free", "start, end, true, altmap",
      "start, end, false, altmap"),
  ]
}
