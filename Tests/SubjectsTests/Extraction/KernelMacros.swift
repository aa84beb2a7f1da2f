// SPDX-License-Identifier: GPL-2.0-only

/// What the kernel's macros use, by the meaning of its headers (arch/riscv/include/asm, include/linux and
/// include/asm-generic of Linux 6.12): names alone, and no text. A subject that redefines a name behind the headers
/// changes every macro that uses it, and no function of a header.
enum KernelMacros {
  /// Each macro with what it uses; both are names that the stub headers define. Left out is what has no effect here
  /// (levels of prints, hints to the compiler, suffixes of numbers) and what the kernel takes from the linker.
  static let uses: [(macro: String, used: [String])] =
    table.split(separator: "\n").map { line in
      let words = line.split { $0 == " " || $0 == ":" }.map(String.init)
      return (words[0], Array(words.dropFirst()))
    }

  private static let table = """
    ARCH_PFN_OFFSET: PFN_DOWN phys_ram_base
    BUILD_BUG_ON: BUILD_BUG_ON_MSG
    BUILD_BUG_ON_NOT_POWER_OF_2: BUILD_BUG_ON
    HPAGE_MASK: HPAGE_SIZE
    HPAGE_SHIFT: PMD_SHIFT
    HPAGE_SIZE: HPAGE_SHIFT
    IS_ERR_VALUE: MAX_ERRNO
    KASAN_SHADOW_END: MODULES_LOWEST_VADDR
    KASAN_SHADOW_SIZE: KASAN_SHADOW_SCALE_SHIFT VA_BITS
    KASAN_SHADOW_START: KASAN_SHADOW_END KASAN_SHADOW_SIZE PGDIR_MASK
    KERNEL_LINK_ADDR: ADDRESS_SPACE_END SZ_2G
    KERN_VIRT_SIZE: PGDIR_SIZE PTRS_PER_PGD
    MODULES_LOWEST_VADDR: KERNEL_LINK_ADDR SZ_2G
    P4D_MASK: P4D_SIZE
    P4D_SHIFT: P4D_SHIFT_L3 P4D_SHIFT_L4 P4D_SHIFT_L5 pgtable_l4_enabled pgtable_l5_enabled
    P4D_SIZE: P4D_SHIFT
    PAGES_PER_SECTION: PFN_SECTION_SHIFT
    PAGES_PER_SUBSECTION: PFN_SUBSECTION_SHIFT
    PAGE_ALIGN: ALIGN PAGE_SIZE
    PAGE_ALIGNED: IS_ALIGNED PAGE_SIZE
    PAGE_ALIGN_DOWN: ALIGN_DOWN PAGE_SIZE
    PAGE_KERNEL: _PAGE_KERNEL __pgprot
    PAGE_KERNEL_EXEC: _PAGE_EXEC _PAGE_KERNEL __pgprot
    PAGE_KERNEL_READ: _PAGE_KERNEL _PAGE_WRITE __pgprot
    PAGE_KERNEL_READ_EXEC: _PAGE_EXEC _PAGE_KERNEL _PAGE_WRITE __pgprot
    PAGE_KERNEL_RO: PAGE_KERNEL
    PAGE_MASK: PAGE_SIZE
    PAGE_NONE: _PAGE_PROT_NONE _PAGE_READ __pgprot
    PAGE_OFFSET: kernel_map
    PAGE_SIZE: PAGE_SHIFT
    PAGE_TABLE: _PAGE_TABLE __pgprot
    PFN_ALIGN: PAGE_MASK PAGE_SIZE
    PFN_DOWN: PAGE_SHIFT
    PFN_PHYS: PAGE_SHIFT
    PFN_PTE_SHIFT: _PAGE_PFN_SHIFT
    PFN_SECTION_SHIFT: PAGE_SHIFT SECTION_SIZE_BITS
    PFN_SUBSECTION_SHIFT: PAGE_SHIFT SUBSECTION_SHIFT
    PFN_UP: PAGE_SHIFT PAGE_SIZE
    PGDIR_MASK: PGDIR_SIZE
    PGDIR_SHIFT: PGDIR_SHIFT_L3 PGDIR_SHIFT_L4 PGDIR_SHIFT_L5 pgtable_l4_enabled pgtable_l5_enabled
    PGDIR_SIZE: PGDIR_SHIFT
    PHYS_PFN: PAGE_SHIFT
    PMD_MASK: PMD_SIZE
    PMD_SIZE: PMD_SHIFT
    PTRS_PER_P4D: PAGE_SIZE
    PTRS_PER_PGD: PAGE_SIZE
    PTRS_PER_PMD: PAGE_SIZE
    PTRS_PER_PTE: PAGE_SIZE
    PTRS_PER_PUD: PAGE_SIZE
    PTR_ALIGN: ALIGN
    PTR_ALIGN_DOWN: ALIGN_DOWN
    PUD_MASK: PUD_SIZE
    PUD_SIZE: PUD_SHIFT
    VA_BITS: VA_BITS_SV39 VA_BITS_SV48 VA_BITS_SV57 pgtable_l4_enabled pgtable_l5_enabled
    VMALLOC_END: PAGE_OFFSET
    VMALLOC_SIZE: KERN_VIRT_SIZE
    VMALLOC_START: PAGE_OFFSET VMALLOC_SIZE
    VMEMMAP_END: VMALLOC_START
    VMEMMAP_SHIFT: PAGE_SHIFT STRUCT_PAGE_MAX_SHIFT VA_BITS
    VMEMMAP_SIZE: VMEMMAP_SHIFT
    VMEMMAP_START: VMALLOC_START VMEMMAP_SIZE
    VM_BUG_ON: BUG_ON
    VM_BUG_ON_PAGE: BUG VM_BUG_ON
    VM_WARN: WARN
    VM_WARN_ON: WARN_ON
    VM_WARN_ONCE: WARN_ONCE
    VM_WARN_ON_ONCE: WARN_ON_ONCE
    VM_WARN_ON_ONCE_PAGE: WARN_ON
    _PAGE_KERNEL: _PAGE_ACCESSED _PAGE_DIRTY _PAGE_GLOBAL _PAGE_PRESENT _PAGE_READ _PAGE_WRITE
    _PAGE_LEAF: _PAGE_EXEC _PAGE_READ _PAGE_WRITE
    _PAGE_NAPOT: _PAGE_NAPOT_SHIFT
    _PAGE_PFN_MASK: GENMASK
    _PAGE_PROT_NONE: _PAGE_GLOBAL
    _PAGE_TABLE: _PAGE_PRESENT
    __free_page: __free_pages
    __get_free_page: __get_free_pages
    __pa: __virt_to_phys
    __pa_symbol: __phys_addr_symbol
    __pa_to_va_nodebug: linear_mapping_pa_to_va
    __page_to_pfn: vmemmap
    __page_val_to_pfn: _PAGE_PFN_MASK _PAGE_PFN_SHIFT
    __pfn_to_page: vmemmap
    __pfn_to_phys: PFN_PHYS
    __phys_addr_symbol: __va_to_pa_nodebug
    __phys_to_pfn: PHYS_PFN
    __pmd_to_phys: PAGE_SHIFT __page_val_to_pfn pmd_val
    __pud_to_phys: PAGE_SHIFT __page_val_to_pfn pud_val
    __smp_processor_id: raw_smp_processor_id
    __va: __pa_to_va_nodebug
    __va_to_pa_nodebug: is_linear_mapping kernel_mapping_va_to_pa linear_mapping_va_to_pa
    __virt_to_phys: __va_to_pa_nodebug
    alloc_page: alloc_pages
    clear_page: PAGE_SIZE memset
    for_each_online_cpu: cpu_online_mask for_each_cpu
    for_each_possible_cpu: cpu_possible_mask for_each_cpu
    for_each_present_cpu: cpu_present_mask for_each_cpu
    free_page: free_pages
    get_cpu: __smp_processor_id preempt_disable
    is_kernel_mapping: kernel_map
    is_linear_mapping: KERN_VIRT_SIZE PAGE_OFFSET
    kernel_mapping_va_to_pa: kernel_map
    linear_mapping_pa_to_va: kernel_map
    linear_mapping_va_to_pa: kernel_map
    lm_alias: __pa_symbol __va
    might_sleep: might_resched
    might_sleep_if: might_sleep
    mk_pmd: page_to_pfn pfn_pmd
    mk_pte: page_to_pfn pfn_pte
    node_distance: LOCAL_DISTANCE REMOTE_DISTANCE
    num_active_cpus: cpu_active_mask cpumask_weight
    num_possible_cpus: cpu_possible_mask cpumask_weight
    num_present_cpus: cpu_present_mask cpumask_weight
    offset_in_page: PAGE_MASK
    p4d_addr_end: P4D_MASK P4D_SIZE
    p4d_index: P4D_SHIFT PTRS_PER_P4D
    p4d_page_vaddr: p4d_pgtable
    page_address: lowmem_page_address
    page_to_pfn: __page_to_pfn
    page_to_phys: page_to_pfn pfn_to_phys
    page_to_virt: PFN_PHYS __va page_to_pfn pfn_to_virt
    pagetable_alloc: pagetable_alloc_noprof
    per_cpu: per_cpu_ptr
    pfn_to_page: __pfn_to_page
    pfn_to_phys: PFN_PHYS
    pfn_to_virt: __va pfn_to_phys
    pgd_addr_end: PGDIR_MASK PGDIR_SIZE
    pgd_index: PGDIR_SHIFT PTRS_PER_PGD
    pgd_offset: pgd_offset_pgd
    pgd_offset_k: init_mm pgd_offset
    pgd_page_vaddr: pgd_pgtable
    phys_to_page: pfn_to_page phys_to_pfn
    phys_to_pfn: PFN_DOWN
    pmd_addr_end: PMD_MASK PMD_SIZE
    pmd_index: PMD_SHIFT PTRS_PER_PMD
    pmd_pgtable: pmd_page
    pte_alloc_kernel: __pte_alloc_kernel pmd_none pte_offset_kernel
    pte_page: pfn_to_page pte_pfn
    pud_addr_end: PUD_MASK PUD_SIZE
    pud_index: PTRS_PER_PUD PUD_SHIFT
    put_cpu: preempt_enable
    raw_cpu_ptr: per_cpu_ptr
    set_pte_at: set_ptes
    smp_processor_id: __smp_processor_id
    this_cpu_dec: this_cpu_sub
    this_cpu_inc: this_cpu_add
    this_cpu_ptr: raw_cpu_ptr
    this_cpu_sub: this_cpu_add
    virt_to_page: pfn_to_page virt_to_pfn
    virt_to_pfn: __pa phys_to_pfn
    vmemmap: VMEMMAP_START vmemmap_start_pfn
    """
}
