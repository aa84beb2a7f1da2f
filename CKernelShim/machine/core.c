// SPDX-License-Identifier: GPL-2.0-only
/*
 * The services of the kernel core for a subject: the hooks of struct
 * mhp_machine. Each hook changes pool and ledger and records the event.
 */
#include "machine.h"

static bool is_linked(struct mhp_host *host, mhp_u64 table)
{
	return table != MHP_NO_TABLE && mhp_pool_is_linked(&host->pool, table);
}

/* The store comes first: if it faults, the fault is the result, and no event may contradict it. */
static void core_clear(struct mhp_machine *machine, mhp_u64 *entry)
{
	struct mhp_pool *pool = &mhp_host_of(machine)->pool;
	mhp_u64 distance = (mhp_u64)entry - MHP_POOL_BASE;
	mhp_u64 table = distance / MHP_POOL_STRIDE;
	mhp_u64 slot = distance % MHP_POOL_STRIDE / sizeof(*entry);

	if (distance % sizeof(*entry) != 0) {
		for (mhp_u64 i = 0; i < sizeof(*entry); i++)
			((volatile mhp_u8 *)entry)[i] = 0;
		pool->is_disturbed = true;
		return;
	}
	*(volatile mhp_u64 *)entry = 0;
	if (distance >= MHP_POOL_BYTES)
		return;
	if (table >= pool->in_use)
		pool->is_disturbed = true;
	else if (slot >= pool->entries)
		pool->tables[table].untidy = 1;
	mhp_trace_add_clear(machine, table, slot);
}

/* As in EventKind.allocate: 0 is any node. */
static mhp_u32 asked_node(mhp_s32 node)
{
	return (mhp_u32)node - (mhp_u32)MHP_NO_NODE;
}

/* A block that nobody accesses: a PFN, and an address in the linear map. */
static void *allocate_block(struct mhp_host *host, mhp_u32 order, mhp_s32 node)
{
	const struct mhp_layout *layout = &host->seen.layout;
	mhp_u64 first, pages;

	if (order >= 64 || 1ULL << order > MHP_BLOCKS_PAGES)
		return NULL;
	pages = 1ULL << order;
	first = (host->block_pages + pages - 1) & ~(pages - 1);
	if (first > MHP_BLOCKS_PAGES - pages)
		return NULL;
	host->block_pages = first + pages;
	first += (layout->ram_base >> MHP_PAGE_SHIFT) + MHP_BLOCKS_FIRST_PAGE;
	mhp_trace_add(&host->seen, &(struct mhp_event){
		.kind = MHP_EVENT_ALLOCATE, .asked_node = asked_node(node),
		.pfn = first, .order = order });
	return (void *)((first << MHP_PAGE_SHIFT) + layout->linear_offset);
}

static void *allocate_table(struct mhp_host *host, mhp_s32 node)
{
	mhp_u64 table = mhp_pool_take(&host->pool);

	if (table == MHP_NO_TABLE)
		return NULL;
	mhp_trace_add(&host->seen, &(struct mhp_event){
		.kind = MHP_EVENT_ALLOCATE, .asked_node = asked_node(node),
		.pfn = mhp_pool_pfn(&host->pool, table) });
	return mhp_pool_words(table);
}

/* A single page may become a table; larger blocks back the memmap. */
static void *core_allocate(struct mhp_machine *machine, mhp_u32 order, mhp_s32 node)
{
	struct mhp_host *host = mhp_host_of(machine);
	void *block;

	host->allocations++;
	if (host->allocations == host->failing_allocation || host->allocation_budget == 0)
		return NULL;
	block = order ? allocate_block(host, order, node) : allocate_table(host, node);
	if (block && host->allocation_budget != ~0U)
		host->allocation_budget--;
	return block;
}

static void core_construct(struct mhp_machine *machine, mhp_u64 pfn, mhp_u32 level)
{
	struct mhp_pool *pool = &mhp_host_of(machine)->pool;
	mhp_u64 table = mhp_pool_table_of_pfn(pool, pfn);

	mhp_trace_add(machine, &(struct mhp_event){
		.kind = MHP_EVENT_CONSTRUCT, .level = level, .pfn = pfn });
	if (table == MHP_NO_TABLE)
		return;
	pool->tables[table].life.constructed++;
	if (pool->tables[table].life.level == MHP_ANY_LEVEL)
		pool->tables[table].life.level = level;
}

