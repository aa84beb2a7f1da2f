// SPDX-License-Identifier: GPL-2.0-only
/* The rules for a reproducer of a hazard: each checks the state after some calls. */
#include "outcome.h"

#include <stdio.h>

#define MHP_NO_PFN (~0ULL)
#define MHP_PRESENT 1ULL
#define MHP_LEAF 0xeULL
#define MHP_PFN_SHIFT 10
#define MHP_PFN_MASK ((1ULL << 44) - 1)

/* The hardware's translation of a virtual address: its page frame, or MHP_NO_PFN. */
static mhp_u64 translate(const struct mhp_machine *machine, mhp_u64 address)
{
	const struct mhp_host *host = (const struct mhp_host *)machine;
	const mhp_u64 bits = machine->layout.index_bits;
	mhp_u64 table = 0;

	for (mhp_u64 level = machine->layout.levels; level-- > 0;) {
		mhp_u64 shift = MHP_PAGE_SHIFT + level * bits;
		mhp_u64 slot = address >> shift & ((1ULL << bits) - 1);
		mhp_u64 word = mhp_machine_table(machine, table)[slot];
		mhp_u64 pfn = word >> MHP_PFN_SHIFT & MHP_PFN_MASK;

		if (!(word & MHP_PRESENT))
			return MHP_NO_PFN;
		if (word & MHP_LEAF)
			return pfn + (address >> MHP_PAGE_SHIFT & ((1ULL << level * bits) - 1));
		table = mhp_pool_table_of_pfn(&host->pool, pfn);
		if (table == MHP_NO_TABLE || !host->pool.tables[table].life.live)
			return MHP_NO_PFN;
	}
	return MHP_NO_PFN;
}

static bool is_freed_while_linked(const struct mhp_machine *machine, mhp_u64 table)
{
	const struct mhp_host *host = (const struct mhp_host *)machine;
	const mhp_u64 pfn = mhp_pool_pfn(&host->pool, table);

	for (mhp_u64 i = 0; i < machine->event_count; i++) {
		const struct mhp_event *event = &machine->events[i];

		if (event->is_linked != 1)
			continue;
		if (event->kind == MHP_EVENT_FREE && event->pfn == pfn)
			return true;
		if (event->kind == MHP_EVENT_FREE_RESERVED && pfn - event->pfn < event->count)
			return true;
	}
	return false;
}

static bool has_range_end(const struct mhp_machine *machine, mhp_u64 end)
{
	for (mhp_u64 i = machine->event_count; i-- > 0;)
		if (machine->events[i].kind == MHP_EVENT_RETURNED)
			return machine->events[i].c == end;
	return false;
}

static bool is_kept(const struct mhp_machine *machine, const struct mhp_rule *rule)
{
	struct mhp_page_life life;

	switch (rule->kind) {
	case MHP_RULE_MAPPED:
		return translate(machine, rule->a) == rule->b;
	case MHP_RULE_UNMAPPED:
		return translate(machine, rule->a) == MHP_NO_PFN;
	case MHP_RULE_BALANCED:
		life = mhp_machine_page_life(machine, rule->a);
		return life.constructed == 0 || (life.live && life.constructed > 0);
	case MHP_RULE_UNLINKED:
		return !is_freed_while_linked(machine, rule->a);
	case MHP_RULE_MAX_PFN:
		return machine->max_pfn == rule->a;
	case MHP_RULE_RANGE_END:
		return has_range_end(machine, rule->a);
	case MHP_RULE_COMES_BACK:
		return true;
	}
	return false;
}

bool mhp_is_rule_kept(struct mhp_machine *machine, const struct mhp_case *one,
		      const struct mhp_subject *subject, const struct mhp_rule *rule)
{
	struct mhp_ending ending;

	mhp_machine_load(machine, one->image);
	ending = mhp_machine_run(machine, subject, one->operations, rule->calls);
	if (ending.kind == MHP_FINISHED && is_kept(machine, rule))
		return true;
	printf("FAIL: after call %u a rule is broken: %s\n", rule->calls, rule->sentence);
	if (ending.kind != MHP_FINISHED)
		mhp_print_ending("  the subject:   ", &ending);
	return false;
}
