/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface of the simulated machine for Swift: create it, load a state,
 * run operations of a subject on it, read the results. Prefix mhp_.
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
	/* sorted by number; empty without a live core */
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
	/* the single allocation that fails, from 1; 0 for none */
	mhp_u32 failing_allocation;
	/* whether the core does its work, or only records the calls */
	mhp_u32 live_core;
	/* for each pgmap: log2 of the pages of a compound */
	mhp_u8 vmemmap_shifts[MHP_MAX_PGMAPS];
	/* one CPU, before SYSTEM_RUNNING; else several CPUs */
	mhp_u32 uniprocessor;
};

/* A table page's life so far. */
struct mhp_page_life {
	mhp_u32 level;
	mhp_u32 owner;
	mhp_u32 live; /* 0 once freed */
	mhp_s32 constructed; /* constructors run minus destructors run */
};

/*
 * The machine maps its pool at MHP_POOL_BASE, so a process has only one.
 * Returns NULL with a sentence in *error if that fails.
 */
struct mhp_machine *mhp_machine_create(const char **error);
/* Does nothing in a confined process. */
void mhp_machine_destroy(struct mhp_machine *machine);

/* Sets every table, page, global and counter; drops all events. */
void mhp_machine_load(struct mhp_machine *machine, const struct mhp_image *image);

/* Until the next load, a run ends (MHP_TRACE_OVERFLOW) at the event after the first `count`. */
void mhp_machine_limit_events(struct mhp_machine *machine, mhp_u64 count);

/* Makes the next load rewrite every page that was ever written, not only those in use. */
void mhp_machine_scrub(struct mhp_machine *machine);

/*
 * Whether, since the last call of this function, a load found words far behind
 * a table's entries that no known store put there. In small geometry only.
 */
mhp_u32 mhp_machine_has_strays(struct mhp_machine *machine);

/* Runs the operations in turn under the guard; stops at the first that does not return. */
struct mhp_ending mhp_machine_run(struct mhp_machine *machine, const struct mhp_subject *subject,
				  const struct mhp_operation *operations, mhp_u64 count);

/* The number of tables in use, including those allocated during the case. */
mhp_u64 mhp_machine_table_count(const struct mhp_machine *machine);
/* The words of a table's page: 2^index_bits entries, the rest poison. */
const mhp_u64 *mhp_machine_table(const struct mhp_machine *machine, mhp_u64 table);
struct mhp_page_life mhp_machine_page_life(const struct mhp_machine *machine, mhp_u64 table);

/*
 * The behaviour of a side in a case, in place: in the machine, the port, or an
 * observation. There is one page and one life per table; strides are in bytes.
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

/* The view of the machine itself; valid until the next load or run. */
struct mhp_view mhp_machine_view(const struct mhp_machine *machine, mhp_u64 altmap_count);

/*
 * A digest of a view and an ending: equal for equal behaviour; different
 * behaviour collides with a probability of 2^-64. The first `words` words of
 * each page count.
 */
mhp_u64 mhp_digest(const struct mhp_view *view, const struct mhp_ending *ending, mhp_u64 words);

/* Whether every page holds only poison from word `words` on, as if untouched. */
mhp_u32 mhp_view_is_clean_behind(const struct mhp_view *view, mhp_u64 words);

/*
 * The time after which an operation counts as hung, in milliseconds. The guard
 * checks it every tick (an interval timer), so a case costs no system call.
 */
void mhp_guard_set_limit(mhp_u32 milliseconds);

/* A shared object in memory; none of its code has run yet. */
struct mhp_opened;

/*
 * Maps a compiled subject; NULL with a sentence in *error (valid until the next
 * call). It refuses objects that need a library or a symbol that they do not
 * define. Subjects stay mapped.
 */
struct mhp_opened *mhp_subject_open(const char *path, const char **error);

/*
 * Runs the subject's constructors under the guard, then looks up its entry
 * points. Returns NULL if a constructor does not return (*ending holds the
 * ending, *error is NULL) or if the object is no subject (*error is a
 * sentence); the object is unmapped then.
 */
const struct mhp_subject *mhp_subject_start(struct mhp_machine *machine,
					    struct mhp_opened *opened,
					    struct mhp_ending *ending, const char **error);
/*
 * Restores the subject's writable data, except its marks, to the state after
 * its constructors. The embedded reference keeps its data.
 */
void mhp_subject_reset(const struct mhp_subject *subject);
/*
 * The marks of an instrumented subject for the code that it reached, one byte
 * each; NULL and a count of 0 for a subject without marks.
 */
const volatile mhp_u8 *mhp_subject_marks(const struct mhp_subject *subject, mhp_u64 *count);
/*
 * Stores a number where the marks are: it chooses between the variants of a
 * function (mhp/choice.h), until the next call. Nothing happens if the subject
 * has no room for it.
 */
void mhp_subject_choose(const struct mhp_subject *subject, mhp_u32 number);

/* The rights that a confined process keeps. */
struct mhp_limits {
	/* bytes of address space beyond those in use */
	mhp_u64 memory;
	/* the writable descriptor, beside 1 and 2 */
	mhp_s32 answers;
	/* the process that it must not outlive; 0 for none */
	mhp_s32 parent;
};

/*
 * Drops this process's rights for good: from here on it can only read standard
 * input (through <stdio.h>), write to the answers, manage its memory and exit.
 * Every other system call raises SIGSYS, which the guard treats as the end of
 * the case. Redirect standard output and error to /dev/null before. Returns
 * false with a sentence in *error if the system cannot do all of that; then no
 * code of a subject may run.
 */
_Bool mhp_confine(const struct mhp_limits *limits, const char **error);

#endif
