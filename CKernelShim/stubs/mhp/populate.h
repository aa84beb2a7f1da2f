/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Behind the subject's last line: populates the memmap with PMD leaves, and
 * with single pages if no block is available and no altmap is given. Tables of
 * the memmap have no constructor. The subject's hook decides whether a PMD is
 * populated: riscv's hook accepts any non-empty PMD.
 */
#ifndef MHP_POPULATE_H
#define MHP_POPULATE_H

#include <mhp/own.h>

/* The device's own pages, next in turn and aligned to the block's size; NULL if too few remain. */
static inline void *mhp_altmap_block(unsigned long size, struct vmem_altmap *altmap)
{
	const unsigned long pages = size >> PAGE_SHIFT;
	const unsigned long used = altmap->alloc + altmap->align;
	const unsigned long next = altmap->base_pfn + altmap->reserve + used;
	const unsigned long lost = ALIGN(next, pages) - next;

	if (used > altmap->free || pages + lost > altmap->free - used)
		return NULL;
	altmap->alloc += pages;
	altmap->align += lost;
	return pfn_to_virt(next + lost);
}

static inline void *mhp_memmap_block(unsigned long size, int node, struct vmem_altmap *altmap)
{
	if (altmap)
		return mhp_altmap_block(size, altmap);
	return (void *)mhp_get_pages(node, GFP_KERNEL, get_order(size));
}

static inline void *mhp_memmap_table(int node)
{
	return (void *)mhp_get_pages(node, GFP_KERNEL | __GFP_ZERO, 0);
}

/* Creates the tables down to the PMD; NULL when memory runs out. */
static inline pmd_t *mhp_memmap_pmd(unsigned long address, int node)
{
	pgd_t *pgd = pgd_offset_k(address);
	p4d_t *p4d;
	pud_t *pud;

	if (pgd_none(*pgd)) {
		p4d_t *table = mhp_memmap_table(node);

		if (!table)
			return NULL;
		pgd_populate(&init_mm, pgd, table);
	}
	p4d = p4d_offset(pgd, address);
	if (p4d_none(*p4d)) {
		pud_t *table = mhp_memmap_table(node);

		if (!table)
			return NULL;
		p4d_populate(&init_mm, p4d, table);
	}
	pud = pud_offset(p4d, address);
	if (pud_none(*pud)) {
		pmd_t *table = mhp_memmap_table(node);

		if (!table)
			return NULL;
		pud_populate(&init_mm, pud, table);
	}
	return pmd_offset(pud, address);
}

/* A shared page has a reference for each entry, because the removal of an entry frees it once. */
static inline void *mhp_memmap_shared(struct page *page)
{
	get_page(page);
	return page_to_virt(page);
}

/*
 * Maps a page at an address that has none: the shared one, or a new page if
 * `shared` is NULL. Returns the entry; NULL when memory runs out.
 */
static inline pte_t *mhp_memmap_page(unsigned long address, int node, struct vmem_altmap *altmap,
				     struct page *shared)
{
	pmd_t *pmd = mhp_memmap_pmd(address, node);
	pte_t *pte;
	void *page;

	if (!pmd)
		return NULL;
	if (pmd_none(*pmd)) {
		pte_t *table = mhp_memmap_table(node);

		if (!table)
			return NULL;
		pmd_populate_kernel(&init_mm, pmd, table);
	}
	pte = pte_offset_kernel(pmd, address);
	if (!pte_none(ptep_get(pte)))
		return pte;
	page = shared ? mhp_memmap_shared(shared) : mhp_memmap_block(PAGE_SIZE, node, altmap);
	if (!page)
		return NULL;
	set_pte(pte, pfn_pte(PFN_DOWN(virt_to_phys(page)), PAGE_KERNEL));
	return pte;
}

static int mhp_vmemmap_populate_basepages(unsigned long start, unsigned long end,
					  int node, struct vmem_altmap *altmap)
{
	for (unsigned long address = start; address < end; address += PAGE_SIZE) {
		if (!mhp_memmap_page(address, node, altmap, NULL))
			return -ENOMEM;
	}
	return 0;
}

static int mhp_vmemmap_populate_hugepages(unsigned long start, unsigned long end, int node,
					  struct vmem_altmap *altmap)
{
	unsigned long next;

	for (unsigned long address = start; address < end; address = next) {
		pmd_t *pmd = mhp_memmap_pmd(address, node);
		void *block;

		next = pmd_addr_end(address, end);
		if (!pmd)
			return -ENOMEM;
		if (pmd_none(pmdp_get(pmd))) {
			block = mhp_memmap_block(PMD_SIZE, node, altmap);
			if (block) {
				vmemmap_set_pmd(pmd, block, node, address, next);
				continue;
			}
			/*
			 * A device with too little room is set up badly, so
			 * there is no second try.
			 */
			if (altmap)
				return -ENOMEM;
		} else if (vmemmap_check_pmd(pmd, node, address, next)) {
			continue;
		}
		if (mhp_vmemmap_populate_basepages(address, next, node, altmap))
			return -ENOMEM;
	}
	return 0;
}

#endif
