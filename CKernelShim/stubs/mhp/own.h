/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel names for the stand-ins of the creation side, except for functions
 * that the subject brings; its unit defines MHP_OWN_<function> for these first.
 */
#ifndef MHP_OWN_H
#define MHP_OWN_H

#include <mhp/linear_map.h>
#include <mhp/vmemmap.h>

#ifndef MHP_OWN_get_pte_virt_late
#define get_pte_virt_late mhp_get_pte_virt_late
#endif
#ifndef MHP_OWN_get_pmd_virt_late
#define get_pmd_virt_late mhp_get_pmd_virt_late
#endif
#ifndef MHP_OWN_get_pud_virt_late
#define get_pud_virt_late mhp_get_pud_virt_late
#endif
#ifndef MHP_OWN_get_p4d_virt_late
#define get_p4d_virt_late mhp_get_p4d_virt_late
#endif
#ifndef MHP_OWN_alloc_pte_late
#define alloc_pte_late mhp_alloc_pte_late
#endif
#ifndef MHP_OWN_alloc_pmd_late
#define alloc_pmd_late mhp_alloc_pmd_late
#endif
#ifndef MHP_OWN_alloc_pud_late
#define alloc_pud_late mhp_alloc_pud_late
#endif
#ifndef MHP_OWN_alloc_p4d_late
#define alloc_p4d_late mhp_alloc_p4d_late
#endif
#ifndef MHP_OWN_create_pte_mapping
#define create_pte_mapping mhp_create_pte_mapping
#endif
#ifndef MHP_OWN_create_pmd_mapping
#define create_pmd_mapping mhp_create_pmd_mapping
#endif
#ifndef MHP_OWN_create_pud_mapping
#define create_pud_mapping mhp_create_pud_mapping
#endif
#ifndef MHP_OWN_create_p4d_mapping
#define create_p4d_mapping mhp_create_p4d_mapping
#endif
#ifndef MHP_OWN_create_pgd_mapping
#define create_pgd_mapping mhp_create_pgd_mapping
#endif
#ifndef MHP_OWN_best_map_size
#define best_map_size mhp_best_map_size
#endif
#ifndef MHP_OWN_pgprot_from_va
#define pgprot_from_va mhp_pgprot_from_va
#endif

/* (start, end, fixed_size), or since 007480fe84a9 (start, end, fixed_size, prot). */
#ifndef MHP_OWN_create_linear_mapping_range
#define MHP_CREATE_RANGE_3(start, end, fixed_size) mhp_create_range(start, end, fixed_size, NULL)
#define create_linear_mapping_range(...)                                       \
	MHP_OF_3_4(__VA_ARGS__, mhp_create_range, MHP_CREATE_RANGE_3, 0)(__VA_ARGS__)
#endif

#ifndef MHP_OWN_vmemmap_set_pmd
#define vmemmap_set_pmd mhp_vmemmap_set_pmd
#endif
#ifndef MHP_OWN_vmemmap_check_pmd
#define vmemmap_check_pmd mhp_vmemmap_check_pmd
#endif
#ifndef MHP_OWN_vmemmap_populate_hugepages
#define vmemmap_populate_hugepages mhp_vmemmap_populate_hugepages
#endif
#define vmemmap_populate_basepages mhp_vmemmap_populate_basepages

#endif
