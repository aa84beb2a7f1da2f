// SPDX-License-Identifier: GPL-2.0-only
/* Pages with several references, and the pgmaps that request them. */
#include "fixture.h"

static void load(struct mhp_machine *machine)
{
	struct test_image image;

	test_image_start(&image, 4, 9);
	image.image.vmemmap_shifts[0] = 9;
	image.image.vmemmap_shifts[3] = 200;
	mhp_machine_load(machine, &image.image);
}

/* Allocates a page, which may become a table; returns its number. */
static mhp_u64 new_page(struct mhp_machine *machine)
{
	const mhp_u64 number = mhp_machine_table_count(machine);

	assert_non_null(machine->allocate(machine, 0, MHP_NO_NODE));
	return number;
}

static mhp_u64 pfn_of(struct mhp_machine *machine, mhp_u64 number)
{
	return mhp_pool_pfn(&mhp_host_of(machine)->pool, number);
}

static void a_page_goes_with_its_last_reference(void **state)
{
	struct mhp_machine *machine = *state;
	mhp_u64 number, pfn;

	load(machine);
	number = new_page(machine);
	pfn = pfn_of(machine, number);
	machine->get_page(machine, pfn);
	machine->get_page(machine, pfn);
	assert_event(machine, 1, (struct mhp_event){
		.kind = MHP_EVENT_GET_PAGE, .pfn = pfn, .count = 2 });
	for (mhp_u64 left = 2; left > 0; left--) {
		machine->free(machine, pfn, 0);
		assert_event(machine, 4 - left, (struct mhp_event){
			.kind = MHP_EVENT_PUT_PAGE, .pfn = pfn, .references = left });
		assert_int_equal(mhp_machine_page_life(machine, number).live, 1);
	}
	machine->free(machine, pfn, 0);
	assert_event(machine, 4, (struct mhp_event){ .kind = MHP_EVENT_FREE, .pfn = pfn });
	assert_int_equal(mhp_machine_page_life(machine, number).live, 0);
	assert_int_equal(mhp_machine_table(machine, number)[0], MHP_PAGE_POISON);
}

static void references_to_another_page_are_another_event(void **state)
{
	struct mhp_machine *machine = *state;
	mhp_u64 first, second;

	load(machine);
	first = pfn_of(machine, new_page(machine));
	second = pfn_of(machine, new_page(machine));
	machine->get_page(machine, first);
	machine->get_page(machine, second);
	machine->get_page(machine, first);
	assert_int_equal(machine->event_count, 5);
	assert_event(machine, 3, (struct mhp_event){
		.kind = MHP_EVENT_GET_PAGE, .pfn = second, .count = 1 });
}

static void a_page_that_is_no_tables_has_no_count(void **state)
{
	struct mhp_machine *machine = *state;

	load(machine);
	machine->get_page(machine, 0x123);
	machine->free(machine, 0x123, 0);
	assert_event(machine, 1, (struct mhp_event){ .kind = MHP_EVENT_FREE, .pfn = 0x123 });
}

static void free_reserved_page_takes_a_page_from_all_that_hold_it(void **state)
{
	struct mhp_machine *machine = *state;
	mhp_u64 number;

	load(machine);
	number = new_page(machine);
	machine->get_page(machine, pfn_of(machine, number));
	machine->free_reserved(machine, pfn_of(machine, number));
	assert_int_equal(mhp_machine_page_life(machine, number).live, 0);
	machine->free(machine, pfn_of(machine, number), 0);
	assert_event(machine, 3, (struct mhp_event){
		.kind = MHP_EVENT_FREE, .pfn = pfn_of(machine, number) });
}

static void no_reference_outlives_the_case(void **state)
{
	struct mhp_machine *machine = *state;
	mhp_u64 number;

	load(machine);
	machine->get_page(machine, pfn_of(machine, new_page(machine)));
	machine->get_page(machine, pfn_of(machine, 0));
	load(machine);
	number = new_page(machine);
	machine->free(machine, pfn_of(machine, number), 0);
	assert_event(machine, 1, (struct mhp_event){
		.kind = MHP_EVENT_FREE, .pfn = pfn_of(machine, number) });
	machine->free(machine, pfn_of(machine, 0), 0);
	assert_event(machine, 2, (struct mhp_event){
		.kind = MHP_EVENT_FREE, .pfn = pfn_of(machine, 0) });
}

static void a_pgmap_has_the_shift_of_its_number_and_never_too_large_a_one(void **state)
{
	struct mhp_machine *machine = *state;
	const mhp_u64 elsewhere = 9;

	load(machine);
	assert_int_equal(machine->vmemmap_shift(machine, machine->pgmap(machine, 1)), 9);
	assert_int_equal(machine->vmemmap_shift(machine, machine->pgmap(machine, 2)), 0);
	assert_int_equal(machine->vmemmap_shift(machine, machine->pgmap(machine, 4)),
			 MHP_MAX_VMEMMAP_SHIFT);
	assert_int_equal(machine->vmemmap_shift(machine, NULL), 0);
	assert_int_equal(machine->vmemmap_shift(machine, &elsewhere), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_goes_with_its_last_reference),
		cmocka_unit_test(references_to_another_page_are_another_event),
		cmocka_unit_test(a_page_that_is_no_tables_has_no_count),
		cmocka_unit_test(free_reserved_page_takes_a_page_from_all_that_hold_it),
		cmocka_unit_test(no_reference_outlives_the_case),
		cmocka_unit_test(a_pgmap_has_the_shift_of_its_number_and_never_too_large_a_one),
	};

	return cmocka_run_group_tests_name("references", tests, test_machine_create,
					   test_machine_destroy);
}
