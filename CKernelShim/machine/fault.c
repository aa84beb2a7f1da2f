// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classifies a faulting access.
 *
 * The pool comes first: an address in it is an access to a table, whatever else
 * it may look like. (Slot -1 of a table is the last inaccessible word behind
 * the table before it, and is reported as that.) On x86-64 a fault at a
 * non-canonical address does not report the address. Addresses in Sv57's
 * vmemmap are such, and appear as a wild access to 0.
 */
#include "machine.h"

#define MHP_STRUCT_PAGE_SIZE 64

static bool is_pool(mhp_u64 address)
{
	return address - MHP_POOL_BASE < MHP_POOL_BYTES;
}

static struct mhp_ending in_pool(const struct mhp_pool *pool, mhp_u64 address)
{
	const mhp_u64 distance = address - MHP_POOL_BASE;
	const mhp_u64 table = distance / MHP_POOL_STRIDE;
	const mhp_u64 slot = distance % MHP_POOL_STRIDE / sizeof(mhp_u64);
	const bool is_freed = table < pool->in_use && pool->tables[table].closed &&
			      slot < MHP_WORDS_PER_PAGE;

	return (struct mhp_ending){
		.kind = is_freed ? MHP_FREED_ACCESS : MHP_OVERRUN,
		.table = (mhp_u32)table, .slot = (mhp_u32)slot };
}

/*
 * Bytes of the struct pages for all memory that a machine of this width can
 * map. A small machine's window is larger, as room for long ranges, and stray
 * words point into it.
 */
static mhp_u64 memmap_bytes(const struct mhp_layout *layout)
{
	const mhp_u64 pages = 1ULL << (layout->levels * layout->index_bits - 1);

	return pages * MHP_STRUCT_PAGE_SIZE;
}

/*
 * Whether the address is in the vmemmap proper, or in the struct page of a page
 * of the case. Those of tables can lie elsewhere, because the pool's PFNs wrap
 * around (Sv39).
 */
static bool is_struct_page(struct mhp_host *host, mhp_u64 address)
{
	const struct mhp_layout *layout = &host->seen.layout;
	mhp_u64 distance = address - layout->vmemmap_start;
	mhp_u64 pool_distance;
	mhp_u64 pfn;

	if (distance < memmap_bytes(layout))
		return true;
	pool_distance = distance -
			(host->pool.base_pfn - layout->vmemmap_start_pfn) * MHP_STRUCT_PAGE_SIZE;
	if (pool_distance <
	    (mhp_u64)MHP_POOL_CAPACITY * MHP_POOL_STRIDE_PAGES * MHP_STRUCT_PAGE_SIZE)
		return true;
	pfn = layout->vmemmap_start_pfn + distance / MHP_STRUCT_PAGE_SIZE;
	return mhp_ledger_find(&host->ledger, pfn) != NULL;
}

struct mhp_ending mhp_fault_classify(struct mhp_host *host, mhp_u64 address)
{
	if (is_pool(address))
		return in_pool(&host->pool, address);
	/* No address, because the stack's address differs from run to run. */
	if (mhp_stack_is_beside(address))
		return (struct mhp_ending){ .kind = MHP_STACK_OVERFLOW };
	if (is_struct_page(host, address))
		return (struct mhp_ending){ .kind = MHP_STRUCT_PAGE_ACCESS, .address = address };
	return (struct mhp_ending){ .kind = MHP_WILD_ACCESS, .address = address };
}
