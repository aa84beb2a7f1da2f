// SPDX-License-Identifier: GPL-2.0-only
/* The present sections, as memory is added and removed. */
#include "fixture.h"

#include <errno.h>

/* SECTION and SUBSECTION are in pages; FIRST is the first page of section 41. */
#define SECTION 0x8000ULL
#define SUBSECTION 0x200ULL
#define FIRST (41 * SECTION)

static void load(struct mhp_machine *machine, const struct mhp_section *sections, mhp_u64 count)
{
	struct test_image image;

	test_image_start(&image, 4, 9);
	image.image.live_core = 1;
	image.image.sections = sections;
	image.image.section_count = count;
	mhp_machine_load(machine, &image.image);
}

static void assert_section(struct mhp_machine *machine, mhp_u64 place, mhp_u64 number,
			   mhp_u64 subsections)
{
	struct mhp_view view = mhp_machine_view(machine, 0);

	assert_true(place < view.section_count);
	assert_int_equal(view.sections[place].number, number);
	assert_int_equal(view.sections[place].subsections, subsections);
}

static void sections_stay_sorted_whatever_the_order_they_come_in(void **state)
{
	struct mhp_machine *machine = *state;

	load(machine, NULL, 0);
	for (mhp_u64 i = 0; i < 7; i++) {
		mhp_u64 number = 41 + i * 3 % 7;

		assert_int_equal(machine->add_section(machine, number * SECTION, SECTION),
				 MHP_MEMMAP_POPULATE);
	}
	for (mhp_u64 i = 0; i < 7; i++)
		assert_section(machine, i, 41 + i, ~0ULL);
	assert_int_equal(machine->remove_section(machine, 43 * SECTION, SECTION), MHP_MEMMAP_FREE);
	assert_section(machine, 2, 44, ~0ULL);
	assert_int_equal(mhp_machine_view(machine, 0).section_count, 6);
}

static void a_part_is_noted_by_its_sub_sections(void **state)
{
	struct mhp_machine *machine = *state;

	load(machine, NULL, 0);
	machine->add_section(machine, FIRST + 62 * SUBSECTION, 2 * SUBSECTION);
	assert_section(machine, 0, 41, 3ULL << 62);
	machine->add_section(machine, FIRST, SUBSECTION);
	assert_section(machine, 0, 41, 3ULL << 62 | 1);
	assert_int_equal(machine->add_section(machine, FIRST, 2 * SUBSECTION), -EEXIST);
	assert_section(machine, 0, 41, 3ULL << 62 | 1);
	assert_int_equal(machine->remove_section(machine, FIRST, SUBSECTION), MHP_MEMMAP_FREE);
	assert_section(machine, 0, 41, 3ULL << 62);
}

static void what_is_not_wholly_there_does_not_go(void **state)
{
	struct mhp_machine *machine = *state;

	load(machine, NULL, 0);
	assert_int_equal(machine->remove_section(machine, FIRST, SECTION), MHP_SECTION_NOT_THERE);
	machine->add_section(machine, FIRST, SUBSECTION);
	assert_int_equal(machine->remove_section(machine, FIRST, SECTION), MHP_SECTION_NOT_THERE);
	assert_section(machine, 0, 41, 1);
}

static void boot_memory_keeps_its_memmap_to_the_last_part(void **state)
{
	struct mhp_section early = { .number = 41, .subsections = 1, .is_early = 1 };
	struct mhp_machine *machine = *state;

	load(machine, &early, 1);
	assert_int_equal(machine->add_section(machine, FIRST + SUBSECTION, SUBSECTION),
			 MHP_MEMMAP_IS_THERE);
	assert_int_equal(machine->remove_section(machine, FIRST, SUBSECTION), MHP_MEMMAP_KEEP);
	assert_int_equal(machine->remove_section(machine, FIRST + SUBSECTION, SUBSECTION),
			 MHP_MEMMAP_FREE_BOOT);
	/* Memory that is added from here on is not boot memory. */
	assert_int_equal(machine->add_section(machine, FIRST, SUBSECTION), MHP_MEMMAP_POPULATE);
	assert_int_equal(machine->remove_section(machine, FIRST, SUBSECTION), MHP_MEMMAP_FREE);
}

static void no_more_sections_come_than_there_is_room_for(void **state)
{
	struct mhp_machine *machine = *state;

	load(machine, NULL, 0);
	for (mhp_u64 i = 0; i < MHP_MAX_SECTIONS; i++)
		assert_int_equal(machine->add_section(machine, i * SECTION, SECTION),
				 MHP_MEMMAP_POPULATE);
	assert_int_equal(machine->add_section(machine, MHP_MAX_SECTIONS * SECTION, SECTION),
			 -ENOMEM);
	load(machine, NULL, 0);
	assert_int_equal(mhp_machine_view(machine, 0).section_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sections_stay_sorted_whatever_the_order_they_come_in),
		cmocka_unit_test(a_part_is_noted_by_its_sub_sections),
		cmocka_unit_test(what_is_not_wholly_there_does_not_go),
		cmocka_unit_test(boot_memory_keeps_its_memmap_to_the_last_part),
		cmocka_unit_test(no_more_sections_come_than_there_is_room_for),
	};

	return cmocka_run_group_tests_name("sections", tests, test_machine_create,
					   test_machine_destroy);
}
