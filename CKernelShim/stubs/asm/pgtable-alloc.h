/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: the generic functions that find the table below or allocate it;
 * NULL when memory runs out.
 */
#ifndef STUB_ASM_PGTABLE_ALLOC_H
#define STUB_ASM_PGTABLE_ALLOC_H

#include <asm/pgalloc.h>
#include <linux/errno.h>

static inline void *mhp_new_table(void)
{
	return (void *)get_zeroed_page(GFP_KERNEL);
}

/* A table is linked under the lock of its mm, so the mm must exist. */
static inline void mhp_lock_tables(const struct mm_struct *mm)
{
	(void)*(pgd_t *const volatile *)&mm->pgd;
}

static inline pte_t *pte_alloc_one_kernel(struct mm_struct *mm __maybe_unused)
{
	pte_t *table = mhp_new_table();

	if (table)
		mhp_construct(virt_to_page(table), MHP_PTE);
	return table;
}

static inline pmd_t *pmd_alloc_one(struct mm_struct *mm __maybe_unused,
				   unsigned long address __maybe_unused)
{
	pmd_t *table = mhp_new_table();

	if (table)
		mhp_construct(virt_to_page(table), MHP_PMD);
	return table;
}

static inline pud_t *pud_alloc_one(struct mm_struct *mm __maybe_unused,
				   unsigned long address __maybe_unused)
{
	return mhp_new_table();
}

static inline p4d_t *p4d_alloc_one(struct mm_struct *mm __maybe_unused,
				   unsigned long address __maybe_unused)
{
	return mhp_new_table();
}

static inline int __pte_alloc_kernel(pmd_t *pmd)
{
	pte_t *table = pte_alloc_one_kernel(&init_mm);

	if (!table)
		return -ENOMEM;
	pmd_populate_kernel(&init_mm, pmd, table);
	return 0;
}

#define pte_alloc_kernel(pmd, address)                                         \
	(unlikely(pmd_none(*(pmd))) && __pte_alloc_kernel(pmd) ?               \
		 NULL : pte_offset_kernel(pmd, address))

static inline pmd_t *pmd_alloc(struct mm_struct *mm, pud_t *pud, unsigned long address)
{
	if (pud_none(*pud)) {
		pmd_t *table = pmd_alloc_one(mm, address);

		if (!table)
			return NULL;
		mhp_lock_tables(mm);
		pud_populate(mm, pud, table);
	}
	return pmd_offset(pud, address);
}

static inline pud_t *pud_alloc(struct mm_struct *mm, p4d_t *p4d, unsigned long address)
{
	if (p4d_none(*p4d)) {
		pud_t *table = pud_alloc_one(mm, address);

		if (!table)
			return NULL;
		mhp_lock_tables(mm);
		p4d_populate(mm, p4d, table);
	}
	return pud_offset(p4d, address);
}

static inline p4d_t *p4d_alloc(struct mm_struct *mm, pgd_t *pgd, unsigned long address)
{
	if (pgd_none(*pgd)) {
		p4d_t *table = p4d_alloc_one(mm, address);

		if (!table)
			return NULL;
		mhp_lock_tables(mm);
		pgd_populate(mm, pgd, table);
	}
	return p4d_offset(pgd, address);
}

#endif
