// SPDX-License-Identifier: GPL-2.0-only
/* The life cycle of the machine: create, load, run, inspect, destroy. */
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define MHP_EVENT_BYTES (MHP_LARGE_EVENT_CAPACITY * sizeof(struct mhp_event))

void mhp_fatal(const char *sentence)
{
	fprintf(stderr, "mhpcheck: %s\n", sentence);
	abort();
}

static struct mhp_event *map_events(void)
{
	void *events = mmap(NULL, MHP_EVENT_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return events == MAP_FAILED ? NULL : events;
}

struct mhp_machine *mhp_machine_create(const char **error)
{
	struct mhp_host *host = calloc(1, sizeof(*host));

	*error = "out of memory for the machine";
	if (!host)
		return NULL;
	if (!mhp_pool_map()) {
		*error = "cannot map the pool of table pages: its addresses are taken";
		goto no_pool;
	}
	if (!mhp_ledger_map(&host->ledger))
		goto no_ledger;
	host->seen.events = map_events();
	if (!host->seen.events)
		goto no_events;
	if (!mhp_guard_install()) {
		*error = "cannot install the fault handlers";
		goto no_guard;
	}
	mhp_core_attach(&host->seen);
	*error = NULL;
	return &host->seen;

no_guard:
	munmap(host->seen.events, MHP_EVENT_BYTES);
no_events:
	mhp_ledger_unmap(&host->ledger);
no_ledger:
	mhp_pool_unmap();
no_pool:
	free(host);
	return NULL;
}

void mhp_machine_destroy(struct mhp_machine *machine)
{
	struct mhp_host *host = mhp_host_of(machine);

	/* It cannot reach timers and signals; they end with the process. */
	if (mhp_is_confined())
		return;
	mhp_guard_remove();
	munmap(host->seen.events, MHP_EVENT_BYTES);
	mhp_ledger_unmap(&host->ledger);
	mhp_pool_unmap();
	free(host);
}

/* Sets everything that a subject can reach, so that none of its changes survive. */
void mhp_machine_load(struct mhp_machine *machine, const struct mhp_image *image)
{
	struct mhp_host *host = mhp_host_of(machine);

	if (image->altmap_count > MHP_MAX_ALTMAPS)
		mhp_fatal("an image has more altmaps than the machine holds");
	if (image->section_count > MHP_MAX_SECTIONS)
		mhp_fatal("an image has more sections than the machine holds");
	mhp_pool_load(&host->pool, image);
	mhp_ledger_load(&host->ledger, image->frames, image->frame_count);
	mhp_sections_load(&host->sections, image->sections, image->section_count);
	host->add_pages_result = image->add_pages_result;
	host->allocation_budget = image->allocation_budget;
	host->allocations = 0;
	host->failing_allocation = image->failing_allocation;
	host->block_pages = 0;
	for (mhp_u64 i = 0; i < MHP_MAX_PGMAPS; i++)
		host->pgmaps[i] = image->vmemmap_shifts[i] <= MHP_MAX_VMEMMAP_SHIFT ?
					  image->vmemmap_shifts[i] : MHP_MAX_VMEMMAP_SHIFT;

	machine->layout = image->layout;
	machine->l4_enabled = image->layout.levels >= 4;
	machine->l5_enabled = image->layout.levels >= 5;
	machine->debug_pagealloc = image->debug_pagealloc != 0;
	machine->live_core = image->live_core != 0;
	machine->uniprocessor = image->uniprocessor != 0;
	machine->spellings = 0;
	machine->root = mhp_pool_words(0);
	machine->max_pfn = image->max_pfn;
	machine->max_low_pfn = image->max_low_pfn;
	memset(machine->altmaps, 0, sizeof(machine->altmaps));
	if (image->altmap_count)
		memcpy(machine->altmaps, image->altmaps,
		       image->altmap_count * sizeof(*image->altmaps));
	machine->event_count = 0;
	machine->event_capacity = mhp_event_capacity(host);
	mhp_core_attach(machine);
}

void mhp_machine_limit_events(struct mhp_machine *machine, mhp_u64 count)
{
	mhp_u64 most = mhp_event_capacity(mhp_host_of(machine));

	machine->event_capacity = count < most ? count : most;
}

void mhp_machine_scrub(struct mhp_machine *machine)
{
	mhp_host_of(machine)->pool.is_disturbed = true;
}

mhp_u32 mhp_machine_has_strays(struct mhp_machine *machine)
{
	struct mhp_pool *pool = &mhp_host_of(machine)->pool;
	bool found = pool->has_strays;

	pool->has_strays = false;
	return found;
}

struct mhp_ending mhp_machine_run(struct mhp_machine *machine, const struct mhp_subject *subject,
				  const struct mhp_operation *operations, mhp_u64 count)
{
	return mhp_guard_run(mhp_host_of(machine), subject, operations, count);
}

mhp_u64 mhp_machine_table_count(const struct mhp_machine *machine)
{
	return ((const struct mhp_host *)machine)->pool.in_use;
}

const mhp_u64 *mhp_machine_table(const struct mhp_machine *machine, mhp_u64 table)
{
	if (table >= mhp_machine_table_count(machine))
		mhp_fatal("a caller requested a table that is not in use");
	return mhp_pool_words(table);
}

struct mhp_page_life mhp_machine_page_life(const struct mhp_machine *machine, mhp_u64 table)
{
	if (table >= mhp_machine_table_count(machine))
		mhp_fatal("a caller requested the life of a table that is not in use");
	return ((const struct mhp_host *)machine)->pool.tables[table].life;
}
