// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

extension Slip {
  /// The reference, with the functions that remove memory in another shape.
  static func rendition() throws -> String {
    let reference = try VariantFiles.reference()
    let file = Repository.root.appending(path: "Tests/Fixtures/renditions/removal.c")
    let own = try String(contentsOf: file, encoding: .utf8)
    let opening = try #require(reference.firstRange(of: "#ifdef CONFIG_MEMORY_HOTPLUG\n"))
    let closing = try #require(reference.firstRange(of: "#endif /* CONFIG_MEMORY_HOTPLUG */"))
    return String(reference[..<opening.upperBound]) + own + String(reference[closing.lowerBound...])
  }

  /// Slips in that text.
  static let inRendition = [
    Slip("free_pte_table", "pte_start + PTRS_PER_PTE", "pte_start + PTRS_PER_PTE - 1"),
    Slip("free_pte_table", "*at = pte_start;", "*at = pte_start + 1;"),
    Slip("free_pte_table", "\t\t\treturn;", "\t\t\tbreak;"),
    Slip("free_pte_table", "\tpagetable_pte_dtor(desc);\n", ""),
    Slip("free_pte_table", "(PageReserved", "(!PageReserved"),
    Slip("free_pmd_table", "PTRS_PER_PMD", "PTRS_PER_PTE / 2"),
    Slip("free_pmd_table", "seen = 0", "seen = 1"),
    Slip("free_pmd_table", "== false", "== true"),
    Slip("free_pmd_table", "\tpud_clear(pud);", ""),
    Slip("free_pud_table", "left = PTRS_PER_PUD", "left = PTRS_PER_PUD - 1"),
    Slip("free_pud_table", "(backing), 0", "(backing), 1"),
    Slip("free_vmemmap_storage", "size / PAGE_SIZE", "size"),
    Slip("free_vmemmap_storage", "1UL << order", "order"),
    Slip("free_vmemmap_storage", "page += 1;", ""),
    Slip("remove_pte_mapping", "at < end)", "at <= end)"),
    Slip("remove_pte_mapping", "PAGE_SIZE, altmap", "PAGE_SIZE, NULL"),
    Slip("remove_pte_mapping", "(!is_vmemmap)", "(!altmap)"),
    Slip("remove_pmd_mapping", "pmd_addr_end(", "pud_addr_end("),
    Slip("remove_pmd_mapping", "\t\t\tfree_pte_table(table, slot);\n", ""),
    Slip("remove_pmd_mapping", "\t\t\tpmd_clear(slot);", ""),
    Slip("remove_pmd_mapping", "table, at, stop", "table, at, end"),
    Slip("remove_pud_mapping", "table, slot, is_vmemmap", "table, slot, false"),
    Slip(
      "remove_pud_mapping", "if (pgtable_l4_enabled)\n\t\t\tslot",
      "if (pgtable_l5_enabled)\n\t\t\tslot"),
    Slip("remove_pud_mapping", "PUD_SIZE, altmap", "PMD_SIZE, altmap"),
    Slip("remove_p4d_mapping", "!p4d_present(was)", "p4d_none(was)"),
    Slip("remove_p4d_mapping", "stop, is_vmemmap", "stop, false"),
    Slip("remove_pgd_mapping", "pgd_addr_end(at, end)", "end"),
    Slip("remove_pgd_mapping", "\tflush_tlb_all();\n", ""),
    Slip("remove_linear_mapping", "false, NULL", "true, NULL"),
    Slip("arch_get_mappable_range", "PAGE_END - 1", "PAGE_END"),
    Slip("arch_get_mappable_range", "__pa(PAGE_OFFSET)", "0"),
    Slip("arch_add_memory", "\tremove_linear_mapping(start, size);\n", ""),
    Slip("arch_add_memory", "return failure;", "return 0;"),
    Slip("arch_add_memory", "&params->pgprot", "NULL"),
    Slip("arch_remove_memory", "pages, altmap", "pages, NULL"),
    Slip("vmemmap_free", "is_vmemmap = true", "is_vmemmap = false"),
  ]
}
