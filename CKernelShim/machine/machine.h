/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The internals of the machine that its files share. A subject sees only
 * `seen`, the first member; its changes there end at the next load.
 */
#ifndef MHP_MACHINE_H
#define MHP_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

#include "../include/CKernelShim.h"

#define MHP_PAGE_SIZE (1UL << MHP_PAGE_SHIFT)
#define MHP_WORDS_PER_PAGE (MHP_PAGE_SIZE / sizeof(mhp_u64))
#define MHP_EVENT_CAPACITY (1UL << 20)
/* The same for images with tables beyond the guarded ones: two events per page of 32 GiB. */
#define MHP_LARGE_EVENT_CAPACITY (1UL << 24)
/* Words of a page that every load rewrites: the reach of a walk with two or three extra indices. */
#define MHP_POOL_WINDOW_WORDS 64UL
/* The number in events of a pointer to no altmap or pgmap of the machine. */
#define MHP_UNKNOWN_NUMBER 0xff
/* No known entry points to the table. */
#define MHP_NO_HINT 0xffffffffU
/* No such table. */
#define MHP_NO_TABLE (~0ULL)

/* The machine's record of a table page, beside its words. */
struct mhp_table {
	struct mhp_page_life life;
	/* table * MHP_WORDS_PER_PAGE + slot of the entry that was last seen to point here */
	mhp_u32 parent_hint;
	/* free_reserved has released it */
	mhp_u8 released;
	/* words beyond the window that every load rewrites may have changed */
	mhp_u8 untidy;
	/* freed, and inaccessible for the rest of the call */
	mhp_u8 closed;
	/* the last search that visited it */
	mhp_u64 look;
	/*
	 * references beyond that of the allocation: get_page calls minus
	 * references that frees dropped
	 */
	mhp_u32 references;
};

/* The pages of tables; table n's page is at MHP_POOL_BASE + n * MHP_POOL_STRIDE. */
struct mhp_pool {
	mhp_u64 base_pfn;
	mhp_u64 index_bits;
	/* entries per table: 2^index_bits */
	mhp_u64 entries;
	/* tables 0 to in_use - 1 belong to the case; those before `loaded` existed at its start */
	mhp_u64 in_use;
	mhp_u64 loaded;
	/* tables 0 to open - 1 have readable and writable pages */
	mhp_u64 open;
	/* the next part of an open page that a load tidies */
	mhp_u64 next_tidied;
	/* any open page may have changed: tidy all at the next load */
	bool is_disturbed;
	/* a page was found to hold words that no hook stored */
	bool has_strays;
	/* number of closed tables */
	mhp_u64 closed;
	/* the first words of a fresh table */
	mhp_u64 fresh[MHP_POOL_WINDOW_WORDS];
	/*
	 * the number of the last search for parents of a table, and the tables
	 * still to visit in it
	 */
	mhp_u64 look;
	mhp_u32 to_follow[MHP_POOL_GUARDED];
	struct mhp_table tables[MHP_POOL_CAPACITY];
};

/* A run of neighbouring pages that free_reserved has released. */
struct mhp_released_run {
	mhp_u64 pfn;
	mhp_u64 count;
};

/* The owners of frames, which are the pages that are no tables. */
struct mhp_ledger {
	struct mhp_frame_range *frames;
	mhp_u64 frame_count;
	mhp_u64 frame_capacity;
	/* the range of the last hit */
	mhp_u64 last_hit;
	/* as many as events, because the release of a page adds at most one */
	struct mhp_released_run *released;
	mhp_u64 released_count;
	/* all released pages lie in [released_first, released_end) */
	mhp_u64 released_first;
	mhp_u64 released_end;
};

/* The sections with present sub-sections, with a live core. */
struct mhp_sections {
	/* sorted by number */
	struct mhp_section present[MHP_MAX_SECTIONS];
	mhp_u64 count;
};

struct mhp_host {
	struct mhp_machine seen;
	struct mhp_pool pool;
	struct mhp_ledger ledger;
	struct mhp_sections sections;
	mhp_s32 add_pages_result;
	mhp_u32 allocation_budget;
	/*
	 * counts requests, failed ones included, and the number of the request
	 * that is made to fail
	 */
	mhp_u32 allocations;
	mhp_u32 failing_allocation;
	/* pages of the block region that were handed out or lost to alignment */
	mhp_u64 block_pages;
	/* the address represents the pgmap; the value is its vmemmap_shift */
	mhp_u64 pgmaps[MHP_MAX_PGMAPS];
};

static inline struct mhp_host *mhp_host_of(struct mhp_machine *machine)
{
	return (struct mhp_host *)machine;
}

