/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mocks of the hooks of struct mhp_machine, with their expectations: each mock checks its arguments and the
 * order of the calls.
 */
#ifndef REFERENCE_MOCKS_H
#define REFERENCE_MOCKS_H

#include "fixture.h"
#include "CKernelReference.h"

static void mock_clear(struct mhp_machine *machine, mhp_u64 *entry)
{
	(void)machine;
	function_called();
	check_expected_ptr(entry);
	*entry = 0;
}

static void mock_destruct(struct mhp_machine *machine, mhp_u64 pfn, mhp_u32 level)
{
	(void)machine;
	function_called();
	check_expected(pfn);
	check_expected(level);
}

static void mock_free(struct mhp_machine *machine, mhp_u64 pfn, mhp_u32 order)
{
	(void)machine;
	function_called();
	check_expected(pfn);
	check_expected(order);
}

static void mock_free_reserved(struct mhp_machine *machine, mhp_u64 pfn)
{
	(void)machine;
	function_called();
	check_expected(pfn);
}

static mhp_u32 mock_is_reserved(struct mhp_machine *machine, mhp_u64 pfn)
{
	(void)machine;
	check_expected(pfn);
	return mock_type(mhp_u32);
}

static void mock_altmap_free(struct mhp_machine *machine, void *altmap, mhp_u64 pages)
{
	(void)machine;
	function_called();
	check_expected_ptr(altmap);
	check_expected(pages);
}

static void mock_flush(struct mhp_machine *machine, mhp_u32 scope, mhp_u64 start, mhp_u64 end)
{
	(void)machine;
	(void)start;
	(void)end;
	function_called();
	check_expected(scope);
}

static mhp_s32 mock_add_pages(struct mhp_machine *machine, mhp_s32 node, mhp_u64 pfn,
			      mhp_u64 pages, mhp_u64 protection, void *altmap, void *pgmap)
{
	(void)machine;
	function_called();
	check_expected(node);
	check_expected(pfn);
	check_expected(pages);
	check_expected(protection);
	check_expected_ptr(altmap);
	check_expected_ptr(pgmap);
	return mock_type(mhp_s32);
}

static void mock_remove_pages(struct mhp_machine *machine, mhp_u64 pfn, mhp_u64 pages,
			      void *altmap, void *pgmap)
{
	(void)machine;
	function_called();
	check_expected(pfn);
	check_expected(pages);
	check_expected_ptr(altmap);
	check_expected_ptr(pgmap);
}

static void mock_returned(struct mhp_machine *machine, mhp_u64 first, mhp_u64 second)
{
	(void)machine;
	function_called();
	check_expected(first);
	check_expected(second);
}

static void expect_clear(mhp_u32 table, mhp_u32 slot)
{
	expect_function_call(mock_clear);
	expect_value(mock_clear, entry, mhp_pool_words(table) + slot);
}

static void expect_destruct(mhp_u64 pfn, mhp_u32 level)
{
	expect_function_call(mock_destruct);
	expect_value(mock_destruct, pfn, pfn);
	expect_value(mock_destruct, level, level);
}

static void expect_free(mhp_u64 pfn, mhp_u32 order)
{
	expect_function_call(mock_free);
	expect_value(mock_free, pfn, pfn);
	expect_value(mock_free, order, order);
}

static void expect_free_reserved(mhp_u64 pfn)
{
	expect_function_call(mock_free_reserved);
	expect_value(mock_free_reserved, pfn, pfn);
}

static void expect_is_reserved(mhp_u64 pfn, mhp_u32 answer)
{
	expect_value(mock_is_reserved, pfn, pfn);
	will_return(mock_is_reserved, answer);
}

static void expect_flush(void)
{
	expect_function_call(mock_flush);
	expect_value(mock_flush, scope, MHP_FLUSH_ALL);
}

static void expect_returned(mhp_u64 first, mhp_u64 second)
{
	expect_function_call(mock_returned);
	expect_value(mock_returned, first, first);
	expect_value(mock_returned, second, second);
}

/* Tables 0 (root), 1 and 2; slot 3 of table 1 points to table 2, which is empty. */
static void start_with_empty_table(struct test_image *image, mhp_u32 level)
{
	test_image_start(image, 5, 9);
	test_image_table(image, level + 1, MHP_ALLOCATOR, 0);
	test_image_table(image, level, MHP_ALLOCATOR, 1);
	test_image_link(image, 1, 3, 2);
}

static const struct mhp_operation *on_table_2(mhp_u32 function, mhp_u32 is_vmemmap)
{
	static struct mhp_operation operation;

	operation = (struct mhp_operation){ .function = function, .is_vmemmap = is_vmemmap,
		.table = 2, .parent_table = 1, .parent_slot = 3 };
	return &operation;
}

static void run_mocked(struct mhp_machine *machine, const struct test_image *image,
		       const struct mhp_operation *operation)
{
	struct mhp_ending ending;

	test_take_signals();
	mhp_machine_load(machine, &image->image);
	machine->clear = mock_clear;
	machine->destruct = mock_destruct;
	machine->free = mock_free;
	machine->free_reserved = mock_free_reserved;
	machine->is_reserved = mock_is_reserved;
	machine->altmap_free = mock_altmap_free;
	machine->flush = mock_flush;
	machine->add_pages = mock_add_pages;
	machine->remove_pages = mock_remove_pages;
	machine->returned = mock_returned;
	ending = mhp_machine_run(machine, mhp_reference(9), operation, 1);
	assert_int_equal(ending.kind, MHP_FINISHED);
}

#endif
