/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: the levels and their widths. The machine sets the number of
 * levels, the compilation the index width. Source: pgtable-64.h.
 */
#ifndef STUB_ASM_PGTABLE_LEVELS_H
#define STUB_ASM_PGTABLE_LEVELS_H

#include <asm/page.h>
#include <linux/kconfig.h>

typedef struct {
	unsigned long p4d;
} p4d_t;

typedef struct {
	unsigned long pud;
} pud_t;

typedef struct {
	unsigned long pmd;
} pmd_t;

#define p4d_val(x) ((x).p4d)
#define pud_val(x) ((x).pud)
#define pmd_val(x) ((x).pmd)
#define __p4d(x) ((p4d_t) { (x) })
#define __pud(x) ((pud_t) { (x) })
#define __pmd(x) ((pmd_t) { (x) })

_Static_assert(sizeof(pte_t) == 8 && sizeof(pmd_t) == 8 && sizeof(pud_t) == 8 &&
	       sizeof(p4d_t) == 8 && sizeof(pgd_t) == 8, "an entry is a 64-bit word");

#define pgtable_l4_enabled ((bool)mhp_machine->l4_enabled)
#define pgtable_l5_enabled ((bool)mhp_machine->l5_enabled)
#define mm_p4d_folded(mm) ((void)(mm), !pgtable_l5_enabled)
#define mm_pud_folded(mm) ((void)(mm), !pgtable_l4_enabled)
#define VA_BITS (PGDIR_SHIFT + MHP_INDEX_BITS)

#define MHP_SHIFT(levels_below) (PAGE_SHIFT + (levels_below) * MHP_INDEX_BITS)
#define PMD_SHIFT MHP_SHIFT(1)
#define PUD_SHIFT MHP_SHIFT(2)
#define P4D_SHIFT MHP_SHIFT(pgtable_l4_enabled ? 3 : 2)
#define PGDIR_SHIFT MHP_SHIFT(pgtable_l5_enabled ? 4 : pgtable_l4_enabled ? 3 : 2)
#define PMD_SIZE (1UL << PMD_SHIFT)
#define PUD_SIZE (1UL << PUD_SHIFT)
#define P4D_SIZE (1UL << P4D_SHIFT)
#define PGDIR_SIZE (1UL << PGDIR_SHIFT)
#define PMD_MASK (~(PMD_SIZE - 1))
#define PUD_MASK (~(PUD_SIZE - 1))
#define P4D_MASK (~(P4D_SIZE - 1))
#define PGDIR_MASK (~(PGDIR_SIZE - 1))
#define HPAGE_SHIFT PMD_SHIFT
#define HPAGE_SIZE PMD_SIZE
#define HPAGE_MASK PMD_MASK
#define HPAGE_PMD_ORDER (PMD_SHIFT - PAGE_SHIFT)
#define HPAGE_PMD_NR (1UL << HPAGE_PMD_ORDER)

#define PTRS_PER_PTE (1UL << MHP_INDEX_BITS)
#define PTRS_PER_PMD PTRS_PER_PTE
#define PTRS_PER_PUD PTRS_PER_PTE
#define PTRS_PER_P4D PTRS_PER_PTE
#define PTRS_PER_PGD PTRS_PER_PTE

#define MHP_INDEX(address, shift) (((address) >> (shift)) & (PTRS_PER_PTE - 1))
#define pte_index(address) MHP_INDEX(address, PAGE_SHIFT)
#define pmd_index(address) MHP_INDEX(address, PMD_SHIFT)
#define pud_index(address) MHP_INDEX(address, PUD_SHIFT)
#define p4d_index(address) MHP_INDEX(address, P4D_SHIFT)
#define pgd_index(address) MHP_INDEX(address, PGDIR_SHIFT)

/* The next boundary of a level, or the end if that comes first; 2^64 counts as beyond. */
static __always_inline unsigned long mhp_addr_end(unsigned long address, unsigned long end,
						  unsigned long size)
{
	unsigned long boundary = (address + size) & ~(size - 1);

	return boundary - 1 < end - 1 ? boundary : end;
}

#define pmd_addr_end(address, end) mhp_addr_end(address, end, PMD_SIZE)
#define pud_addr_end(address, end) mhp_addr_end(address, end, PUD_SIZE)
#define p4d_addr_end(address, end) mhp_addr_end(address, end, P4D_SIZE)
#define pgd_addr_end(address, end) mhp_addr_end(address, end, PGDIR_SIZE)

#endif
