/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: the machine counts altmaps. A pgmap is only passed on, and the
 * machine holds the part of it that the core needs; its members exist so that
 * text compiles.
 */
#ifndef STUB_LINUX_MEMREMAP_H
#define STUB_LINUX_MEMREMAP_H

#include <linux/range.h>
#include <linux/stddef.h>
#include <mhp/machine.h>

struct vmem_altmap {
	unsigned long base_pfn;
	const unsigned long end_pfn;
	const unsigned long reserve;
	unsigned long free;
	unsigned long align;
	unsigned long alloc;
};

#define MHP_SAME_MEMBER(member)                                                \
	_Static_assert(offsetof(struct vmem_altmap, member) ==                 \
		       offsetof(struct mhp_altmap, member),                    \
		       "struct vmem_altmap is struct mhp_altmap: " #member)
MHP_SAME_MEMBER(base_pfn);
MHP_SAME_MEMBER(end_pfn);
MHP_SAME_MEMBER(reserve);
MHP_SAME_MEMBER(free);
MHP_SAME_MEMBER(align);
MHP_SAME_MEMBER(alloc);
_Static_assert(sizeof(struct vmem_altmap) == sizeof(struct mhp_altmap), "no further member");

struct dev_pagemap {
	struct vmem_altmap altmap;
	unsigned int type;
	unsigned int flags;
	unsigned long vmemmap_shift;
	int nr_range;
	struct range range;
};

/*
 * The pages of a compound, which share the memmap pages of their tails; the
 * shift is at most MHP_MAX_VMEMMAP_SHIFT.
 */
static inline unsigned long pgmap_vmemmap_nr(struct dev_pagemap *pgmap)
{
	return 1UL << mhp_machine->vmemmap_shift(mhp_machine, pgmap);
}

static inline void vmem_altmap_free(struct vmem_altmap *altmap, unsigned long pages)
{
	mhp_machine->altmap_free(mhp_machine, altmap, pages);
}

static inline unsigned long vmem_altmap_offset(const struct vmem_altmap *altmap)
{
	return altmap ? altmap->reserve + altmap->free : 0;
}

#endif
