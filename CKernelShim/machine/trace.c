// SPDX-License-Identifier: GPL-2.0-only
/* The ordered record of a case's events. Neighbouring events of a kind fold into one. */
#include "machine.h"

/*
 * The event is written before it counts: an operation can be left at any
 * instruction, and the trace must be complete then.
 */
void mhp_trace_add(struct mhp_machine *machine, const struct mhp_event *event)
{
	if (machine->event_count >= machine->event_capacity)
		mhp_guard_leave(MHP_TRACE_OVERFLOW);
	machine->events[machine->event_count] = *event;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	machine->event_count++;
}

static struct mhp_event *last_of_kind(struct mhp_machine *machine, mhp_u32 kind)
{
	struct mhp_event *last;

	if (!machine->event_count)
		return NULL;
	last = &machine->events[machine->event_count - 1];
	return last->kind == kind ? last : NULL;
}

void mhp_trace_add_clear(struct mhp_machine *machine, mhp_u64 table, mhp_u64 slot)
{
	struct mhp_event *last = last_of_kind(machine, MHP_EVENT_CLEAR);

	if (last && last->table == table && last->slot + last->count == slot) {
		last->count++;
		return;
	}
	mhp_trace_add(machine, &(struct mhp_event){
		.kind = MHP_EVENT_CLEAR, .table = table, .slot = slot, .count = 1 });
}

void mhp_trace_add_released(struct mhp_machine *machine, mhp_u64 pfn, mhp_u32 is_linked)
{
	struct mhp_event *last = last_of_kind(machine, MHP_EVENT_FREE_RESERVED);

	if (last && last->is_linked == is_linked && last->pfn + last->count == pfn) {
		last->count++;
		return;
	}
	/* The order within a block has no effect. */
	if (last && last->is_linked == is_linked && last->pfn == pfn + 1) {
		machine->spellings |= MHP_SPELLING_RELEASED_DOWN;
		last->pfn = pfn;
		last->count++;
		return;
	}
	mhp_trace_add(machine, &(struct mhp_event){
		.kind = MHP_EVENT_FREE_RESERVED, .is_linked = is_linked, .pfn = pfn, .count = 1 });
}

void mhp_trace_add_get(struct mhp_machine *machine, mhp_u64 pfn)
{
	struct mhp_event *last = last_of_kind(machine, MHP_EVENT_GET_PAGE);

	if (last && last->pfn == pfn) {
		last->count++;
		return;
	}
	mhp_trace_add(machine, &(struct mhp_event){
		.kind = MHP_EVENT_GET_PAGE, .pfn = pfn, .count = 1 });
}
