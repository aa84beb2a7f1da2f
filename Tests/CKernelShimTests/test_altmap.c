// SPDX-License-Identifier: GPL-2.0-only
/* Altmaps, pgmaps and the calls into the kernel core that carry them. */
#include "fixture.h"

static void load_altmaps(struct mhp_machine *machine, mhp_s32 add_pages_result)
{
	struct test_image image;

	test_image_start(&image, 4, 9);
	image.altmaps[0].alloc = 1000;
	image.altmaps[1].alloc = 100;
	image.image.altmap_count = 2;
	image.image.add_pages_result = add_pages_result;
	mhp_machine_load(machine, &image.image);
}

static void an_altmap_gets_back_its_pages(void **state)
{
	struct mhp_machine *machine = *state;

	load_altmaps(machine, 0);
	machine->altmap_free(machine, &machine->altmaps[1], 30);
	assert_int_equal(machine->altmaps[0].alloc, 1000);
	assert_int_equal(machine->altmaps[1].alloc, 70);
	assert_event(machine, 0, (struct mhp_event){
		.kind = MHP_EVENT_ALTMAP_FREE, .altmap = 2, .pages = 30, .alloc = 70 });
}

static void an_altmap_that_gets_back_too_much_wraps_around(void **state)
{
	struct mhp_machine *machine = *state;

	load_altmaps(machine, 0);
	machine->altmap_free(machine, &machine->altmaps[1], 101);
	assert_event(machine, 0, (struct mhp_event){
		.kind = MHP_EVENT_ALTMAP_FREE, .altmap = 2, .pages = 101, .alloc = ~0ULL });
}

static void a_strange_altmap_is_number_0_and_is_not_touched(void **state)
{
	struct mhp_machine *machine = *state;

	load_altmaps(machine, 0);
	machine->altmap_free(machine, (void *)8, 1);
	machine->altmap_free(machine, (char *)&machine->altmaps[0] + 8, 2);
	machine->altmap_free(machine, NULL, 3);
	assert_event(machine, 0, (struct mhp_event){ .kind = MHP_EVENT_ALTMAP_FREE, .pages = 1 });
	assert_event(machine, 1, (struct mhp_event){ .kind = MHP_EVENT_ALTMAP_FREE, .pages = 2 });
	assert_event(machine, 2, (struct mhp_event){ .kind = MHP_EVENT_ALTMAP_FREE, .pages = 3 });
	assert_int_equal(machine->altmaps[0].alloc, 1000);
}

static void a_pgmaps_number_makes_a_pointer_and_back(void **state)
{
	struct mhp_machine *machine = *state;

	load_altmaps(machine, 0);
	assert_null(machine->pgmap(machine, 0));
	assert_null(machine->pgmap(machine, MHP_MAX_PGMAPS + 1));
	for (mhp_u32 number = 1; number <= MHP_MAX_PGMAPS; number++) {
		machine->remove_pages(machine, 16, 32, NULL, machine->pgmap(machine, number));
		assert_event(machine, number - 1, (struct mhp_event){
			.kind = MHP_EVENT_REMOVE_PAGES, .pfn = 16, .pages = 32,
			.owners = (mhp_u64)number << 32 });
	}
}

static void add_pages_records_all_it_got_and_answers_as_told(void **state)
{
	struct mhp_machine *machine = *state;

	load_altmaps(machine, -12);
	assert_int_equal(machine->add_pages(machine, -1, 16, 32, 0xe7, &machine->altmaps[0],
					    machine->pgmap(machine, 2)), -12);
	assert_event(machine, 0, (struct mhp_event){ .kind = MHP_EVENT_ADD_PAGES,
		.node = -1, .pfn = 16, .pages = 32, .protection = 0xe7, .owners = 2ULL << 32 | 1 });
	load_altmaps(machine, 0);
	assert_int_equal(machine->add_pages(machine, 1, 0, 0, 0, (void *)8, (void *)8), 0);
	assert_event(machine, 0, (struct mhp_event){ .kind = MHP_EVENT_ADD_PAGES,
		.node = 1, .owners = 0xffULL << 32 | 0xff });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_altmap_gets_back_its_pages),
		cmocka_unit_test(an_altmap_that_gets_back_too_much_wraps_around),
		cmocka_unit_test(a_strange_altmap_is_number_0_and_is_not_touched),
		cmocka_unit_test(a_pgmaps_number_makes_a_pointer_and_back),
		cmocka_unit_test(add_pages_records_all_it_got_and_answers_as_told),
	};

	return cmocka_run_group_tests_name("altmap", tests, test_machine_create,
					   test_machine_destroy);
}
