// SPDX-License-Identifier: GPL-2.0-only
/*
 * The embedded reference against mocked hooks: checks each function's calls into the kernel core, their
 * arguments and their order.
 */
#include "reference_mocks.h"

#define MIB (1ULL << 20)

static void the_reference_has_every_function_in_three_geometries(void **state)
{
	(void)state;
	for (mhp_u64 bits = 1; bits <= 9; bits += bits == 2 ? 7 : 1) {
		assert_non_null(mhp_reference(bits));
		assert_int_equal(mhp_reference(bits)->abi_version, MHP_ABI_VERSION);
		assert_int_equal(mhp_reference(bits)->index_bits, bits);
		/* all but the generic code, which is not part of riscv */
		assert_int_equal(mhp_reference(bits)->present,
				 (1ULL << MHP_VMEMMAP_POPULATE_HUGEPAGES) - 1);
	}
	assert_null(mhp_reference(5));
}

static void free_pte_table_destructs_then_frees_then_clears(void **state)
{
	struct test_image image;

	start_with_empty_table(&image, MHP_PTE);
	expect_destruct(test_pfn(&image, 2), MHP_PTE);
	expect_is_reserved(test_pfn(&image, 2), 0);
	expect_free(test_pfn(&image, 2), 0);
	expect_clear(1, 3);
	expect_returned(0, 0);
	run_mocked(*state, &image, on_table_2(MHP_FREE_PTE_TABLE, 0));
}

static void free_pte_table_releases_a_reserved_page(void **state)
{
	struct test_image image;

	start_with_empty_table(&image, MHP_PTE);
	expect_destruct(test_pfn(&image, 2), MHP_PTE);
	expect_is_reserved(test_pfn(&image, 2), 1);
	expect_free_reserved(test_pfn(&image, 2));
	expect_clear(1, 3);
	expect_returned(0, 0);
	run_mocked(*state, &image, on_table_2(MHP_FREE_PTE_TABLE, 0));
}

/* Only the last slot holds a word; a word that is not present counts as an entry, too. */
static void a_table_with_any_entry_is_left_alone(void **state)
{
	static const mhp_u32 functions[] = {
		MHP_FREE_PTE_TABLE, MHP_FREE_PMD_TABLE, MHP_FREE_PUD_TABLE };
	struct test_image image;

	for (mhp_u32 level = MHP_PTE; level <= MHP_PUD; level++) {
		start_with_empty_table(&image, level);
		test_image_word(&image, 2, 511, 2);
		expect_returned(0, 0);
		run_mocked(*state, &image, on_table_2(functions[level], 0));
	}
}

static void free_pmd_table_destructs_unless_it_is_vmemmap(void **state)
{
	struct test_image image;

	for (mhp_u32 is_vmemmap = 0; is_vmemmap <= 1; is_vmemmap++) {
		start_with_empty_table(&image, MHP_PMD);
		if (!is_vmemmap)
			expect_destruct(test_pfn(&image, 2), MHP_PMD);
		expect_is_reserved(test_pfn(&image, 2), 0);
		expect_free(test_pfn(&image, 2), 0);
		expect_clear(1, 3);
		expect_returned(0, 0);
		run_mocked(*state, &image, on_table_2(MHP_FREE_PMD_TABLE, is_vmemmap));
	}
}

static void free_pud_table_runs_no_destructor(void **state)
{
	struct test_image image;

	start_with_empty_table(&image, MHP_PUD);
	expect_is_reserved(test_pfn(&image, 2), 0);
	expect_free(test_pfn(&image, 2), 0);
	expect_clear(1, 3);
	expect_returned(0, 0);
	run_mocked(*state, &image, on_table_2(MHP_FREE_PUD_TABLE, 0));
}

static void storage_of_an_altmap_is_only_counted(void **state)
{
	const struct mhp_operation operation = {
		.function = MHP_FREE_VMEMMAP_STORAGE, .start = 0x90000, .end = 2 * MIB, .altmap = 2 };
	struct mhp_machine *machine = *state;
	struct test_image image;

	test_image_start(&image, 4, 9);
	expect_function_call(mock_altmap_free);
	expect_value(mock_altmap_free, altmap, &machine->altmaps[1]);
	expect_value(mock_altmap_free, pages, 512);
	expect_returned(0, 0);
	run_mocked(machine, &image, &operation);
}

static void reserved_storage_goes_page_by_page(void **state)
{
	const struct mhp_operation operation = {
		.function = MHP_FREE_VMEMMAP_STORAGE, .start = 0x90000, .end = 2 * MIB };
	struct test_image image;

	test_image_start(&image, 4, 9);
	expect_is_reserved(0x90000, 1);
	for (mhp_u64 page = 0; page < 512; page++)
		expect_free_reserved(0x90000 + page);
	expect_returned(0, 0);
	run_mocked(*state, &image, &operation);
}

static void allocated_storage_goes_as_one_block(void **state)
{
	static const struct {
		mhp_u64 bytes;
		mhp_u32 order;
	} blocks[] = { { 4096, 0 }, { 2 * MIB, 9 }, { 1024 * MIB, 18 } };
	struct test_image image;

	test_image_start(&image, 4, 9);
	for (int i = 0; i < 3; i++) {
		const struct mhp_operation operation = { .function = MHP_FREE_VMEMMAP_STORAGE,
			.start = 0x90000, .end = blocks[i].bytes };

		expect_is_reserved(0x90000, 0);
		expect_free(0x90000, blocks[i].order);
		expect_returned(0, 0);
		run_mocked(*state, &image, &operation);
	}
}

