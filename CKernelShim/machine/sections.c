// SPDX-License-Identifier: GPL-2.0-only
/*
 * The present parts of memory sections: the state of struct mem_section in
 * mm/sparse.c that memory hotplug depends on. The loop over sections, which
 * calls the subject, is in mhp/sections.h.
 */
#include "machine.h"

#include <errno.h>
#include <string.h>

/* A section has 128 MiB, a sub-section 2 MiB: 64 sub-sections, one word of bits. */
#define SECTION_PAGES_SHIFT 15
#define SUBSECTION_PAGES_SHIFT 9
#define SECTION_PAGES (1ULL << SECTION_PAGES_SHIFT)
#define ALL_SUBSECTIONS (~0ULL)

void mhp_sections_load(struct mhp_sections *sections, const struct mhp_section *present,
		       mhp_u64 count)
{
	if (count)
		memcpy(sections->present, present, count * sizeof(*present));
	sections->count = count;
}

/* The index of a section, or of the first one behind it. */
static mhp_u64 place_of(const struct mhp_sections *sections, mhp_u64 number)
{
	mhp_u64 low = 0, high = sections->count;

	while (low < high) {
		mhp_u64 middle = low + (high - low) / 2;

		if (sections->present[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool holds(const struct mhp_sections *sections, mhp_u64 place, mhp_u64 number)
{
	return place < sections->count && sections->present[place].number == number;
}

/* The sub-sections of a part of one section; the part is aligned to sub-sections. */
static mhp_u64 bits_of(mhp_u64 pfn, mhp_u64 pages)
{
	const mhp_u64 first = (pfn & (SECTION_PAGES - 1)) >> SUBSECTION_PAGES_SHIFT;
	const mhp_u64 count = pages >> SUBSECTION_PAGES_SHIFT;

	return (count < 64 ? (1ULL << count) - 1 : ALL_SUBSECTIONS) << first;
}

static void move(struct mhp_sections *sections, mhp_u64 from, mhp_u64 to)
{
	memmove(&sections->present[to], &sections->present[from],
		(sections->count - from) * sizeof(sections->present[0]));
}

mhp_s32 mhp_sections_add(struct mhp_sections *sections, mhp_u64 pfn, mhp_u64 pages)
{
	const mhp_u64 number = pfn >> SECTION_PAGES_SHIFT;
	const mhp_u64 bits = bits_of(pfn, pages);
	const mhp_u64 place = place_of(sections, number);
	struct mhp_section *section = &sections->present[place];

	if (!holds(sections, place, number)) {
		if (sections->count == MHP_MAX_SECTIONS)
			return -ENOMEM;
		move(sections, place, place + 1);
		sections->count++;
		*section = (struct mhp_section){ .number = number, .subsections = bits };
		return MHP_MEMMAP_POPULATE;
	}
	if (section->subsections & bits)
		return -EEXIST;
	section->subsections |= bits;
	return section->is_early && pages < SECTION_PAGES ? MHP_MEMMAP_IS_THERE :
							     MHP_MEMMAP_POPULATE;
}

mhp_u32 mhp_sections_remove(struct mhp_sections *sections, mhp_u64 pfn, mhp_u64 pages)
{
	const mhp_u64 number = pfn >> SECTION_PAGES_SHIFT;
	const mhp_u64 bits = bits_of(pfn, pages);
	const mhp_u64 place = place_of(sections, number);
	struct mhp_section *section = &sections->present[place];
	bool is_early;

	if (!holds(sections, place, number) || (section->subsections & bits) != bits)
		return MHP_SECTION_NOT_THERE;
	is_early = section->is_early;
	section->subsections &= ~bits;
	if (section->subsections)
		return is_early ? MHP_MEMMAP_KEEP : MHP_MEMMAP_FREE;
	move(sections, place + 1, place);
	sections->count--;
	return is_early ? MHP_MEMMAP_FREE_BOOT : MHP_MEMMAP_FREE;
}
