/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Swift sees of the simulated machine: create it, load a state, run
 * operations of a subject on it, read what they did. Prefix mhp_.
 */
#ifndef CKERNELSHIM_H
#define CKERNELSHIM_H

#include "../stubs/mhp/abi.h"

struct mhp_table_state {
	mhp_u32 level;
	mhp_u32 owner;
	mhp_u32 constructed;
	mhp_u32 padding;
};

/* Words of neighbouring slots: slot + i holds word + i * step (modulo 2^64). */
struct mhp_run {
	mhp_u32 table;
	mhp_u16 slot;
	mhp_u16 count;
	mhp_u64 word;
	mhp_u64 step;
};

struct mhp_frame_range {
	mhp_u64 pfn;
	mhp_u64 count;
	mhp_u32 owner;
	mhp_u32 padding;
};

/* The state before a case: see MachineImage.swift. */
struct mhp_image {
	struct mhp_layout layout;
	const struct mhp_table_state *tables;
	const struct mhp_run *runs;
	const struct mhp_frame_range *frames;
	const struct mhp_altmap *altmaps;
	/* sorted by number; none without a live core */
	const struct mhp_section *sections;
	mhp_u64 table_count;
	mhp_u64 run_count;
	mhp_u64 frame_count;
	mhp_u64 altmap_count;
	mhp_u64 section_count;
	mhp_u64 max_pfn;
	mhp_u64 max_low_pfn;
	mhp_s32 add_pages_result;
	mhp_u32 allocation_budget;
	mhp_u32 debug_pagealloc;
	/* the one allocation that fails, from 1; 0 for none */
	mhp_u32 failing_allocation;
	/* whether the core does what it is told, or only records it */
	mhp_u32 live_core;
	/* of each pgmap: log2 of the pages of a compound */
	mhp_u8 vmemmap_shifts[MHP_MAX_PGMAPS];
};

/* A table page's life so far. */
struct mhp_page_life {
	mhp_u32 level;
	mhp_u32 owner;
	mhp_u32 live; /* 0 once freed */
	mhp_s32 constructed; /* constructors run minus destructors run */
};

/*
 * The machine maps its pool at MHP_POOL_BASE, so a process has one. NULL with a
 * sentence in *error when that fails.
 */
struct mhp_machine *mhp_machine_create(const char **error);
/* Does nothing in a confined process. */
void mhp_machine_destroy(struct mhp_machine *machine);

/* Sets every table, page, global and counter; forgets all events. */
void mhp_machine_load(struct mhp_machine *machine, const struct mhp_image *image);

/* Until the next load, a run ends (MHP_TRACE_OVERFLOW) at the event after so many. */
void mhp_machine_limit_events(struct mhp_machine *machine, mhp_u64 count);

/* Has the next load rewrite every page that was ever written, not only those in use. */
void mhp_machine_scrub(struct mhp_machine *machine);

/*
 * Whether, since this was last asked, a load found words far behind a table's
 * entries that no store it knows of put there. In small geometry only.
 */
mhp_u32 mhp_machine_has_strays(struct mhp_machine *machine);

/* Runs the operations in turn under the guard; stops at the first that does not come back. */
struct mhp_ending mhp_machine_run(struct mhp_machine *machine, const struct mhp_subject *subject,
				  const struct mhp_operation *operations, mhp_u64 count);

/* Tables in use, those allocated during the case included. */
mhp_u64 mhp_machine_table_count(const struct mhp_machine *machine);
/* The words of a table's page: 2^index_bits entries, the rest poison. */
const mhp_u64 *mhp_machine_table(const struct mhp_machine *machine, mhp_u64 table);
struct mhp_page_life mhp_machine_page_life(const struct mhp_machine *machine, mhp_u64 table);

/*
 * What a side did in a case, where it lies: the machine's, the port's, or that
 * of an observation. Pages and lives are one for each table, strides in bytes.
 */
struct mhp_view {
	const struct mhp_event *events;
	const void *pages;
	const void *lives;
	const void *altmap_allocs;
	const void *altmap_aligns;
	const struct mhp_section *sections;
	mhp_u64 event_count;
	mhp_u64 page_stride;
	mhp_u64 life_stride;
	mhp_u64 altmap_stride;
	mhp_u64 table_count;
	mhp_u64 altmap_count;
	mhp_u64 section_count;
	mhp_u64 entries; /* a table */
	mhp_u64 max_pfn;
	mhp_u64 max_low_pfn;
};

/* The machine's own; valid until the next load or run. */
struct mhp_view mhp_machine_view(const struct mhp_machine *machine, mhp_u64 altmap_count);

/*
 * A number for all of it and for how the case ended: equal for equal
 * behaviour, and for different behaviour by a chance of 2^-64. The first
 * `words` words of each page count.
 */
mhp_u64 mhp_digest(const struct mhp_view *view, const struct mhp_ending *ending, mhp_u64 words);

/* Whether every page holds nothing but poison from word `words` on, as if untouched. */
mhp_u32 mhp_view_is_clean_behind(const struct mhp_view *view, mhp_u64 words);

/*
 * How long an operation may run before it counts as hung, in milliseconds. The
 * guard looks every tick (an interval timer), so a case costs no system call.
 */
void mhp_guard_set_limit(mhp_u32 milliseconds);

/* A shared object in memory of which nothing was run yet. */
struct mhp_opened;

/*
 * Maps a compiled subject; NULL with a sentence in *error (valid until the next
 * call). Objects that need a library, or a symbol that they do not define, are
 * refused. Subjects stay mapped.
 */
struct mhp_opened *mhp_subject_open(const char *path, const char **error);

/*
 * Runs the subject's constructors under the guard, then asks for its entry
 * points. NULL when a constructor does not come back (*ending says how, *error
 * is NULL) or when it is no subject (*error is a sentence); it is unmapped then.
 */
const struct mhp_subject *mhp_subject_start(struct mhp_machine *machine,
					    struct mhp_opened *opened,
					    struct mhp_ending *ending, const char **error);
/*
 * Puts the subject's writable data, all but its marks, back as it was after its
 * constructors. The embedded reference keeps its data.
 */
void mhp_subject_reset(const struct mhp_subject *subject);
/*
 * What an instrumented subject says it reached, a byte each; NULL and a count of
 * 0 for one that keeps no record.
 */
const volatile mhp_u8 *mhp_subject_marks(const struct mhp_subject *subject, mhp_u64 *count);

/* What a confined process keeps. */
struct mhp_limits {
	/* bytes of address space beyond what it has */
	mhp_u64 memory;
	/* the descriptor that it may write to, beside 1 and 2 */
	mhp_s32 answers;
	/* the process that it must not outlive; 0 for none */
	mhp_s32 parent;
};

/*
 * Takes this process's rights away for good: from here on it reads standard
 * input (through <stdio.h> only), writes to the answers, manages its memory and
 * ends. Every other system call raises SIGSYS, which the guard takes for the end
 * of the case. Standard output and error should lead nowhere by then. False with
 * a sentence in *error when the system does not do all of that; then nothing of
 * a subject may be run.
 */
_Bool mhp_confine(const struct mhp_limits *limits, const char **error);

#endif