static void core_destruct(struct mhp_machine *machine, mhp_u64 pfn, mhp_u32 level)
{
	struct mhp_pool *pool = &mhp_host_of(machine)->pool;
	mhp_u64 table = mhp_pool_table_of_pfn(pool, pfn);
	struct mhp_page_life *life = table != MHP_NO_TABLE ? &pool->tables[table].life : NULL;

	/* A destructor whose name gives no level undoes the constructor that ran. */
	if (level == MHP_ANY_LEVEL && life && life->constructed > 0)
		level = life->level;
	mhp_trace_add(machine, &(struct mhp_event){
		.kind = MHP_EVENT_DESTRUCT, .level = level, .pfn = pfn });
	if (life)
		life->constructed--;
}

/*
 * Only pages of the table pool have a count, because a shared page of the
 * memmap is allocated as a single page.
 */
static void core_get_page(struct mhp_machine *machine, mhp_u64 pfn)
{
	struct mhp_pool *pool = &mhp_host_of(machine)->pool;
	mhp_u64 table = mhp_pool_table_of_pfn(pool, pfn);

	if (table != MHP_NO_TABLE)
		pool->tables[table].references++;
	mhp_trace_add_get(machine, pfn);
}

/* Whether others still hold a freed page. If so, it stays and loses a reference. */
static bool is_put(struct mhp_machine *machine, mhp_u64 table, mhp_u64 pfn, mhp_u32 order)
{
	struct mhp_pool *pool = &mhp_host_of(machine)->pool;

	if (table == MHP_NO_TABLE || pool->tables[table].references == 0)
		return false;
	pool->tables[table].references--;
	mhp_trace_add(machine, &(struct mhp_event){ .kind = MHP_EVENT_PUT_PAGE,
		.pfn = pfn, .order = order,
		.references = (mhp_u64)pool->tables[table].references + 1 });
	return true;
}

static void core_free(struct mhp_machine *machine, mhp_u64 pfn, mhp_u32 order)
{
	struct mhp_host *host = mhp_host_of(machine);
	mhp_u64 table = mhp_pool_table_of_pfn(&host->pool, pfn);

	if (is_put(machine, table, pfn, order))
		return;
	mhp_trace_add(machine, &(struct mhp_event){ .kind = MHP_EVENT_FREE,
		.is_linked = is_linked(host, table), .pfn = pfn, .order = order });
	if (table == MHP_NO_TABLE)
		return;
	host->pool.tables[table].life.live = 0;
	mhp_pool_free(&host->pool, table);
}

static void core_free_reserved(struct mhp_machine *machine, mhp_u64 pfn)
{
	struct mhp_host *host = mhp_host_of(machine);
	mhp_u64 table = mhp_pool_table_of_pfn(&host->pool, pfn);

	mhp_trace_add_released(machine, pfn, is_linked(host, table));
	if (table == MHP_NO_TABLE) {
		mhp_ledger_release(&host->ledger, pfn);
		return;
	}
	host->pool.tables[table].life.live = 0;
	host->pool.tables[table].released = 1;
	/* free_reserved_page resets the count */
	host->pool.tables[table].references = 0;
	mhp_pool_free(&host->pool, table);
}

/* PageReserved: a reserved page that is freed as an allocator page stays reserved. */
static mhp_u32 core_is_reserved(struct mhp_machine *machine, mhp_u64 pfn)
{
	struct mhp_host *host = mhp_host_of(machine);
	mhp_u64 table = mhp_pool_table_of_pfn(&host->pool, pfn);

	if (table == MHP_NO_TABLE)
		return mhp_ledger_is_reserved(&host->ledger, pfn);
	return host->pool.tables[table].life.owner == MHP_RESERVED &&
	       !host->pool.tables[table].released;
}

static void core_clear_reserved(struct mhp_machine *machine, mhp_u64 pfn)
{
	struct mhp_host *host = mhp_host_of(machine);
	mhp_u64 table = mhp_pool_table_of_pfn(&host->pool, pfn);

	if (table == MHP_NO_TABLE)
		mhp_ledger_release(&host->ledger, pfn);
	else
		host->pool.tables[table].released = 1;
}

/* 0 for NULL, else a number from 1; MHP_UNKNOWN_NUMBER for a pointer to no element of the array. */
static mhp_u64 number_in(const void *pointer, const void *array, mhp_u64 size, mhp_u64 count)
{
	mhp_u64 distance = (mhp_u64)pointer - (mhp_u64)array;

	if (!pointer)
		return 0;
	if (distance % size != 0 || distance / size >= count)
		return MHP_UNKNOWN_NUMBER;
	return distance / size + 1;
}

static mhp_u64 altmap_number(const struct mhp_machine *machine, const void *altmap)
{
	return number_in(altmap, machine->altmaps, sizeof(machine->altmaps[0]), MHP_MAX_ALTMAPS);
}

/* Both numbers in one field: see EventKind.addPages. */
static mhp_u64 owner_numbers(struct mhp_machine *machine, const void *altmap, const void *pgmap)
{
	struct mhp_host *host = mhp_host_of(machine);

	return altmap_number(machine, altmap) |
	       number_in(pgmap, host->pgmaps, sizeof(host->pgmaps[0]), MHP_MAX_PGMAPS) << 32;
}

