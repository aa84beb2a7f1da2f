/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of a reproducer (`mhpcheck replay --format c`): one case, and its
 * correct outcome. It is included before the subject's text, which therefore
 * cannot change its meaning by macros.
 */
#ifndef MHP_REPRODUCE_H
#define MHP_REPRODUCE_H

#include "../include/CKernelShim.h"

/* A table's page at the end of the case. */
struct mhp_right_table {
	struct mhp_page_life life;
	/* slots in no run of words hold 0, or poison if the page was freed or never cleared */
	mhp_u32 is_poison;
};

/* The correct outcome: the reference's. */
struct mhp_right_outcome {
	const struct mhp_event *events;
	mhp_u64 event_count;
	struct mhp_ending ending;
	const struct mhp_right_table *tables;
	mhp_u64 table_count;
	const struct mhp_run *runs;
	mhp_u64 run_count;
	const struct mhp_altmap *altmaps; /* `alloc` and `align` count */
	const struct mhp_section *sections;
	mhp_u64 section_count;
	mhp_u64 max_pfn;
	mhp_u64 max_low_pfn;
};

/* The property that a rule of the oracle requires after some calls. */
enum mhp_rule_kind {
	/* the virtual address a translates to page frame b */
	MHP_RULE_MAPPED,
	/* the virtual address a has no translation */
	MHP_RULE_UNMAPPED,
	/*
	 * for the page of table a, the destructor ran at most as often as the
	 * constructor, and as often once freed
	 */
	MHP_RULE_BALANCED,
	/* table a was not freed while an entry pointed to it */
	MHP_RULE_UNLINKED,
	/* max_pfn is a */
	MHP_RULE_MAX_PFN,
	/* the range that the call returned ends at the physical address a */
	MHP_RULE_RANGE_END,
	/* the calls return */
	MHP_RULE_COMES_BACK,
};

struct mhp_rule {
	enum mhp_rule_kind kind;
	/* calls before the check of the rule */
	mhp_u32 calls;
	mhp_u64 a;
	mhp_u64 b;
	/* the rule, and the way in which it is broken */
	const char *sentence;
};

struct mhp_case {
	const char *name;
	const struct mhp_image *image;
	const struct mhp_operation *operations;
	mhp_u64 operation_count;
	/* The text of each call. */
	const char *const *calls;
	/* NULL if the case has rules instead. */
	const struct mhp_right_outcome *right;
	const struct mhp_rule *rules;
	mhp_u64 rule_count;
};

/* Returns a program's exit status: 0 if the subject is correct, 1 if not, 2 if it cannot be run. */
int mhp_reproduce(const struct mhp_case *one, const struct mhp_subject *subject);

#endif
