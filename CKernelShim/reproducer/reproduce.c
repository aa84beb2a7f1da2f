// SPDX-License-Identifier: GPL-2.0-only
/* Runs the case of a reproducer and reports whether its subject behaves correctly. */
#include "outcome.h"

#include <stdio.h>

/* Nothing confines a reproducer, because only a user who trusts its text runs it. */
bool __attribute__((weak)) mhp_is_confined(void)
{
	return false;
}

static const struct mhp_event *event_at(const struct mhp_event *events, mhp_u64 count, mhp_u64 i)
{
	return i < count ? &events[i] : NULL;
}

/* A destructor whose name gives no level matches a destructor of any level. */
static bool is_same_event(const struct mhp_event *one, const struct mhp_event *other)
{
	if (one->kind == MHP_EVENT_DESTRUCT && other->kind == MHP_EVENT_DESTRUCT &&
	    (one->detail == MHP_ANY_LEVEL || other->detail == MHP_ANY_LEVEL))
		return one->a == other->a;
	return one->kind == other->kind && one->detail == other->detail && one->a == other->a &&
	       one->b == other->b && one->c == other->c && one->d == other->d;
}

/* Finds the first difference between the traces; an extra flush does no harm. */
static bool is_trace_right(const struct mhp_machine *machine, const struct mhp_right_outcome *right)
{
	mhp_u64 mine = 0, theirs = 0;

	for (;;) {
		const struct mhp_event *did = event_at(machine->events, machine->event_count, mine);
		const struct mhp_event *due = event_at(right->events, right->event_count, theirs);

		if (!did && !due)
			return true;
		if (did && due && is_same_event(did, due)) {
			mine++;
			theirs++;
		} else if (did && did->kind == MHP_EVENT_FLUSH) {
			mine++;
		} else {
			printf("FAIL: the traces differ at event %llu\n", mine + 1);
			mhp_print_event("  the subject:   ", machine, did);
			mhp_print_event("  the reference: ", machine, due);
			return false;
		}
	}
}

static bool is_ending_right(const struct mhp_ending *did, const struct mhp_ending *due)
{
	/* The exact slot of the first read beyond a table depends on the compiler. */
	if (did->kind == due->kind && did->operation == due->operation && did->table == due->table)
		return true;
	printf("FAIL: call %u ends in another way\n", did->operation + 1);
	mhp_print_ending("  the subject:   ", did);
	mhp_print_ending("  the reference: ", due);
	return false;
}

static bool is_number_right(const char *name, mhp_u64 number, mhp_u64 did, mhp_u64 due)
{
	if (did == due)
		return true;
	printf("FAIL: %s%llu is %#llx at the end; it should be %#llx\n", name, number, did, due);
	return false;
}

static mhp_u64 right_word(const struct mhp_right_outcome *right, mhp_u64 entries, mhp_u64 table,
			  mhp_u64 slot)
{
	for (mhp_u64 i = 0; i < right->run_count; i++) {
		const struct mhp_run *run = &right->runs[i];

		if (run->table == table && slot >= run->slot && slot < run->slot + (mhp_u64)run->count)
			return run->word + (slot - run->slot) * run->step;
	}
	return right->tables[table].is_poison || slot >= entries ? MHP_PAGE_POISON : 0;
}

static bool is_table_right(const struct mhp_machine *machine, const struct mhp_right_outcome *right,
			   mhp_u64 table)
{
	const struct mhp_page_life life = mhp_machine_page_life(machine, table);
	const struct mhp_page_life *due = &right->tables[table].life;
	const mhp_u64 *words = mhp_machine_table(machine, table);

	for (mhp_u64 slot = 0; slot < MHP_WORDS_PER_PAGE; slot++) {
		mhp_u64 word = right_word(right, 1ULL << machine->layout.index_bits, table, slot);

		if (words[slot] == word)
			continue;
		printf("FAIL: slot %llu of table %llu holds %#llx at the end; it should hold %#llx\n",
		       slot, table, words[slot], word);
		return false;
	}
	if (life.live == due->live && life.constructed == due->constructed &&
	    life.level == due->level && life.owner == due->owner)
		return true;
	printf("FAIL: table %llu is %s with %d constructors outstanding; it should be %s with %d\n",
	       table, life.live ? "live" : "freed", life.constructed,
	       due->live ? "live" : "freed", due->constructed);
	return false;
}