/* The maximum number of events in a case: large images have long traces. */
static inline mhp_u64 mhp_event_capacity(const struct mhp_host *host)
{
	return host->pool.in_use > MHP_POOL_GUARDED ? MHP_LARGE_EVENT_CAPACITY :
						      MHP_EVENT_CAPACITY;
}

/* Ends the process with a sentence: the caller broke the contract, or memory ran out. */
void mhp_fatal(const char *sentence) __attribute__((noreturn));

/* pool.c */
bool mhp_pool_map(void);
void mhp_pool_unmap(void);
/* The page's words, whether accessible or not. */
mhp_u64 *mhp_pool_words(mhp_u64 table);
void mhp_pool_load(struct mhp_pool *pool, const struct mhp_image *image);
/* The next table, poisoned; MHP_NO_TABLE if the pool is full. */
mhp_u64 mhp_pool_take(struct mhp_pool *pool);
/*
 * Fills a freed table's entries with poison; at real geometry the page is
 * inaccessible until the call ends.
 */
void mhp_pool_free(struct mhp_pool *pool, mhp_u64 table);
/* Makes the pages of freed tables accessible again. */
void mhp_pool_reopen(struct mhp_pool *pool);
mhp_u64 mhp_pool_pfn(const struct mhp_pool *pool, mhp_u64 table);
/* The table in use with this page, or MHP_NO_TABLE. */
mhp_u64 mhp_pool_table_of_pfn(const struct mhp_pool *pool, mhp_u64 pfn);
/* Whether an entry of a live table points to this one. */
bool mhp_pool_is_linked(struct mhp_pool *pool, mhp_u64 table);

/* ledger.c */
bool mhp_ledger_map(struct mhp_ledger *ledger);
void mhp_ledger_unmap(struct mhp_ledger *ledger);
void mhp_ledger_load(struct mhp_ledger *ledger, const struct mhp_frame_range *frames,
		     mhp_u64 count);
/* The range that contains a frame, or NULL. */
const struct mhp_frame_range *mhp_ledger_find(struct mhp_ledger *ledger, mhp_u64 pfn);
bool mhp_ledger_is_reserved(struct mhp_ledger *ledger, mhp_u64 pfn);
void mhp_ledger_release(struct mhp_ledger *ledger, mhp_u64 pfn);

/* sections.c */
void mhp_sections_load(struct mhp_sections *sections, const struct mhp_section *present,
		       mhp_u64 count);
/* The work of the hooks with these names. */
mhp_s32 mhp_sections_add(struct mhp_sections *sections, mhp_u64 pfn, mhp_u64 pages);
mhp_u32 mhp_sections_remove(struct mhp_sections *sections, mhp_u64 pfn, mhp_u64 pages);

/* trace.c: each function may leave the operation with MHP_TRACE_OVERFLOW. */
void mhp_trace_add(struct mhp_machine *machine, const struct mhp_event *event);
void mhp_trace_add_clear(struct mhp_machine *machine, mhp_u64 table, mhp_u64 slot);
void mhp_trace_add_released(struct mhp_machine *machine, mhp_u64 pfn, mhp_u32 is_linked);
void mhp_trace_add_get(struct mhp_machine *machine, mhp_u64 pfn);

/* core.c: installs the hooks. */
void mhp_core_attach(struct mhp_machine *machine);

/* stack.c */
/* Maps the stack for operations; does nothing if it exists. False if no memory is available. */
bool mhp_stack_map(void);
/* Whether an address lies on that stack or just beside it, in the reach of an excess frame. */
bool mhp_stack_is_beside(mhp_u64 address);
/* Calls body(context) on that stack. */
void mhp_stack_call(void (*body)(void *context), void *context);
/* Call this after a long jump off that stack, when back on the caller's stack. */
void mhp_stack_jumped_off(void);

/* guard.c */
bool mhp_guard_install(void);
void mhp_guard_remove(void);
/*
 * Gives this thread a signal stack and the timer, if it has none. These are the
 * last system calls.
 */
void mhp_guard_arm(void);
struct mhp_ending mhp_guard_run(struct mhp_host *host, const struct mhp_subject *subject,
				const struct mhp_operation *operations, mhp_u64 count);
bool mhp_guard_is_running(void);
/* The running operation; 0 if none runs. */
mhp_u32 mhp_guard_operation(void);
/* Leaves the running operation; without one, ends the process. */
void mhp_guard_leave(enum mhp_ending_kind kind) __attribute__((noreturn));

/* confine.c */
bool mhp_is_confined(void);

/* fault.c: classifies a faulting access. */
struct mhp_ending mhp_fault_classify(struct mhp_host *host, mhp_u64 address);

#endif
