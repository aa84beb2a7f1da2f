// SPDX-License-Identifier: GPL-2.0-only
/* A freed table is inaccessible until the call ends. */
#include "fixture.h"

static void reads_a_table_that_it_freed(struct mhp_machine *machine)
{
	machine->free(machine, mhp_pool_pfn(&mhp_host_of(machine)->pool, 1), 0);
	test_reads((mhp_u64)mhp_pool_words(1));
}

static void reads_a_table(struct mhp_machine *machine)
{
	(void)machine;
	test_reads((mhp_u64)mhp_pool_words(1));
}

static void frees_a_table(struct mhp_machine *machine)
{
	machine->free(machine, mhp_pool_pfn(&mhp_host_of(machine)->pool, 1), 0);
}

/* On small machines a freed table reads as poison. A later case may get a page that an earlier one freed. */
static void a_table_is_out_of_reach_once_it_is_freed(void **state)
{
	struct mhp_ending ending = test_run_then_check(*state, 3, reads_a_table_that_it_freed);

	assert_int_equal(ending.kind, MHP_FREED_ACCESS);
	assert_int_equal(ending.table, 1);
	assert_int_equal(ending.slot, 0);
	test_load_two_tables(*state, 3);
	assert_int_equal(test_run(*state, frees_a_table).kind, MHP_FINISHED);
	assert_int_equal(test_run(*state, reads_a_table).kind, MHP_FINISHED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_is_out_of_reach_once_it_is_freed),
	};

	return cmocka_run_group_tests_name("freed", tests, test_machine_create,
					   test_machine_destroy);
}
