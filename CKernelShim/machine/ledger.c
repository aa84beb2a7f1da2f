// SPDX-License-Identifier: GPL-2.0-only
/*
 * The owners of the frames. Nothing here allocates while an operation runs,
 * because the guard may leave an operation at any instruction.
 */
#include "machine.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define MHP_RELEASED_BYTES (MHP_LARGE_EVENT_CAPACITY * sizeof(struct mhp_released_run))

bool mhp_ledger_map(struct mhp_ledger *ledger)
{
	void *runs = mmap(NULL, MHP_RELEASED_BYTES, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (runs == MAP_FAILED)
		return false;
	ledger->released = runs;
	return true;
}

void mhp_ledger_unmap(struct mhp_ledger *ledger)
{
	munmap(ledger->released, MHP_RELEASED_BYTES);
	free(ledger->frames);
}

void mhp_ledger_load(struct mhp_ledger *ledger, const struct mhp_frame_range *frames,
		     mhp_u64 count)
{
	if (count > ledger->frame_capacity) {
		free(ledger->frames);
		ledger->frames = malloc(count * 2 * sizeof(*frames));
		if (!ledger->frames)
			mhp_fatal("out of memory for an image's frame ranges");
		ledger->frame_capacity = count * 2;
	}
	if (count)
		memcpy(ledger->frames, frames, count * sizeof(*frames));
	ledger->frame_count = count;
	ledger->last_hit = 0;
	ledger->released_count = 0;
	ledger->released_first = ~0ULL;
	ledger->released_end = 0;
}

static bool holds(const struct mhp_frame_range *range, mhp_u64 pfn)
{
	return pfn - range->pfn < range->count;
}

const struct mhp_frame_range *mhp_ledger_find(struct mhp_ledger *ledger, mhp_u64 pfn)
{
	mhp_u64 low = 0, high = ledger->frame_count;

	if (high && holds(&ledger->frames[ledger->last_hit], pfn))
		return &ledger->frames[ledger->last_hit];
	while (low < high) {
		mhp_u64 middle = low + (high - low) / 2;

		if (holds(&ledger->frames[middle], pfn)) {
			ledger->last_hit = middle;
			return &ledger->frames[middle];
		}
		if (ledger->frames[middle].pfn < pfn)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static bool is_released(const struct mhp_ledger *ledger, mhp_u64 pfn)
{
	if (pfn < ledger->released_first || pfn >= ledger->released_end)
		return false;
	/* Newest first, because queries are near the latest release. */
	for (mhp_u64 i = ledger->released_count; i-- > 0;)
		if (pfn - ledger->released[i].pfn < ledger->released[i].count)
			return true;
	return false;
}

bool mhp_ledger_is_reserved(struct mhp_ledger *ledger, mhp_u64 pfn)
{
	const struct mhp_frame_range *range = mhp_ledger_find(ledger, pfn);

	return range && range->owner == MHP_RESERVED && !is_released(ledger, pfn);
}

void mhp_ledger_release(struct mhp_ledger *ledger, mhp_u64 pfn)
{
	struct mhp_released_run *last = ledger->released + ledger->released_count - 1;

	if (ledger->released_count && last->pfn + last->count == pfn) {
		last->count++;
	} else if (ledger->released_count < MHP_LARGE_EVENT_CAPACITY) {
		ledger->released[ledger->released_count] =
			(struct mhp_released_run){ .pfn = pfn, .count = 1 };
		ledger->released_count++;
	}
	if (pfn < ledger->released_first)
		ledger->released_first = pfn;
	if (pfn + 1 > ledger->released_end)
		ledger->released_end = pfn + 1;
}
