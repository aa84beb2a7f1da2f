// SPDX-License-Identifier: GPL-2.0-only
/* Table pages: their contents after a load, an allocation and a free. */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

static void a_loaded_table_holds_its_words_and_zeroes(void **state)
{
	struct test_image image;
	const mhp_u64 *words;

	test_image_start(&image, 4, 9);
	test_image_word(&image, 0, 0, 0x11);
	test_image_word(&image, 0, 511, 0x22);
	mhp_machine_load(*state, &image.image);
	words = mhp_machine_table(*state, 0);
	assert_int_equal(words[0], 0x11);
	assert_int_equal(words[511], 0x22);
	for (int slot = 1; slot < 511; slot++)
		assert_int_equal(words[slot], 0);
}

static void a_small_table_ends_in_poison(void **state)
{
	struct test_image image;
	const mhp_u64 *words;

	for (mhp_u64 bits = 1; bits <= 8; bits++) {
		test_image_start(&image, 5, bits);
		mhp_machine_load(*state, &image.image);
		words = mhp_machine_table(*state, 0);
		for (mhp_u64 slot = 0; slot < 512; slot++)
			assert_int_equal(words[slot], slot < 1ULL << bits ? 0 : MHP_PAGE_POISON);
	}
}

static void a_load_undoes_what_a_bad_case_wrote_anywhere(void **state)
{
	struct mhp_machine *machine = *state;
	struct test_image image;

	test_image_start(&image, 4, 2);
	test_image_table(&image, MHP_PUD, MHP_ALLOCATOR, 0);
	mhp_machine_load(machine, &image.image);
	memset(mhp_pool_words(0), 0x55, MHP_PAGE_SIZE);
	memset(mhp_pool_words(1), 0x55, MHP_PAGE_SIZE);
	assert_int_equal(test_run(machine, machine->panic).kind, MHP_PANIC);
	image.image.table_count = 1;
	mhp_machine_load(machine, &image.image);
	for (int slot = 0; slot < 512; slot++) {
		assert_int_equal(mhp_pool_words(0)[slot], slot < 4 ? 0 : MHP_PAGE_POISON);
		assert_int_equal(mhp_pool_words(1)[slot], MHP_PAGE_POISON);
	}
}

static void a_silent_wild_write_lives_no_longer_than_one_turn(void **state)
{
	struct test_image image;

	test_image_start(&image, 4, 2);
	for (int i = 0; i < 7; i++)
		test_image_table(&image, MHP_PTE, MHP_ALLOCATOR, 0);
	mhp_machine_load(*state, &image.image);
	mhp_pool_words(0)[500] = 7;
	mhp_pool_words(7)[500] = 7;
	image.image.table_count = 1;
	/* Each load refills an eighth of a page. */
	for (mhp_u64 i = 0; i < mhp_host_of(*state)->pool.open * 8; i++)
		mhp_machine_load(*state, &image.image);
	assert_int_equal(mhp_pool_words(0)[500], MHP_PAGE_POISON);
	assert_int_equal(mhp_pool_words(7)[500], MHP_PAGE_POISON);
}

static void a_narrower_geometry_finds_no_rest_of_a_wider_one(void **state)
{
	struct test_image image;

	test_image_start(&image, 3, 9);
	test_image_word(&image, 0, 400, 0x33);
	mhp_machine_load(*state, &image.image);
	test_image_start(&image, 3, 1);
	mhp_machine_load(*state, &image.image);
	assert_int_equal(mhp_machine_table(*state, 0)[1], 0);
	assert_int_equal(mhp_machine_table(*state, 0)[400], MHP_PAGE_POISON);
}

static void an_allocated_page_is_the_next_table_full_of_poison(void **state)
{
	struct mhp_machine *machine = *state;
	struct test_image image;
	mhp_u64 *page;

	test_image_start(&image, 4, 9);
	mhp_machine_load(machine, &image.image);
	page = machine->allocate(machine, 0, MHP_NO_NODE);
	assert_ptr_equal(page, (void *)(MHP_POOL_BASE + MHP_POOL_STRIDE));
	for (int slot = 0; slot < 512; slot++)
		assert_int_equal(page[slot], MHP_PAGE_POISON);
	assert_int_equal(mhp_machine_table_count(machine), 2);
	assert_int_equal(mhp_machine_page_life(machine, 1).level, MHP_ANY_LEVEL);
	assert_int_equal(mhp_machine_page_life(machine, 1).live, 1);
	assert_int_equal(mhp_machine_page_life(machine, 1).owner, MHP_ALLOCATOR);
	assert_event(machine, 0, (struct mhp_event){
		.kind = MHP_EVENT_ALLOCATE, .pfn = test_pfn(&image, 1) });
}