static void core_altmap_free(struct mhp_machine *machine, void *altmap, mhp_u64 pages)
{
	struct mhp_event event = { .kind = MHP_EVENT_ALTMAP_FREE, .pages = pages };
	mhp_u64 number = altmap_number(machine, altmap);

	if (number != 0 && number != MHP_UNKNOWN_NUMBER) {
		struct mhp_altmap *known = &machine->altmaps[number - 1];

		known->alloc -= pages;
		event.altmap = number;
		event.alloc = known->alloc;
	}
	mhp_trace_add(machine, &event);
}

static void core_flush(struct mhp_machine *machine, mhp_u32 scope, mhp_u64 start, mhp_u64 end)
{
	mhp_trace_add(machine, &(struct mhp_event){
		.kind = MHP_EVENT_FLUSH, .scope = scope, .start = start, .end = end });
}

static mhp_s32 core_add_pages(struct mhp_machine *machine, mhp_s32 node, mhp_u64 pfn,
			      mhp_u64 pages, mhp_u64 protection, void *altmap, void *pgmap)
{
	mhp_trace_add(machine, &(struct mhp_event){ .kind = MHP_EVENT_ADD_PAGES,
		.node = node, .pfn = pfn, .pages = pages, .protection = protection,
		.owners = owner_numbers(machine, altmap, pgmap) });
	return mhp_host_of(machine)->add_pages_result;
}

static void core_remove_pages(struct mhp_machine *machine, mhp_u64 pfn, mhp_u64 pages,
			      void *altmap, void *pgmap)
{
	mhp_trace_add(machine, &(struct mhp_event){ .kind = MHP_EVENT_REMOVE_PAGES,
		.pfn = pfn, .pages = pages, .owners = owner_numbers(machine, altmap, pgmap) });
}

static void core_warn(struct mhp_machine *machine)
{
	mhp_trace_add(machine, &(struct mhp_event){ .kind = MHP_EVENT_WARN });
}

static void __attribute__((noreturn)) core_bug(struct mhp_machine *machine)
{
	(void)machine;
	mhp_guard_leave(MHP_BUG);
}

static void __attribute__((noreturn)) core_panic(struct mhp_machine *machine)
{
	(void)machine;
	mhp_guard_leave(MHP_PANIC);
}

static void *core_pgmap(struct mhp_machine *machine, mhp_u32 number)
{
	if (number == 0 || number > MHP_MAX_PGMAPS)
		return NULL;
	return &mhp_host_of(machine)->pgmaps[number - 1];
}

static void core_returned(struct mhp_machine *machine, mhp_u64 first, mhp_u64 second)
{
	mhp_trace_add(machine, &(struct mhp_event){ .kind = MHP_EVENT_RETURNED,
		.operation = mhp_guard_operation(), .result = first, .last = second });
}

static mhp_s32 core_add_section(struct mhp_machine *machine, mhp_u64 pfn, mhp_u64 pages)
{
	return mhp_sections_add(&mhp_host_of(machine)->sections, pfn, pages);
}

static mhp_u32 core_remove_section(struct mhp_machine *machine, mhp_u64 pfn, mhp_u64 pages)
{
	return mhp_sections_remove(&mhp_host_of(machine)->sections, pfn, pages);
}

static mhp_u32 core_vmemmap_shift(struct mhp_machine *machine, const void *pgmap)
{
	struct mhp_host *host = mhp_host_of(machine);
	mhp_u64 number = number_in(pgmap, host->pgmaps, sizeof(host->pgmaps[0]), MHP_MAX_PGMAPS);

	return number == 0 || number == MHP_UNKNOWN_NUMBER ? 0 : host->pgmaps[number - 1];
}

void mhp_core_attach(struct mhp_machine *machine)
{
	machine->clear = core_clear;
	machine->allocate = core_allocate;
	machine->construct = core_construct;
	machine->destruct = core_destruct;
	machine->free = core_free;
	machine->free_reserved = core_free_reserved;
	machine->is_reserved = core_is_reserved;
	machine->altmap_free = core_altmap_free;
	machine->flush = core_flush;
	machine->add_pages = core_add_pages;
	machine->remove_pages = core_remove_pages;
	machine->warn = core_warn;
	machine->bug = core_bug;
	machine->panic = core_panic;
	machine->pgmap = core_pgmap;
	machine->returned = core_returned;
	machine->add_section = core_add_section;
	machine->remove_section = core_remove_section;
	machine->get_page = core_get_page;
	machine->vmemmap_shift = core_vmemmap_shift;
	machine->clear_reserved = core_clear_reserved;
}
