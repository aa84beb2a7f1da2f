/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The functions of the surface, in the order of enum mhp_function: X(name,
 * NUMBER, kind of result). Glue defines MHP_HAVE_<name> as 1 and
 * MHP_CALL_<name>(op) behind the functions that a subject contains.
 */
#ifndef MHP_FUNCTIONS_H
#define MHP_FUNCTIONS_H

#define MHP_EACH_FUNCTION(X)                                                   \
	X(free_pte_table, FREE_PTE_TABLE, NOTHING)                             \
	X(free_pmd_table, FREE_PMD_TABLE, NOTHING)                             \
	X(free_pud_table, FREE_PUD_TABLE, NOTHING)                             \
	X(free_vmemmap_storage, FREE_VMEMMAP_STORAGE, NOTHING)                 \
	X(remove_pte_mapping, REMOVE_PTE_MAPPING, NOTHING)                     \
	X(remove_pmd_mapping, REMOVE_PMD_MAPPING, NOTHING)                     \
	X(remove_pud_mapping, REMOVE_PUD_MAPPING, NOTHING)                     \
	X(remove_p4d_mapping, REMOVE_P4D_MAPPING, NOTHING)                     \
	X(remove_pgd_mapping, REMOVE_PGD_MAPPING, NOTHING)                     \
	X(remove_linear_mapping, REMOVE_LINEAR_MAPPING, NOTHING)               \
	X(arch_get_mappable_range, ARCH_GET_MAPPABLE_RANGE, RANGE)             \
	X(arch_add_memory, ARCH_ADD_MEMORY, ERROR)                             \
	X(arch_remove_memory, ARCH_REMOVE_MEMORY, NOTHING)                     \
	X(vmemmap_free, VMEMMAP_FREE, NOTHING)                                 \
	X(best_map_size, BEST_MAP_SIZE, NUMBER)                                \
	X(create_pte_mapping, CREATE_PTE_MAPPING, NOTHING)                     \
	X(create_pmd_mapping, CREATE_PMD_MAPPING, NOTHING)                     \
	X(create_pud_mapping, CREATE_PUD_MAPPING, NOTHING)                     \
	X(create_p4d_mapping, CREATE_P4D_MAPPING, NOTHING)                     \
	X(create_pgd_mapping, CREATE_PGD_MAPPING, NOTHING)                     \
	X(create_linear_mapping_range, CREATE_LINEAR_MAPPING_RANGE, NOTHING)   \
	X(pgprot_from_va, PGPROT_FROM_VA, PROTECTION)                          \
	X(alloc_pte_late, ALLOC_PTE_LATE, NUMBER)                              \
	X(alloc_pmd_late, ALLOC_PMD_LATE, NUMBER)                              \
	X(alloc_pud_late, ALLOC_PUD_LATE, NUMBER)                              \
	X(alloc_p4d_late, ALLOC_P4D_LATE, NUMBER)                              \
	X(get_pte_virt_late, GET_PTE_VIRT_LATE, NUMBER)                        \
	X(get_pmd_virt_late, GET_PMD_VIRT_LATE, NUMBER)                        \
	X(get_pud_virt_late, GET_PUD_VIRT_LATE, NUMBER)                        \
	X(get_p4d_virt_late, GET_P4D_VIRT_LATE, NUMBER)                        \
	X(preallocate_pgd_pages_range, PREALLOCATE_PGD_PAGES_RANGE, NOTHING)   \
	X(pgtable_cache_init, PGTABLE_CACHE_INIT, NOTHING)                     \
	X(vmemmap_set_pmd, VMEMMAP_SET_PMD, NOTHING)                           \
	X(vmemmap_check_pmd, VMEMMAP_CHECK_PMD, ERROR)                         \
	X(vmemmap_populate, VMEMMAP_POPULATE, ERROR)                           \
	X(vmemmap_populate_hugepages, VMEMMAP_POPULATE_HUGEPAGES, ERROR)

/* The values of a call in the event of its return. */
#define MHP_RESULT_NOTHING(call) ((void)(call), 0)
#define MHP_RESULT_NUMBER(call) ((mhp_u64)(call))
#define MHP_RESULT_ERROR(call) ((mhp_u64)(s64)(call))
#define MHP_RESULT_PROTECTION(call) ((mhp_u64)pgprot_val(call))
#define MHP_RESULT_RANGE(call) mhp_range_result(call, second)

/* Drops the tokens of a call to a function that does not exist. */
#define MHP_PICK_1(there, absent) there
#define MHP_PICK_0(there, absent) absent
#define MHP_PICK_2(have) MHP_PICK_##have
#define MHP_PICK(have) MHP_PICK_2(have)

#endif
