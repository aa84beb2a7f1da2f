// SPDX-License-Identifier: GPL-2.0-only
/* An operation runs on a stack of the kernel's size, and gets no byte more. */
#include "fixture.h"

/* A kernel stack has 16 KiB: the first frame below fits, the other two do not. */
static MHP_WRONG_ON_PURPOSE void uses(volatile char *frame, size_t bytes)
{
	for (size_t i = bytes; i-- > 0; i -= i < 64 ? i : 63)
		frame[i] = 1;
	test_sink = frame[0];
}

static MHP_WRONG_ON_PURPOSE void has_a_frame_of_14_kib(struct mhp_machine *machine)
{
	volatile char frame[14 << 10];

	(void)machine;
	uses(frame, sizeof(frame));
}

static MHP_WRONG_ON_PURPOSE void has_a_frame_of_17_kib(struct mhp_machine *machine)
{
	volatile char frame[17 << 10];

	(void)machine;
	uses(frame, sizeof(frame));
}

static MHP_WRONG_ON_PURPOSE void has_a_frame_of_500_kib(struct mhp_machine *machine)
{
	volatile char frame[500 << 10];

	(void)machine;
	uses(frame, sizeof(frame));
}

static void a_stack_that_runs_out_ends_an_operation(void **state)
{
	struct mhp_ending ending = test_run_then_check(*state, 4, test_runs_out_of_stack);

	assert_int_equal(ending.kind, MHP_STACK_OVERFLOW);
	assert_int_equal(ending.address, 0);
	assert_int_equal(test_run_then_check(*state, 4, test_runs_out_of_stack).kind, MHP_STACK_OVERFLOW);
}

static void a_stack_is_as_large_as_a_kernels(void **state)
{
	assert_int_equal(test_run_then_check(*state, 3, has_a_frame_of_14_kib).kind, MHP_FINISHED);
	assert_int_equal(test_run_then_check(*state, 3, has_a_frame_of_17_kib).kind, MHP_STACK_OVERFLOW);
	assert_int_equal(test_run_then_check(*state, 3, has_a_frame_of_500_kib).kind,
			 MHP_STACK_OVERFLOW);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stack_that_runs_out_ends_an_operation),
		cmocka_unit_test(a_stack_is_as_large_as_a_kernels),
	};

	return cmocka_run_group_tests_name("stack", tests, test_machine_create,
					   test_machine_destroy);
}
