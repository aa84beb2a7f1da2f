// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a faulting access was after.
 *
 * The pool comes first: an address in it is a table's overrun whatever else it
 * may look like. (Slot -1 of a table is the last inaccessible word behind the
 * table before it, and reported so.) On x86-64 an address that is not
 * canonical comes without its value: Sv57's vmemmap is such, and reads as a
 * wild access to 0.
 */
#include "machine.h"

#define MHP_STRUCT_PAGE_SIZE 64
/* A fault this near the stack pointer is the stack's: nothing else is mapped beside it. */
#define MHP_STACK_REACH (64UL << 10)

static bool is_pool(mhp_u64 address)
{
	return address - MHP_POOL_BASE < MHP_POOL_BYTES;
}

static bool is_near_stack(mhp_u64 address, mhp_u64 stack_pointer)
{
	return address - (stack_pointer - MHP_STACK_REACH) < 2 * MHP_STACK_REACH;
}

/*
 * In the vmemmap proper, or the struct page of a page the case has: those of
 * tables can lie elsewhere, as the pool's PFNs wrap around (Sv39).
 */
static bool is_struct_page(struct mhp_host *host, mhp_u64 address)
{
	const struct mhp_layout *layout = &host->seen.layout;
	mhp_u64 distance = address - layout->vmemmap_start;
	mhp_u64 pool_distance;
	mhp_u64 pfn;

	if (address >= layout->vmemmap_start && address < layout->vmalloc_start)
		return true;
	pool_distance = distance -
			(host->pool.base_pfn - layout->vmemmap_start_pfn) * MHP_STRUCT_PAGE_SIZE;
	if (pool_distance <
	    (mhp_u64)MHP_POOL_CAPACITY * MHP_POOL_STRIDE_PAGES * MHP_STRUCT_PAGE_SIZE)
		return true;
	pfn = layout->vmemmap_start_pfn + distance / MHP_STRUCT_PAGE_SIZE;
	return mhp_ledger_find(&host->ledger, pfn) != NULL;
}

struct mhp_ending mhp_fault_classify(struct mhp_host *host, mhp_u64 address,
				     mhp_u64 stack_pointer)
{
	mhp_u64 distance = address - MHP_POOL_BASE;

	if (is_pool(address))
		return (struct mhp_ending){
			.kind = MHP_OVERRUN,
			.table = distance / MHP_POOL_STRIDE,
			.slot = distance % MHP_POOL_STRIDE / sizeof(mhp_u64),
		};
	/* No address: where the stack lies differs from run to run. */
	if (is_near_stack(address, stack_pointer))
		return (struct mhp_ending){ .kind = MHP_STACK_OVERFLOW };
	if (is_struct_page(host, address))
		return (struct mhp_ending){ .kind = MHP_STRUCT_PAGE_ACCESS, .address = address };
	return (struct mhp_ending){ .kind = MHP_WILD_ACCESS, .address = address };
}