static void an_empty_range_is_flushed_once_all_the_same(void **state)
{
	const struct mhp_operation operation = { .function = MHP_REMOVE_PGD_MAPPING,
		.start = 0xffffffd600000000, .end = 0xffffffd600000000 };
	struct test_image image;

	test_image_start(&image, 3, 9);
	expect_flush();
	expect_returned(0, 0);
	run_mocked(*state, &image, &operation);
}

/* 2 MiB at 0x80200000 on Sv39 belong to root slot 344 and to PMD slot 1 of table 1. */
static void start_with_linear_map(struct test_image *image)
{
	test_image_start(image, 3, 9);
	test_image_table(image, MHP_PMD, MHP_ALLOCATOR, 1);
	test_image_link(image, 0, 344, 1);
	/* keeps the table from being freed, in case a walk takes it for a folded level's table */
	test_image_word(image, 1, 0, MHP_LEAF(0x80000));
	image->image.max_pfn = 0x81000;
	image->image.max_low_pfn = 0x81000;
}

static const struct mhp_operation add_2_mib = {
	.function = MHP_ARCH_ADD_MEMORY, .node = 3, .start = 0x80200000, .end = 2 * MIB,
	.protection = 0xe7, .altmap = 1, .pgmap = 2,
};

static void expect_add_pages(struct mhp_machine *machine, mhp_s32 answer)
{
	expect_function_call(mock_add_pages);
	expect_value(mock_add_pages, node, 3);
	expect_value(mock_add_pages, pfn, 0x80200);
	expect_value(mock_add_pages, pages, 512);
	expect_value(mock_add_pages, protection, 0xe7);
	expect_value(mock_add_pages, altmap, &machine->altmaps[0]);
	expect_value(mock_add_pages, pgmap, machine->pgmap(machine, 2));
	will_return(mock_add_pages, answer);
}

static void memory_that_is_added_is_mapped_and_raises_max_pfn(void **state)
{
	struct mhp_machine *machine = *state;
	struct test_image image;

	start_with_linear_map(&image);
	expect_add_pages(machine, 0);
	expect_flush();
	expect_returned(0, 0);
	run_mocked(machine, &image, &add_2_mib);
	assert_int_equal(mhp_machine_table(machine, 1)[1], MHP_LEAF(0x80200));
	assert_int_equal(machine->max_pfn, 0x80400);
	assert_int_equal(machine->max_low_pfn, 0x80400);
}

static void memory_that_cannot_be_added_is_unmapped_again(void **state)
{
	struct mhp_machine *machine = *state;
	struct test_image image;

	start_with_linear_map(&image);
	expect_add_pages(machine, -17);
	expect_clear(1, 1);
	expect_flush();
	expect_flush();
	expect_returned((mhp_u64)-17, 0);
	run_mocked(machine, &image, &add_2_mib);
	assert_int_equal(mhp_machine_table(machine, 1)[0], MHP_LEAF(0x80000));
	assert_int_equal(machine->max_pfn, 0x81000);
	assert_int_equal(machine->max_low_pfn, 0x81000);
}

static void memory_leaves_the_core_before_the_linear_map(void **state)
{
	const struct mhp_operation operation = { .function = MHP_ARCH_REMOVE_MEMORY,
		.start = 0x80000000, .end = 2 * MIB };
	struct test_image image;

	start_with_linear_map(&image);
	expect_function_call(mock_remove_pages);
	expect_value(mock_remove_pages, pfn, 0x80000);
	expect_value(mock_remove_pages, pages, 512);
	expect_value(mock_remove_pages, altmap, NULL);
	expect_value(mock_remove_pages, pgmap, NULL);
	expect_clear(1, 0);
	expect_flush();
	expect_flush();
	expect_returned(0, 0);
	run_mocked(*state, &image, &operation);
}

/* Contract: pa(PAGE_OFFSET) to pa(PAGE_END - 1). On Sv39 the end follows the kernel image's formula (H4). */
static void the_mappable_range_is_that_of_each_mode(void **state)
{
	static const mhp_u64 last[] = { 0xfffffff8001fffff, 0x40007fffffff, 0x7f00007fffffff };
	const struct mhp_operation operation = { .function = MHP_ARCH_GET_MAPPABLE_RANGE };
	struct test_image image;

	for (mhp_u64 levels = 3; levels <= 5; levels++) {
		test_image_start(&image, levels, 9);
		expect_returned(0x80000000, last[levels - 3]);
		run_mocked(*state, &image, &operation);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reference_has_every_function_in_three_geometries),
		cmocka_unit_test(free_pte_table_destructs_then_frees_then_clears),
		cmocka_unit_test(free_pte_table_releases_a_reserved_page),
		cmocka_unit_test(a_table_with_any_entry_is_left_alone),
		cmocka_unit_test(free_pmd_table_destructs_unless_it_is_vmemmap),
		cmocka_unit_test(free_pud_table_runs_no_destructor),
		cmocka_unit_test(storage_of_an_altmap_is_only_counted),
		cmocka_unit_test(reserved_storage_goes_page_by_page),
		cmocka_unit_test(allocated_storage_goes_as_one_block),
		cmocka_unit_test(an_empty_range_is_flushed_once_all_the_same),
		cmocka_unit_test(memory_that_is_added_is_mapped_and_raises_max_pfn),
		cmocka_unit_test(memory_that_cannot_be_added_is_unmapped_again),
		cmocka_unit_test(memory_leaves_the_core_before_the_linear_map),
		cmocka_unit_test(the_mappable_range_is_that_of_each_mode),
	};

	return cmocka_run_group_tests_name("reference", tests, test_machine_create,
					   test_machine_destroy);
}