static void allocation_ends_with_the_budget(void **state)
{
	struct mhp_machine *machine = *state;
	struct test_image image;

	test_image_start(&image, 4, 9);
	image.image.allocation_budget = 2;
	mhp_machine_load(machine, &image.image);
	assert_non_null(machine->allocate(machine, 0, MHP_NO_NODE));
	assert_non_null(machine->allocate(machine, 0, MHP_NO_NODE));
	assert_null(machine->allocate(machine, 0, MHP_NO_NODE));
	assert_int_equal(machine->event_count, 2);
}

static void allocation_ends_with_the_guarded_tables(void **state)
{
	struct mhp_machine *machine = *state;
	struct test_image image;

	test_image_start(&image, 4, 1);
	mhp_machine_load(machine, &image.image);
	for (int i = 1; i < MHP_POOL_GUARDED; i++)
		assert_non_null(machine->allocate(machine, 0, MHP_NO_NODE));
	assert_null(machine->allocate(machine, 0, MHP_NO_NODE));
	assert_int_equal(mhp_machine_table_count(machine), MHP_POOL_GUARDED);
}

static void a_run_of_words_steps_from_slot_to_slot(void **state)
{
	struct test_image image;
	const mhp_u64 *words;

	test_image_start(&image, 4, 9);
	test_image_table(&image, MHP_PUD, MHP_ALLOCATOR, 0);
	image.runs[0] = (struct mhp_run){ .table = 1, .slot = 509, .count = 3,
					  .word = MHP_LEAF(8), .step = 4ULL << 10 };
	image.image.run_count = 1;
	mhp_machine_load(*state, &image.image);
	words = mhp_machine_table(*state, 1);
	assert_int_equal(words[508], 0);
	assert_int_equal(words[509], MHP_LEAF(8));
	assert_int_equal(words[510], MHP_LEAF(12));
	assert_int_equal(words[511], MHP_LEAF(16));
	assert_int_equal(mhp_machine_table(*state, 0)[511], 0);
}

static void every_pointer_of_a_run_links_its_table(void **state)
{
	struct mhp_machine *machine = *state;
	struct test_image image;

	test_image_start(&image, 4, 9);
	for (int i = 0; i < 3; i++)
		test_image_table(&image, MHP_PUD, MHP_ALLOCATOR, 0);
	image.runs[0] = (struct mhp_run){ .table = 0, .slot = 7, .count = 3,
					  .word = MHP_POINTER(test_pfn(&image, 1)),
					  .step = MHP_POOL_STRIDE_PAGES << 10 };
	image.image.run_count = 1;
	mhp_machine_load(machine, &image.image);
	for (mhp_u32 table = 1; table <= 3; table++)
		assert_int_equal(mhp_host_of(machine)->pool.tables[table].parent_hint,
				 6 + table);
	machine->free(machine, test_pfn(&image, 3), 0);
	assert_event(machine, 0, (struct mhp_event){
		.kind = MHP_EVENT_FREE, .is_linked = 1, .pfn = test_pfn(&image, 3) });
}

/* An image that fills the pool. It uses the returned table states, not its own; the caller frees them. */
static struct mhp_table_state *start_large_image(struct test_image *image)
{
	struct mhp_table_state *tables = calloc(MHP_POOL_CAPACITY, sizeof(*tables));

	assert_non_null(tables);
	for (mhp_u32 table = 0; table < MHP_POOL_CAPACITY; table++)
		tables[table] = (struct mhp_table_state){ .level = table ? MHP_PTE : MHP_PGD };
	test_image_start(image, 4, 9);
	image->image.tables = tables;
	image->image.table_count = MHP_POOL_CAPACITY;
	image->runs[0] = (struct mhp_run){ .table = MHP_POOL_CAPACITY - 1, .slot = 1,
					   .count = 511, .word = MHP_LEAF(1), .step = 1 << 10 };
	image->image.run_count = 1;
	return tables;
}

