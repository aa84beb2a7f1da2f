/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reference's external functions under names of their own in each
 * unit: three units of one text cannot share a program otherwise. And what of the creation
 * side is its own: mhp/own.h.
 */
#ifndef ENTRY_POINTS_H
#define ENTRY_POINTS_H

#define MHP_JOIN(bits, name) mhp_##bits##_##name
#define MHP_NAME(bits, name) MHP_JOIN(bits, name)

#define arch_get_mappable_range MHP_NAME(MHP_INDEX_BITS, arch_get_mappable_range)
#define arch_add_memory MHP_NAME(MHP_INDEX_BITS, arch_add_memory)
#define arch_remove_memory MHP_NAME(MHP_INDEX_BITS, arch_remove_memory)
#define vmemmap_free MHP_NAME(MHP_INDEX_BITS, vmemmap_free)
#define create_pgd_mapping MHP_NAME(MHP_INDEX_BITS, create_pgd_mapping)
#define pgtable_cache_init MHP_NAME(MHP_INDEX_BITS, pgtable_cache_init)
#define vmemmap_set_pmd MHP_NAME(MHP_INDEX_BITS, vmemmap_set_pmd)
#define vmemmap_check_pmd MHP_NAME(MHP_INDEX_BITS, vmemmap_check_pmd)
#define vmemmap_populate MHP_NAME(MHP_INDEX_BITS, vmemmap_populate)

/* Of the creation side it has all but what is generic code. */
#define MHP_OWN_best_map_size 1
#define MHP_OWN_create_pte_mapping 1
#define MHP_OWN_create_pmd_mapping 1
#define MHP_OWN_create_pud_mapping 1
#define MHP_OWN_create_p4d_mapping 1
#define MHP_OWN_create_pgd_mapping 1
#define MHP_OWN_create_linear_mapping_range 1
#define MHP_OWN_pgprot_from_va 1
#define MHP_OWN_alloc_pte_late 1
#define MHP_OWN_alloc_pmd_late 1
#define MHP_OWN_alloc_pud_late 1
#define MHP_OWN_alloc_p4d_late 1
#define MHP_OWN_get_pte_virt_late 1
#define MHP_OWN_get_pmd_virt_late 1
#define MHP_OWN_get_pud_virt_late 1
#define MHP_OWN_get_p4d_virt_late 1
#define MHP_OWN_vmemmap_set_pmd 1
#define MHP_OWN_vmemmap_check_pmd 1

#endif
