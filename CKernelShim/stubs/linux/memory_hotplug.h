/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: a request to the generic hotplug code becomes an event; a live
 * core also executes it (mhp/sections.h, behind the subject).
 */
#ifndef STUB_LINUX_MEMORY_HOTPLUG_H
#define STUB_LINUX_MEMORY_HOTPLUG_H

#include <asm/page.h>
#include <linux/memremap.h>

struct mhp_params {
	struct vmem_altmap *altmap;
	pgprot_t pgprot;
	struct dev_pagemap *pgmap;
};

typedef int mhp_t;

static int mhp_add_sections(int node, unsigned long pfn, unsigned long pages,
			    struct mhp_params *params);
static void mhp_remove_sections(unsigned long pfn, unsigned long pages,
				struct vmem_altmap *altmap);

static inline int __add_pages(int nid, unsigned long pfn, unsigned long pages,
			      struct mhp_params *params)
{
	int error = mhp_machine->add_pages(mhp_machine, nid, pfn, pages,
					   pgprot_val(params->pgprot), params->altmap,
					   params->pgmap);

	if (error || !mhp_machine->live_core)
		return error;
	return mhp_add_sections(nid, pfn, pages, params);
}

static inline void mhp_core_remove_pages(unsigned long pfn, unsigned long pages,
					 struct vmem_altmap *altmap, struct dev_pagemap *pgmap)
{
	mhp_machine->remove_pages(mhp_machine, pfn, pages, altmap, pgmap);
	if (mhp_machine->live_core)
		mhp_remove_sections(pfn, pages, altmap);
}

/*
 * For an era without pgmap: the caller had one, and the subject has no
 * parameter to pass it on, which counts as passed on.
 */
static inline void mhp_remove_pages_without_pgmap(unsigned long pfn, unsigned long pages,
						  struct vmem_altmap *altmap)
{
	mhp_spelled(MHP_SPELLING_NO_PGMAP);
	mhp_core_remove_pages(pfn, pages, altmap,
			      mhp_machine->pgmap(mhp_machine, mhp_current->pgmap));
}

static inline void mhp_remove_pages(unsigned long pfn, unsigned long pages,
				    struct vmem_altmap *altmap, struct dev_pagemap *pgmap)
{
	if (!pgmap && mhp_lacks_pgmap)
		mhp_remove_pages_without_pgmap(pfn, pages, altmap);
	else
		mhp_core_remove_pages(pfn, pages, altmap, pgmap);
}

#define __remove_pages(...)                                                    \
	MHP_OF_3_4(__VA_ARGS__, mhp_remove_pages, mhp_remove_pages_without_pgmap, 0)(__VA_ARGS__)

#define mem_hotplug_begin() ((void)0)
#define mem_hotplug_done() ((void)0)
#define get_online_mems() ((void)0)
#define put_online_mems() ((void)0)

struct range arch_get_mappable_range(void);
int arch_add_memory(int nid, u64 start, u64 size, struct mhp_params *params);

#endif
