/* SPDX-License-Identifier: GPL-2.0-only */
/* Customised: the step from an entry to the table below it; a folded level returns its entry. */
#ifndef STUB_LINUX_PGTABLE_H
#define STUB_LINUX_PGTABLE_H

#include <asm/pgtable-store.h>

static inline p4d_t *p4d_offset(pgd_t *pgd, unsigned long address)
{
	if (pgtable_l5_enabled)
		return pgd_pgtable(pgdp_get(pgd)) + p4d_index(address);
	return (p4d_t *)pgd;
}

static inline pud_t *pud_offset(p4d_t *p4d, unsigned long address)
{
	if (pgtable_l4_enabled)
		return p4d_pgtable(p4dp_get(p4d)) + pud_index(address);
	return (pud_t *)p4d;
}

static inline pmd_t *pmd_offset(pud_t *pud, unsigned long address)
{
	return pud_pgtable(pudp_get(pud)) + pmd_index(address);
}

static inline pte_t *pte_offset_kernel(pmd_t *pmd, unsigned long address)
{
	return (pte_t *)pmd_page_vaddr(pmdp_get(pmd)) + pte_index(address);
}

#define pgd_offset_pgd(root, address) ((root) + pgd_index(address))
#define pgd_offset(mm, address) pgd_offset_pgd((mm)->pgd, address)
#define pgd_offset_k(address) pgd_offset(&init_mm, (unsigned long)(address))

static inline pmd_t *pmd_off_k(unsigned long address)
{
	return pmd_offset(pud_offset(p4d_offset(pgd_offset_k(address), address), address),
			  address);
}

#endif
