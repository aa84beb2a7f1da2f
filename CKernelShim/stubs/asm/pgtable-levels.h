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

#define MHP_SHIFT(levels_below) (PAGE_SHIFT + (levels_below) * MHP_INDEX_BITS)
#define MHP_BY_MODE(l5, l4, l3) (pgtable_l5_enabled ? (l5) : pgtable_l4_enabled ? (l4) : (l3))
#define VA_BITS_SV39 MHP_SHIFT(3)
#define VA_BITS_SV48 MHP_SHIFT(4)
#define VA_BITS_SV57 MHP_SHIFT(5)
#define VA_BITS MHP_BY_MODE(VA_BITS_SV57, VA_BITS_SV48, VA_BITS_SV39)
#define PMD_SHIFT MHP_SHIFT(1)
#define PUD_SHIFT MHP_SHIFT(2)
#define P4D_SHIFT_L3 MHP_SHIFT(2)
#define P4D_SHIFT_L4 MHP_SHIFT(3)
#define P4D_SHIFT_L5 MHP_SHIFT(3)
#define P4D_SHIFT MHP_BY_MODE(P4D_SHIFT_L5, P4D_SHIFT_L4, P4D_SHIFT_L3)
#define PGDIR_SHIFT_L3 MHP_SHIFT(2)
#define PGDIR_SHIFT_L4 MHP_SHIFT(3)
#define PGDIR_SHIFT_L5 MHP_SHIFT(4)
#define PGDIR_SHIFT MHP_BY_MODE(PGDIR_SHIFT_L5, PGDIR_SHIFT_L4, PGDIR_SHIFT_L3)
#define PMD_SIZE (_AC(1, UL) << PMD_SHIFT)
#define PUD_SIZE (_AC(1, UL) << PUD_SHIFT)
#define P4D_SIZE (_AC(1, UL) << P4D_SHIFT)
#define PGDIR_SIZE (_AC(1, UL) << PGDIR_SHIFT)
#define PMD_MASK (~(PMD_SIZE - 1))
#define PUD_MASK (~(PUD_SIZE - 1))
#define P4D_MASK (~(P4D_SIZE - 1))
#define PGDIR_MASK (~(PGDIR_SIZE - 1))
#define HPAGE_SHIFT PMD_SHIFT
#define HPAGE_SIZE (_AC(1, UL) << HPAGE_SHIFT)
#define HPAGE_MASK (~(HPAGE_SIZE - 1))
#define HPAGE_PMD_ORDER (PMD_SHIFT - PAGE_SHIFT)
#define HPAGE_PMD_NR (1UL << HPAGE_PMD_ORDER)

/* A small table has only the first entries of its page. */
#define MHP_PTRS(type) (PAGE_SIZE / sizeof(type) >> (9 - MHP_INDEX_BITS))
#define PTRS_PER_PTE MHP_PTRS(pte_t)
#define PTRS_PER_PMD MHP_PTRS(pmd_t)
#define PTRS_PER_PUD MHP_PTRS(pud_t)
#define PTRS_PER_P4D MHP_PTRS(p4d_t)
#define PTRS_PER_PGD MHP_PTRS(pgd_t)

#define MHP_INDEX(address, shift, count) (((address) >> (shift)) & ((count) - 1))
#define pte_index(address) MHP_INDEX(address, PAGE_SHIFT, PTRS_PER_PTE)
#define pmd_index(address) MHP_INDEX(address, PMD_SHIFT, PTRS_PER_PMD)
#define pud_index(address) MHP_INDEX(address, PUD_SHIFT, PTRS_PER_PUD)
#define p4d_index(address) MHP_INDEX(address, P4D_SHIFT, PTRS_PER_P4D)
#define pgd_index(address) MHP_INDEX(address, PGDIR_SHIFT, PTRS_PER_PGD)

/*
 * The window of the linear map by the kernel's formula, and what the layout has
 * beyond it: 0 at real geometry. The other regions are made in the same way, so
 * that they follow a subject that redefines a part of a formula.
 */
#define MHP_KERN_VIRT_SIZE ((PTRS_PER_PGD / 2 * PGDIR_SIZE) / 2)
static __always_inline unsigned long mhp_kern_virt_excess(void)
{
	return mhp_machine->layout.kern_virt_size - MHP_KERN_VIRT_SIZE;
}

static __always_inline unsigned long mhp_linear_excess(void)
{
	return mhp_machine->layout.linear_size - mhp_machine->layout.kern_virt_size;
}

#define KERN_VIRT_SIZE (MHP_KERN_VIRT_SIZE + mhp_kern_virt_excess())

/* The next boundary of a level, or the end if that comes first; 2^64 counts as beyond. */
static __always_inline unsigned long mhp_addr_end(unsigned long address, unsigned long end,
						  unsigned long size, unsigned long mask)
{
	unsigned long boundary = (address + size) & mask;

	return boundary - 1 < end - 1 ? boundary : end;
}

#define pmd_addr_end(address, end) mhp_addr_end(address, end, PMD_SIZE, PMD_MASK)
#define pud_addr_end(address, end) mhp_addr_end(address, end, PUD_SIZE, PUD_MASK)
#define p4d_addr_end(address, end) mhp_addr_end(address, end, P4D_SIZE, P4D_MASK)
#define pgd_addr_end(address, end) mhp_addr_end(address, end, PGDIR_SIZE, PGDIR_MASK)

#endif
