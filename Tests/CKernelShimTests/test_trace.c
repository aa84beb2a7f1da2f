// SPDX-License-Identifier: GPL-2.0-only
/* The recorded events, the folding of events, and the page links that events report. */
#include "fixture.h"

#include <time.h>

static mhp_u64 pfn_of(mhp_u32 table)
{
	struct test_image image;

	test_image_start(&image, 4, 9);
	return test_pfn(&image, table);
}

/* Slot 5 of the root points to table 1; slots 7 and 9 of table 1 point to table 2. */
static void load_tree(struct mhp_machine *machine)
{
	struct test_image image;

	test_image_start(&image, 4, 9);
	test_image_table(&image, MHP_PUD, MHP_ALLOCATOR, 0);
	test_image_table(&image, MHP_PMD, MHP_RESERVED, 1);
	test_image_link(&image, 0, 5, 1);
	test_image_link(&image, 1, 7, 2);
	test_image_link(&image, 1, 9, 2);
	test_image_word(&image, 1, 8, MHP_LEAF(pfn_of(2)));
	mhp_machine_load(machine, &image.image);
}

static mhp_u64 *entry(mhp_u32 table, mhp_u32 slot)
{
	return mhp_pool_words(table) + slot;
}

static void neighbouring_clears_upwards_fold_into_one(void **state)
{
	struct mhp_machine *machine = *state;

	load_tree(machine);
	for (mhp_u32 slot = 7; slot < 10; slot++)
		machine->clear(machine, entry(1, slot));
	machine->clear(machine, entry(1, 6));
	machine->clear(machine, entry(0, 7));
	assert_int_equal(machine->event_count, 3);
	assert_event(machine, 0, (struct mhp_event){
		.kind = MHP_EVENT_CLEAR, .table = 1, .slot = 7, .count = 3 });
	assert_event(machine, 1, (struct mhp_event){
		.kind = MHP_EVENT_CLEAR, .table = 1, .slot = 6, .count = 1 });
	assert_event(machine, 2, (struct mhp_event){
		.kind = MHP_EVENT_CLEAR, .table = 0, .slot = 7, .count = 1 });
	assert_int_equal(*entry(1, 8), 0);
}

static void what_comes_between_keeps_clears_apart(void **state)
{
	struct mhp_machine *machine = *state;

	load_tree(machine);
	machine->clear(machine, entry(1, 1));
	machine->flush(machine, MHP_FLUSH_RANGE, 0x1000, 0x2000);
	machine->clear(machine, entry(1, 2));
	assert_int_equal(machine->event_count, 3);
	assert_event(machine, 1, (struct mhp_event){
		.kind = MHP_EVENT_FLUSH, .scope = MHP_FLUSH_RANGE,
		.start = 0x1000, .end = 0x2000 });
}

static void an_entry_outside_the_pool_is_stored_to_and_not_recorded(void **state)
{
	struct mhp_machine *machine = *state;
	mhp_u64 elsewhere = 77;

	load_tree(machine);
	machine->clear(machine, &elsewhere);
	assert_int_equal(elsewhere, 0);
	assert_int_equal(machine->event_count, 0);
}

static void released_pages_fold_downwards_too(void **state)
{
	struct mhp_machine *machine = *state;

	load_tree(machine);
	for (mhp_u64 pfn = 1003; pfn >= 1000; pfn--)
		machine->free_reserved(machine, pfn);
	machine->free_reserved(machine, 998);
	assert_int_equal(machine->event_count, 2);
	assert_event(machine, 0, (struct mhp_event){
		.kind = MHP_EVENT_FREE_RESERVED, .pfn = 1000, .count = 4 });
	assert_event(machine, 1, (struct mhp_event){
		.kind = MHP_EVENT_FREE_RESERVED, .pfn = 998, .count = 1 });
	assert_int_equal(machine->spellings, MHP_SPELLING_RELEASED_DOWN);
}

static void released_neighbours_fold_while_their_detail_is_the_same(void **state)
{
	struct mhp_machine *machine = *state;

	load_tree(machine);
	for (mhp_u64 pfn = 1000; pfn < 1512; pfn++)
		machine->free_reserved(machine, pfn);
	machine->free_reserved(machine, 1513);
	assert_int_equal(machine->event_count, 2);
	assert_event(machine, 0, (struct mhp_event){
		.kind = MHP_EVENT_FREE_RESERVED, .pfn = 1000, .count = 512 });
	machine->free_reserved(machine, pfn_of(2) - 1);
	machine->free_reserved(machine, pfn_of(2));
	assert_int_equal(machine->event_count, 4);
	assert_event(machine, 3, (struct mhp_event){
		.kind = MHP_EVENT_FREE_RESERVED, .is_linked = 1, .pfn = pfn_of(2), .count = 1 });
}

/*
 * A free of a page that is not a table must not search all other pages: to look at each word of each page
 * would take a minute for the thousands of pages here.
 */
