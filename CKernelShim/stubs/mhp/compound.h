/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Behind the subject's last line: the memmap of a device with compound pages.
 * All struct pages of a compound behind its first memmap page are alike, so one
 * page holds them. A compound has its own first and second memmap page, and all
 * further ones map the second.
 */
#ifndef MHP_COMPOUND_H
#define MHP_COMPOUND_H

#include <mhp/populate.h>

/* The memmap pages that a compound does not share. */
#define MHP_OWN_MEMMAP_PAGES 2

/* Devices that keep their memmap in themselves do not share, because they need not save pages. */
static inline bool mhp_shares_memmap(struct vmem_altmap *altmap, struct dev_pagemap *pgmap)
{
	if (!pgmap || altmap)
		return false;
	return pgmap_vmemmap_nr(pgmap) * sizeof(struct page) >> PAGE_SHIFT > MHP_OWN_MEMMAP_PAGES;
}

/*
 * Whether a PFN is in the middle of a compound, counted from the start of the
 * added memory. Always false for compounds no larger than a sub-section.
 */
static inline bool mhp_is_within_compound(unsigned long pfn, struct dev_pagemap *pgmap)
{
	const unsigned long pages = pgmap_vmemmap_nr(pgmap);
	const unsigned long offset = pfn - PFN_DOWN(mhp_current->start);

	return !IS_ALIGNED(offset, pages) && pages > PAGES_PER_SUBSECTION;
}

static inline int mhp_memmap_share(unsigned long start, unsigned long end, int node,
				   struct page *page)
{
	for (unsigned long address = start; address < end; address += PAGE_SIZE) {
		if (!mhp_memmap_page(address, node, NULL, page))
			return -ENOMEM;
	}
	return 0;
}

/* The memmap of one compound, or of the part of it from `start` to `end`. */
static inline int mhp_memmap_compound(unsigned long start, unsigned long end, int node)
{
	pte_t *tail;

	if (!mhp_memmap_page(start, node, NULL, NULL))
		return -ENOMEM;
	tail = mhp_memmap_page(start + PAGE_SIZE, node, NULL, NULL);
	if (!tail)
		return -ENOMEM;
	return mhp_memmap_share(start + MHP_OWN_MEMMAP_PAGES * PAGE_SIZE, end, node,
				pte_page(ptep_get(tail)));
}

/*
 * A part of a section. If it starts in the middle of a compound, it maps the
 * last memmap page before it, which was populated just before. The end may lie
 * in the middle of a compound.
 */
static inline int mhp_memmap_compounds(unsigned long pfn, unsigned long start, unsigned long end,
				       int node, struct dev_pagemap *pgmap)
{
	const unsigned long whole = pgmap_vmemmap_nr(pgmap) * sizeof(struct page);
	const unsigned long size = whole < end - start ? whole : end - start;

	if (mhp_is_within_compound(pfn, pgmap)) {
		const unsigned long before = start - PAGE_SIZE;
		pte_t *tail = pte_offset_kernel(pmd_off_k(before), before);

		return mhp_memmap_share(start, end, node, pte_page(ptep_get(tail)));
	}
	for (; start < end; start += size) {
		if (mhp_memmap_compound(start, start + size, node))
			return -ENOMEM;
	}
	return 0;
}

#endif