static bool is_state_right(struct mhp_machine *machine, const struct mhp_case *one)
{
	const struct mhp_right_outcome *right = one->right;
	const struct mhp_view view = mhp_machine_view(machine, one->image->altmap_count);

	if (!is_number_right("the number of tables", 0, view.table_count, right->table_count))
		return false;
	for (mhp_u64 table = 0; table < view.table_count; table++)
		if (!is_table_right(machine, right, table))
			return false;
	if (!is_number_right("max_pfn", 0, machine->max_pfn, right->max_pfn) ||
	    !is_number_right("max_low_pfn", 0, machine->max_low_pfn, right->max_low_pfn))
		return false;
	for (mhp_u64 i = 0; i < one->image->altmap_count; i++)
		if (!is_number_right("alloc of altmap ", i + 1, machine->altmaps[i].alloc,
				     right->altmaps[i].alloc) ||
		    !is_number_right("align of altmap ", i + 1, machine->altmaps[i].align,
				     right->altmaps[i].align))
			return false;
	if (!is_number_right("the number of sections", 0, view.section_count, right->section_count))
		return false;
	for (mhp_u64 i = 0; i < view.section_count; i++)
		if (!is_number_right("number of section ", i, view.sections[i].number,
				     right->sections[i].number) ||
		    !is_number_right("sub-sections of section ", view.sections[i].number,
				     view.sections[i].subsections, right->sections[i].subsections))
			return false;
	return true;
}

static bool does_right(struct mhp_machine *machine, const struct mhp_case *one,
		       const struct mhp_subject *subject)
{
	struct mhp_ending ending;

	mhp_machine_load(machine, one->image);
	ending = mhp_machine_run(machine, subject, one->operations, one->operation_count);
	/* Checked before the trace, because a fault cuts the trace short and gives the reason. */
	if (ending.kind != MHP_FINISHED &&
	    (ending.kind != one->right->ending.kind ||
	     ending.operation != one->right->ending.operation))
		return is_ending_right(&ending, &one->right->ending);
	return is_trace_right(machine, one->right) &&
	       is_ending_right(&ending, &one->right->ending) && is_state_right(machine, one);
}

static bool has_function(const struct mhp_case *one, const struct mhp_subject *subject)
{
	for (mhp_u64 i = 0; i < one->operation_count; i++)
		if (!(subject->present >> one->operations[i].function & 1))
			return false;
	return true;
}

int mhp_reproduce(const struct mhp_case *one, const struct mhp_subject *subject)
{
	const char *error;
	struct mhp_machine *machine = mhp_machine_create(&error);
	bool is_right = true;

	/* Flushes each line, so that no output is lost when a sanitizer ends the program. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!machine) {
		fprintf(stderr, "the machine cannot be set up: %s\n", error);
		return 2;
	}
	if (!has_function(one, subject)) {
		fprintf(stderr, "the text lacks a function that the case calls\n");
		return 2;
	}
	printf("case %s\n", one->name);
	for (mhp_u64 i = 0; i < one->operation_count; i++)
		printf("call %llu: %s\n", i + 1, one->calls[i]);
	if (one->right)
		is_right = does_right(machine, one, subject);
	for (mhp_u64 i = 0; i < one->rule_count; i++)
		is_right = mhp_is_rule_kept(machine, one, subject, &one->rules[i]) && is_right;
	if (is_right)
		printf("PASS: the subject %s\n",
		       one->right ? "does what the reference does" : "keeps the rules");
	mhp_machine_destroy(machine);
	return is_right ? 0 : 1;
}