static void thousands_of_pages_are_freed_in_a_moment(void **state)
{
	struct mhp_machine *machine = *state;
	struct test_image image;
	clock_t before;
	mhp_u64 pfns[4000], first;

	test_image_start(&image, 3, 9);
	mhp_machine_load(machine, &image.image);
	for (mhp_u64 i = 0; i < 4000; i++)
		assert_non_null(machine->allocate(machine, 0, MHP_NO_NODE));
	for (mhp_u64 i = 0; i < 4000; i++)
		pfns[i] = machine->events[i].a;
	first = machine->event_count;
	before = clock();
	for (mhp_u64 i = 0; i < 4000; i++)
		machine->free(machine, pfns[i], 0);
	assert_true(clock() - before < CLOCKS_PER_SEC);
	for (mhp_u64 i = 0; i < 4000; i++)
		assert_int_equal(machine->events[first + i].detail, 0);
}

static void a_freed_table_is_called_linked_while_any_entry_points_to_it(void **state)
{
	struct mhp_machine *machine = *state;

	load_tree(machine);
	machine->clear(machine, entry(1, 9));
	machine->free(machine, pfn_of(2), 0);
	machine->clear(machine, entry(1, 7));
	machine->free(machine, pfn_of(2), 0);
	assert_int_equal(machine->event_count, 4);
	assert_event(machine, 1, (struct mhp_event){
		.kind = MHP_EVENT_FREE, .is_linked = 1, .pfn = pfn_of(2) });
	assert_event(machine, 3, (struct mhp_event){ .kind = MHP_EVENT_FREE, .pfn = pfn_of(2) });
}

static void a_link_that_no_load_told_of_is_found(void **state)
{
	struct mhp_machine *machine = *state;

	load_tree(machine);
	machine->allocate(machine, 0, MHP_NO_NODE);
	*entry(0, 300) = MHP_POINTER(pfn_of(3));
	machine->free(machine, pfn_of(3), 0);
	assert_event(machine, 1, (struct mhp_event){
		.kind = MHP_EVENT_FREE, .is_linked = 1, .pfn = pfn_of(3) });
}

static void a_link_from_a_freed_table_does_not_count(void **state)
{
	struct mhp_machine *machine = *state;

	load_tree(machine);
	machine->clear(machine, entry(0, 5));
	machine->free(machine, pfn_of(1), 0);
	machine->free_reserved(machine, pfn_of(2));
	assert_event(machine, 1, (struct mhp_event){ .kind = MHP_EVENT_FREE, .pfn = pfn_of(1) });
	assert_event(machine, 2, (struct mhp_event){
		.kind = MHP_EVENT_FREE_RESERVED, .pfn = pfn_of(2), .count = 1 });
}

static void a_leaf_with_a_tables_pfn_is_no_link(void **state)
{
	struct mhp_machine *machine = *state;

	load_tree(machine);
	machine->clear(machine, entry(1, 7));
	machine->clear(machine, entry(1, 9));
	machine->free(machine, pfn_of(2), 0);
	assert_event(machine, 2, (struct mhp_event){ .kind = MHP_EVENT_FREE, .pfn = pfn_of(2) });
}

static void a_destructor_without_a_level_takes_the_constructors(void **state)
{
	struct mhp_machine *machine = *state;

	load_tree(machine);
	machine->destruct(machine, pfn_of(2), MHP_ANY_LEVEL);
	machine->destruct(machine, pfn_of(2), MHP_ANY_LEVEL);
	machine->destruct(machine, 5, MHP_ANY_LEVEL);
	machine->destruct(machine, 5, MHP_PTE);
	assert_event(machine, 0, (struct mhp_event){
		.kind = MHP_EVENT_DESTRUCT, .level = MHP_PMD, .pfn = pfn_of(2) });
	assert_event(machine, 1, (struct mhp_event){
		.kind = MHP_EVENT_DESTRUCT, .level = MHP_ANY_LEVEL, .pfn = pfn_of(2) });
	assert_event(machine, 2, (struct mhp_event){
		.kind = MHP_EVENT_DESTRUCT, .level = MHP_ANY_LEVEL, .pfn = 5 });
	assert_event(machine, 3, (struct mhp_event){
		.kind = MHP_EVENT_DESTRUCT, .level = MHP_PTE, .pfn = 5 });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(neighbouring_clears_upwards_fold_into_one),
		cmocka_unit_test(what_comes_between_keeps_clears_apart),
		cmocka_unit_test(an_entry_outside_the_pool_is_stored_to_and_not_recorded),
		cmocka_unit_test(released_pages_fold_downwards_too),
		cmocka_unit_test(released_neighbours_fold_while_their_detail_is_the_same),
		cmocka_unit_test(thousands_of_pages_are_freed_in_a_moment),
		cmocka_unit_test(a_freed_table_is_called_linked_while_any_entry_points_to_it),
		cmocka_unit_test(a_link_that_no_load_told_of_is_found),
		cmocka_unit_test(a_link_from_a_freed_table_does_not_count),
		cmocka_unit_test(a_leaf_with_a_tables_pfn_is_no_link),
		cmocka_unit_test(a_destructor_without_a_level_takes_the_constructors),
	};

	return cmocka_run_group_tests_name("trace", tests, test_machine_create,
					   test_machine_destroy);
}
