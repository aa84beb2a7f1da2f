// SPDX-License-Identifier: GPL-2.0-only
/* The owners of pages, before and after the pages are freed. */
#include "fixture.h"

/* Three ranges with gaps: [100, 110) reserved, [110, 120) altmap, [200, 300) reserved. */
static void load_ranges(struct mhp_machine *machine)
{
	struct test_image image;

	test_image_start(&image, 4, 9);
	test_image_table(&image, MHP_PTE, MHP_RESERVED, 0);
	test_image_table(&image, MHP_PTE, MHP_ALLOCATOR, 0);
	test_image_frames(&image, 100, 10, MHP_RESERVED);
	test_image_frames(&image, 110, 10, MHP_ALTMAP);
	test_image_frames(&image, 200, 100, MHP_RESERVED);
	mhp_machine_load(machine, &image.image);
}

static void reserved_is_what_a_range_says_and_nothing_else(void **state)
{
	struct mhp_machine *machine = *state;

	load_ranges(machine);
	for (mhp_u64 pfn = 90; pfn < 310; pfn++) {
		bool expected = (pfn >= 100 && pfn < 110) || (pfn >= 200 && pfn < 300);

		assert_int_equal(machine->is_reserved(machine, pfn), expected);
	}
	assert_int_equal(machine->is_reserved(machine, 0), 0);
	assert_int_equal(machine->is_reserved(machine, ~0ULL), 0);
	assert_int_equal(machine->is_reserved(machine, 250), 1);
	assert_int_equal(machine->is_reserved(machine, 105), 1);
}

static void a_page_whose_mark_is_cleared_is_reserved_no_more(void **state)
{
	struct mhp_machine *machine = *state;
	mhp_u64 events;

	load_ranges(machine);
	events = machine->event_count;
	assert_int_equal(machine->is_reserved(machine, 210), 1);
	machine->clear_reserved(machine, 210);
	assert_int_equal(machine->is_reserved(machine, 210), 0);
	assert_int_equal(machine->is_reserved(machine, 211), 1);
	assert_int_equal(machine->event_count, events);
	load_ranges(machine);
	assert_int_equal(machine->is_reserved(machine, 210), 1);
}

static void a_released_frame_is_reserved_no_more(void **state)
{
	struct mhp_machine *machine = *state;

	load_ranges(machine);
	for (mhp_u64 pfn = 210; pfn < 220; pfn++)
		machine->free_reserved(machine, pfn);
	machine->free_reserved(machine, 102);
	for (mhp_u64 pfn = 200; pfn < 300; pfn++)
		assert_int_equal(machine->is_reserved(machine, pfn), pfn < 210 || pfn >= 220);
	for (mhp_u64 pfn = 100; pfn < 110; pfn++)
		assert_int_equal(machine->is_reserved(machine, pfn), pfn != 102);
	load_ranges(machine);
	assert_int_equal(machine->is_reserved(machine, 102), 1);
}

static void a_reserved_frame_freed_as_the_allocators_stays_reserved(void **state)
{
	struct mhp_machine *machine = *state;

	load_ranges(machine);
	machine->free(machine, 200, 3);
	assert_int_equal(machine->is_reserved(machine, 200), 1);
}

static void a_tables_page_is_reserved_until_released(void **state)
{
	struct mhp_machine *machine = *state;
	struct test_image image;
	mhp_u64 reserved, allocated;

	test_image_start(&image, 4, 9);
	reserved = test_pfn(&image, 1);
	allocated = test_pfn(&image, 2);
	load_ranges(machine);
	assert_int_equal(machine->is_reserved(machine, reserved), 1);
	assert_int_equal(machine->is_reserved(machine, allocated), 0);
	assert_int_equal(machine->is_reserved(machine, reserved + 1), 0);
	machine->free_reserved(machine, reserved);
	assert_int_equal(machine->is_reserved(machine, reserved), 0);
	assert_int_equal(mhp_machine_page_life(machine, 1).live, 0);
	assert_int_equal(mhp_machine_page_life(machine, 1).owner, MHP_RESERVED);
}

static void constructors_and_destructors_balance_in_a_pages_life(void **state)
{
	struct mhp_machine *machine = *state;
	struct test_image image;

	test_image_start(&image, 4, 9);
	mhp_machine_load(machine, &image.image);
	machine->allocate(machine, 0, MHP_NO_NODE);
	machine->construct(machine, test_pfn(&image, 1), MHP_PMD);
	assert_int_equal(mhp_machine_page_life(machine, 1).level, MHP_PMD);
	assert_int_equal(mhp_machine_page_life(machine, 1).constructed, 1);
	machine->construct(machine, test_pfn(&image, 1), MHP_PTE);
	assert_int_equal(mhp_machine_page_life(machine, 1).level, MHP_PMD);
	for (int i = 0; i < 3; i++)
		machine->destruct(machine, test_pfn(&image, 1), MHP_PMD);
	assert_int_equal(mhp_machine_page_life(machine, 1).constructed, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reserved_is_what_a_range_says_and_nothing_else),
		cmocka_unit_test(a_page_whose_mark_is_cleared_is_reserved_no_more),
		cmocka_unit_test(a_released_frame_is_reserved_no_more),
		cmocka_unit_test(a_reserved_frame_freed_as_the_allocators_stays_reserved),
		cmocka_unit_test(a_tables_page_is_reserved_until_released),
		cmocka_unit_test(constructors_and_destructors_balance_in_a_pages_life),
	};

	return cmocka_run_group_tests_name("ledger", tests, test_machine_create,
					   test_machine_destroy);
}
