/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: a flush is an event; caches need none. With one CPU, what flushes
 * that one flushes all of them.
 */
#ifndef STUB_ASM_TLBFLUSH_H
#define STUB_ASM_TLBFLUSH_H

#include <mhp/machine.h>

static inline void mhp_flush(u32 scope, unsigned long start, unsigned long end)
{
	mhp_machine->flush(mhp_machine, scope, start, end);
}

/* What a flush of the current CPU reaches: `wide` if there is no other CPU. */
static inline u32 mhp_local_scope(u32 wide)
{
	return mhp_machine->uniprocessor ? wide : MHP_FLUSH_LOCAL_ALL;
}

#define flush_tlb_all() mhp_flush(MHP_FLUSH_ALL, 0, 0)
#define local_flush_tlb_all() mhp_flush(mhp_local_scope(MHP_FLUSH_ALL), 0, 0)
#define flush_tlb_kernel_range(start, end) mhp_flush(MHP_FLUSH_RANGE, start, end)
/* This one flushes a single CPU, too; the event keeps the range. */
#define local_flush_tlb_kernel_range(start, end)                               \
	mhp_flush(mhp_local_scope(MHP_FLUSH_RANGE), start, end)
#define arch_sync_kernel_mappings(start, end) ((void)(start), (void)(end))
#define flush_cache_all() ((void)0)
#define flush_cache_vmap(start, end) ((void)(start), (void)(end))
#define flush_cache_vunmap(start, end) ((void)(start), (void)(end))
#define flush_icache_pte(mm, pte) ((void)(mm), (void)(pte))

#endif
