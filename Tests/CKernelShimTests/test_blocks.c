// SPDX-License-Identifier: GPL-2.0-only
/* Allocations: single pages that may become tables, blocks that nobody accesses, and memory that runs out. */
#include "fixture.h"

/* The PFN of the first block: MHP_BLOCKS_FIRST_PAGE pages above the start of the layout's RAM (2 GiB). */
#define FIRST_BLOCK (0x80000 + 0x1800000ULL)

static void load(struct mhp_machine *machine, mhp_u32 budget, mhp_u32 failing)
{
	struct test_image image;

	test_image_start(&image, 3, 9);
	image.image.allocation_budget = budget;
	image.image.failing_allocation = failing;
	mhp_machine_load(machine, &image.image);
}

static void blocks_come_in_turn_aligned_to_their_size(void **state)
{
	static const struct {
		mhp_u32 order;
		mhp_u64 page;
	} wanted[] = { { 9, 0 }, { 1, 512 }, { 9, 1024 }, { 2, 1536 } };
	struct mhp_machine *machine = *state;

	load(machine, ~0U, 0);
	for (mhp_u64 i = 0; i < 4; i++) {
		void *block = machine->allocate(machine, wanted[i].order, MHP_NO_NODE);
		mhp_u64 pfn = FIRST_BLOCK + wanted[i].page;

		/* the page's address in the linear map */
		assert_int_equal((mhp_u64)block, 0xffffffd600000000 + ((pfn - 0x80000) << 12));
		assert_event(machine, i, (struct mhp_event){ .kind = MHP_EVENT_ALLOCATE,
			.pfn = pfn, .order = wanted[i].order });
	}
	assert_int_equal(mhp_machine_table_count(machine), 1);
}

static void an_allocation_says_which_node_is_asked(void **state)
{
	static const mhp_s32 nodes[] = { MHP_NO_NODE, 0, 1, 7 };
	struct mhp_machine *machine = *state;

	load(machine, ~0U, 0);
	for (mhp_u64 i = 0; i < 4; i++) {
		assert_non_null(machine->allocate(machine, i % 2 ? 9 : 0, nodes[i]));
		assert_int_equal(machine->events[i].detail, nodes[i] + 1);
	}
}

static void a_block_of_more_than_there_is_is_refused(void **state)
{
	struct mhp_machine *machine = *state;

	load(machine, ~0U, 0);
	assert_null(machine->allocate(machine, 23, MHP_NO_NODE));
	assert_null(machine->allocate(machine, 64, MHP_NO_NODE));
	assert_non_null(machine->allocate(machine, 22, MHP_NO_NODE));
	assert_null(machine->allocate(machine, 1, MHP_NO_NODE));
	assert_int_equal(machine->event_count, 1);
}

static void memory_is_out_when_the_budget_is_spent(void **state)
{
	struct mhp_machine *machine = *state;

	load(machine, 2, 0);
	assert_non_null(machine->allocate(machine, 0, MHP_NO_NODE));
	assert_non_null(machine->allocate(machine, 9, MHP_NO_NODE));
	assert_null(machine->allocate(machine, 0, MHP_NO_NODE));
	assert_null(machine->allocate(machine, 9, MHP_NO_NODE));
	assert_int_equal(machine->event_count, 2);
}

static void one_allocation_fails_and_those_after_it_do_not(void **state)
{
	struct mhp_machine *machine = *state;

	load(machine, ~0U, 2);
	assert_non_null(machine->allocate(machine, 0, MHP_NO_NODE));
	assert_null(machine->allocate(machine, 9, MHP_NO_NODE));
	assert_non_null(machine->allocate(machine, 9, MHP_NO_NODE));
	assert_non_null(machine->allocate(machine, 0, MHP_NO_NODE));
	assert_int_equal(machine->event_count, 3);
}

static void a_load_gives_all_blocks_back(void **state)
{
	struct mhp_machine *machine = *state;
	void *first;

	load(machine, ~0U, 1);
	assert_null(machine->allocate(machine, 9, MHP_NO_NODE));
	load(machine, ~0U, 0);
	first = machine->allocate(machine, 9, MHP_NO_NODE);
	load(machine, ~0U, 0);
	assert_ptr_equal(machine->allocate(machine, 9, MHP_NO_NODE), first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_come_in_turn_aligned_to_their_size),
		cmocka_unit_test(an_allocation_says_which_node_is_asked),
		cmocka_unit_test(a_block_of_more_than_there_is_is_refused),
		cmocka_unit_test(memory_is_out_when_the_budget_is_spent),
		cmocka_unit_test(one_allocation_fails_and_those_after_it_do_not),
		cmocka_unit_test(a_load_gives_all_blocks_back),
	};

	return cmocka_run_group_tests(tests, test_machine_create, test_machine_destroy);
}
