/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: the life of a table page. The names of a constructor or a
 * destructor in all eras become one event; those of 6.6 and 6.12 count as the
 * plain ones.
 */
#ifndef STUB_ASM_PGALLOC_H
#define STUB_ASM_PGALLOC_H

#include <linux/pgtable.h>

static inline bool mhp_construct(const void *page, u32 level)
{
	mhp_machine->construct(mhp_machine, page_to_pfn(page), level);
	return true;
}

static inline void mhp_destruct(const void *page, u32 level)
{
	mhp_machine->destruct(mhp_machine, page_to_pfn(page), level);
}

static inline bool mhp_construct_renamed(const void *page, u32 level)
{
	mhp_spelled(MHP_SPELLING_TABLE_CONSTRUCTOR);
	return mhp_construct(page, level);
}

static inline void mhp_destruct_renamed(const void *page, u32 level)
{
	mhp_spelled(MHP_SPELLING_TABLE_CONSTRUCTOR);
	mhp_destruct(page, level);
}

/* These macros check that the argument has the era's type. */
#define MHP_PTDESC(x) ((const struct ptdesc *){ (x) })
#define MHP_TABLE_PAGE(x) ((const struct page *){ (x) })

/* (ptdesc), or from 6.16 on (mm, ptdesc). */
#define MHP_CTOR_1(construct, level, ptdesc) construct(MHP_PTDESC(ptdesc), level)
#define MHP_CTOR_2(construct, level, mm, ptdesc)                               \
	((void)(mm), construct(MHP_PTDESC(ptdesc), level))
#define MHP_CTOR(construct, level, ...)                                        \
	MHP_OF_1_2(__VA_ARGS__, MHP_CTOR_2, MHP_CTOR_1, 0)(construct, level, __VA_ARGS__)

#define pagetable_pte_ctor(...) MHP_CTOR(mhp_construct, MHP_PTE, __VA_ARGS__)
#define pagetable_pmd_ctor(...) MHP_CTOR(mhp_construct, MHP_PMD, __VA_ARGS__)
#define pagetable_pud_ctor(...) MHP_CTOR(mhp_construct_renamed, MHP_PUD, __VA_ARGS__)
#define pagetable_p4d_ctor(...) MHP_CTOR(mhp_construct_renamed, MHP_P4D, __VA_ARGS__)
#define pagetable_pgd_ctor(...) MHP_CTOR(mhp_construct_renamed, MHP_PGD, __VA_ARGS__)
#define pgtable_pte_page_ctor(page) mhp_construct_renamed(MHP_TABLE_PAGE(page), MHP_PTE)
#define pgtable_pmd_page_ctor(page) mhp_construct_renamed(MHP_TABLE_PAGE(page), MHP_PMD)

#define pagetable_pte_dtor(ptdesc) mhp_destruct(MHP_PTDESC(ptdesc), MHP_PTE)
#define pagetable_pmd_dtor(ptdesc) mhp_destruct(MHP_PTDESC(ptdesc), MHP_PMD)
#define pagetable_pud_dtor(ptdesc) mhp_destruct_renamed(MHP_PTDESC(ptdesc), MHP_PUD)
#define pagetable_p4d_dtor(ptdesc) mhp_destruct_renamed(MHP_PTDESC(ptdesc), MHP_P4D)
#define pagetable_dtor(ptdesc) mhp_destruct_renamed(MHP_PTDESC(ptdesc), MHP_ANY_LEVEL)
#define pgtable_pte_page_dtor(page) mhp_destruct_renamed(MHP_TABLE_PAGE(page), MHP_PTE)
#define pgtable_pmd_page_dtor(page) mhp_destruct_renamed(MHP_TABLE_PAGE(page), MHP_PMD)

static inline struct ptdesc *pagetable_alloc_noprof(gfp_t gfp, unsigned int order)
{
	return page_ptdesc(alloc_pages(gfp, order));
}

/* Tables are single pages. */
static inline void pagetable_free(struct ptdesc *ptdesc)
{
	mhp_machine->free(mhp_machine, ptdesc_pfn(ptdesc), 0);
}

#define __pagetable_free(ptdesc) pagetable_free(ptdesc)
#define pagetable_free_kernel(ptdesc) pagetable_free(ptdesc)
#define pagetable_alloc(...) pagetable_alloc_noprof(__VA_ARGS__)

static inline void pagetable_dtor_free(struct ptdesc *ptdesc)
{
	pagetable_dtor(ptdesc);
	pagetable_free(ptdesc);
}

#define MHP_LINK(table) MHP_ENTRY(PFN_DOWN(linear_mapping_va_to_pa(table)), PAGE_TABLE)
#define pmd_populate_kernel(mm, pmd, table) ((void)(mm), set_pmd(pmd, __pmd(MHP_LINK(table))))
#define pmd_populate(mm, pmd, page)                                            \
	((void)(mm), set_pmd(pmd, pfn_pmd(page_to_pfn(page), PAGE_TABLE)))
#define pud_populate(mm, pud, table) ((void)(mm), set_pud(pud, __pud(MHP_LINK(table))))

/* If the level below is folded, no table is linked. */
static inline void p4d_populate(struct mm_struct *mm __maybe_unused, p4d_t *p4d, pud_t *table)
{
	if (pgtable_l4_enabled)
		set_p4d(p4d, __p4d(MHP_LINK(table)));
}

static inline void pgd_populate(struct mm_struct *mm __maybe_unused, pgd_t *pgd, p4d_t *table)
{
	if (pgtable_l5_enabled)
		set_pgd(pgd, __pgd(MHP_LINK(table)));
}

#endif