static void an_image_can_fill_the_pool(void **state)
{
	struct test_image image;
	struct mhp_table_state *tables = start_large_image(&image);

	mhp_machine_load(*state, &image.image);
	free(tables);
	assert_int_equal(mhp_machine_table(*state, MHP_POOL_CAPACITY - 1)[0], 0);
	assert_int_equal(mhp_machine_table(*state, MHP_POOL_CAPACITY - 1)[511], MHP_LEAF(511));
	assert_null(((struct mhp_machine *)*state)->allocate(*state, 0, MHP_NO_NODE));
	assert_true(((struct mhp_machine *)*state)->event_capacity > MHP_EVENT_CAPACITY);
}

static MHP_WRONG_ON_PURPOSE void write_without_guards(struct mhp_machine *machine)
{
	(void)machine;
	*(volatile mhp_u64 *)mhp_pool_words(MHP_POOL_GUARDED) = 1;
}

static void what_a_large_image_opened_faults_again_after_it(void **state)
{
	struct test_image image, small;
	struct mhp_table_state *tables = start_large_image(&image);
	struct mhp_ending ending;

	test_image_start(&small, 4, 9);
	for (int round = 0; round < 2; round++) {
		mhp_machine_load(*state, &image.image);
		ending = test_run(*state, write_without_guards);
		assert_int_equal(ending.kind, MHP_FINISHED);
		mhp_machine_load(*state, &small.image);
		ending = test_run(*state, write_without_guards);
		assert_int_equal(ending.kind, MHP_OVERRUN);
		assert_int_equal(ending.table, MHP_POOL_GUARDED);
	}
	mhp_machine_load(*state, &image.image);
	assert_int_equal(mhp_machine_table(*state, MHP_POOL_GUARDED)[0], 0);
	mhp_machine_load(*state, &small.image);
	free(tables);
}

static void a_freed_page_is_dead_and_poisoned(void **state)
{
	struct mhp_machine *machine = *state;
	struct test_image image;

	test_image_start(&image, 4, 2);
	test_image_table(&image, MHP_PUD, MHP_ALLOCATOR, 0);
	mhp_machine_load(machine, &image.image);
	machine->free(machine, test_pfn(&image, 1), 0);
	assert_int_equal(mhp_machine_page_life(machine, 1).live, 0);
	for (int slot = 0; slot < 512; slot++)
		assert_int_equal(mhp_machine_table(machine, 1)[slot], MHP_PAGE_POISON);
}

static void a_second_machine_is_refused_while_one_is_there(void **state)
{
	const char *error = NULL;

	(void)state;
	assert_null(mhp_machine_create(&error));
	assert_string_equal(error, "cannot map the pool of table pages: its addresses are taken");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_loaded_table_holds_its_words_and_zeroes),
		cmocka_unit_test(a_small_table_ends_in_poison),
		cmocka_unit_test(a_load_undoes_what_a_bad_case_wrote_anywhere),
		cmocka_unit_test(a_silent_wild_write_lives_no_longer_than_one_turn),
		cmocka_unit_test(a_narrower_geometry_finds_no_rest_of_a_wider_one),
		cmocka_unit_test(an_allocated_page_is_the_next_table_full_of_poison),
		cmocka_unit_test(allocation_ends_with_the_budget),
		cmocka_unit_test(allocation_ends_with_the_guarded_tables),
		cmocka_unit_test(a_run_of_words_steps_from_slot_to_slot),
		cmocka_unit_test(every_pointer_of_a_run_links_its_table),
		cmocka_unit_test(an_image_can_fill_the_pool),
		cmocka_unit_test(what_a_large_image_opened_faults_again_after_it),
		cmocka_unit_test(a_freed_page_is_dead_and_poisoned),
		cmocka_unit_test(a_second_machine_is_refused_while_one_is_there),
	};

	return cmocka_run_group_tests_name("pool", tests, test_machine_create,
					   test_machine_destroy);
}
