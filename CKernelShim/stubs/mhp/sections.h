/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Behind the subject's last line: the live core. It does the work of
 * mm/memory_hotplug.c and mm/sparse.c for added and removed memory, section by
 * section, through the subject's own vmemmap_populate and vmemmap_free. The
 * machine knows the present sections.
 */
#ifndef MHP_SECTIONS_H
#define MHP_SECTIONS_H

#include <linux/memory_hotplug.h>
#include <linux/mmzone.h>
#include <mhp/compound.h>

/* __populate_section_memmap. */
static inline int mhp_memmap_populate(unsigned long pfn, unsigned long pages, int node,
				      struct vmem_altmap *altmap, struct dev_pagemap *pgmap)
{
	const unsigned long start = (unsigned long)pfn_to_page(pfn);
	const unsigned long end = start + pages * sizeof(struct page);

	if (mhp_shares_memmap(altmap, pgmap))
		return mhp_memmap_compounds(pfn, start, end, node, pgmap);
#ifdef MHP_HAVE_vmemmap_populate
	return vmemmap_populate(start, end, node, altmap);
#else
	return vmemmap_populate_hugepages(start, end, node, altmap);
#endif
}

/* A subject without vmemmap_free comes from a kernel whose memmap stays. */
static inline void mhp_memmap_free(unsigned long pfn, unsigned long pages,
				   struct vmem_altmap *altmap)
{
#ifdef MHP_HAVE_vmemmap_free
	const unsigned long start = (unsigned long)pfn_to_page(pfn);

	vmemmap_free(start, start + pages * sizeof(struct page), altmap);
#else
	(void)pfn;
	(void)pages;
	(void)altmap;
#endif
}

static inline bool mhp_is_misaligned(unsigned long pfn, unsigned long pages)
{
	return !IS_ALIGNED(pfn | pages, PAGES_PER_SUBSECTION);
}

/* Pages from a PFN to the end of the range or of the section, whichever comes first. */
static inline unsigned long mhp_part(unsigned long pfn, unsigned long end)
{
	const unsigned long next = ALIGN(pfn + 1, PAGES_PER_SECTION);

	return (next < end ? next : end) - pfn;
}

/* sparse_remove_section without the test for an absent section. */
static inline void mhp_remove_section(unsigned long pfn, unsigned long pages,
				      struct vmem_altmap *altmap)
{
	switch (mhp_machine->remove_section(mhp_machine, pfn, pages)) {
	case MHP_MEMMAP_FREE:
		mhp_memmap_free(pfn, pages, altmap);
		break;
	case MHP_MEMMAP_FREE_BOOT:
		mhp_memmap_free(ALIGN_DOWN(pfn, PAGES_PER_SECTION), PAGES_PER_SECTION, NULL);
		break;
	case MHP_MEMMAP_KEEP:
		break;
	default:
		mhp_machine->warn(mhp_machine);
	}
}

/*
 * sparse_add_section: a memmap that cannot be populated completely is removed
 * again, together with the section.
 */
static inline int mhp_add_section(int node, unsigned long pfn, unsigned long pages,
				  struct vmem_altmap *altmap, struct dev_pagemap *pgmap)
{
	const int state = mhp_machine->add_section(mhp_machine, pfn, pages);

	if (state != MHP_MEMMAP_POPULATE)
		return state < 0 ? state : 0;
	if (mhp_memmap_populate(pfn, pages, node, altmap, pgmap) >= 0)
		return 0;
	mhp_remove_section(pfn, pages, altmap);
	return -ENOMEM;
}

/* __add_pages: the sections before one that fails stay (hazard H11). */
static int mhp_add_sections(int node, unsigned long pfn, unsigned long pages,
			    struct mhp_params *params)
{
	const unsigned long end = pfn + pages;
	struct vmem_altmap *altmap = params->altmap;
	unsigned long part;
	int error = 0;

	if (!pgprot_val(params->pgprot)) {
		mhp_machine->warn(mhp_machine);
		return -EINVAL;
	}
	if (altmap) {
		if (altmap->base_pfn != pfn || vmem_altmap_offset(altmap) > pages)
			return -EINVAL;
		altmap->alloc = 0;
	}
	if (mhp_is_misaligned(pfn, pages)) {
		mhp_machine->warn(mhp_machine);
		return -EINVAL;
	}
	for (; pfn < end && !error; pfn += part) {
		part = mhp_part(pfn, end);
		error = mhp_add_section(node, pfn, part, altmap, params->pgmap);
	}
	return error;
}

/* __remove_pages. */
static void mhp_remove_sections(unsigned long pfn, unsigned long pages,
				struct vmem_altmap *altmap)
{
	const unsigned long end = pfn + pages;
	unsigned long part;

	if (mhp_is_misaligned(pfn, pages)) {
		mhp_machine->warn(mhp_machine);
		return;
	}
	for (; pfn < end; pfn += part) {
		part = mhp_part(pfn, end);
		mhp_remove_section(pfn, part, altmap);
	}
}

#endif
