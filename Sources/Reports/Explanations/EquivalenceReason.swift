// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// The reason for an equivalence rule, its origin, and an edit that needs it.
struct EquivalenceReason: Sendable {
  /// The reason for the rule.
  let why: String
  /// The origin of the different forms.
  let origin: String
  /// A `sed` script that edits the reference so that it needs the rule.
  let edit: String

  init(_ rule: EquivalenceRule) {
    switch rule {
    case .tableConstructorNames:
      why =
        "The same work has had another name in almost every release: a backport has to use its own."
      origin =
        "pgtable_pmd_page_dtor (page based), pagetable_pmd_dtor (ptdesc based, 6.6), pagetable_dtor (one "
        + "for all levels, 6.14)."
      edit = "s/pagetable_pte_dtor(/pagetable_dtor(/"
    case .pageFreeNames:
      why = "They end in the same function of the page allocator, by address or by page."
      origin = "mm/page_alloc.c: free_pages is __free_pages of the address's page."
      edit = "s/free_pages((unsigned long)page_address(page), order);/__free_pages(page, order);/"
    case .pgmapArgument:
      why =
        "RISC-V does nothing with it but hand it on to generic code, which an older kernel lacks."
      origin =
        "Later kernels give __remove_pages and arch_remove_memory a dev_pagemap."
      edit =
        "s/struct vmem_altmap \\*altmap,$/struct vmem_altmap *altmap)/;"
        + "/^[[:space:]]*struct dev_pagemap \\*pgmap)$/d;s/altmap, pgmap)/altmap)/"
    case .extraFlush:
      why = "A flush too many costs time and never shows wrong memory; one too few does."
      origin =
        "Backports flush after a walk where upstream leaves it to the caller. The report names it, as the "
        + "time can matter."
      edit = "s/^\\tremove_pgd_mapping(start, end, true, altmap);/&\\n\\tflush_tlb_all();/"
    case .doubledFlush:
      why = "Nothing comes between the two: what the first has emptied the second finds empty."
      origin =
        "arch_remove_memory flushes behind remove_pgd_mapping, which ends with a flush; arch_add_memory "
        + "does when it takes back what it mapped."
      edit = "/^\\tremove_linear_mapping(start, size);/{n;d}"
    case .wholeRangeFlush:
      why = "RISC-V flushes everything for a range of more than a few dozen pages."
      origin =
        "arch/riscv/mm/tlbflush.c: flush_tlb_all hands on the same range, from 0 to the highest address."
      edit = "s/^\\tflush_tlb_all();/\\tflush_tlb_kernel_range(0, ~0UL);/"
    case .releaseOrder:
      why = "Each page goes back to the page allocator by itself, and nothing runs in between."
      origin = "A loop that counts down needs one variable less."
      edit =
        "s/left--, page++)/left--)/;"
        + "s/^\\t\\t\\tfree_reserved_page(page);/\\t\\t\\tfree_reserved_page(page + left - 1);/"
    case .strayCall:
      why = "It says of a call what is true, and no kernel gets there."
      origin =
        "Some cases add or remove single pages, or map odd addresses. Kernels add and remove sub-sections of "
        + "2 MiB, and texts test that their caller does."
      edit =
        "s/^\\tcreate_linear_mapping_range(start, end, 0, &params->pgprot);/"
        + "\\tWARN_ON(!IS_ALIGNED(size, PMD_SIZE));\\n&/"
    case .quietDiagnostics:
      why = "A message, or a test that does not fire, changes no table, page or count."
      origin =
        "Later kernels warn where addresses lie outside of their area; others print in debug builds."
      edit =
        "s/^\\tremove_pgd_mapping(start, end, true, altmap);/\\tpr_debug(\"memmap\\\\n\");\\n&/"
    }
  }
}
