// SPDX-License-Identifier: GPL-2.0-only
/* Whatever an operation does, the machine says how it ended, and the next case runs clean. */
#include "fixture.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile mhp_u64 sink;

static MHP_WRONG_ON_PURPOSE void reads(mhp_u64 address)
{
	sink = *(volatile mhp_u64 *)address;
}

static void does_nothing(struct mhp_machine *machine)
{
	(void)machine;
}

static MHP_WRONG_ON_PURPOSE void reads_null(struct mhp_machine *machine)
{
	(void)machine;
	reads(0);
}

static MHP_WRONG_ON_PURPOSE void writes_to_code(struct mhp_machine *machine)
{
	(void)machine;
	*(volatile mhp_u64 *)(mhp_u64)&does_nothing = 1;
}

static void reads_slot_512(struct mhp_machine *machine)
{
	reads((mhp_u64)(machine->root + 512));
}

/* Where a folded level that is indexed a second time gets to on Sv39. */
static void reads_slot_1032(struct mhp_machine *machine)
{
	reads((mhp_u64)(machine->root + 1032));
}

static void clears_slot_2047_of_table_1(struct mhp_machine *machine)
{
	machine->clear(machine, machine->root + 2048 + 2047);
}

static void reads_a_table_that_is_not_there(struct mhp_machine *machine)
{
	(void)machine;
	reads(MHP_POOL_BASE + 4000 * MHP_POOL_STRIDE + 8);
}

static void spins(struct mhp_machine *machine)
{
	for (;;)
		sink = (mhp_u64)machine;
}

static void bugs(struct mhp_machine *machine)
{
	machine->bug(machine);
}

static void panics(struct mhp_machine *machine)
{
	machine->panic(machine);
}

static MHP_WRONG_ON_PURPOSE void divides_by_zero(struct mhp_machine *machine)
{
	volatile int zero = machine == NULL;

	sink = (int)sink / zero;
}

static void traps(struct mhp_machine *machine)
{
	(void)machine;
	__builtin_trap();
}

/* The compiler must not turn the call into a jump, nor see that it never ends. */
static MHP_WRONG_ON_PURPOSE int recurses(volatile char *above)
{
	volatile char frame[512];

	frame[0] = above[0];
	if (sink == ~0ULL)
		return 0;
	return recurses(frame) + frame[0];
}

static void runs_out_of_stack(struct mhp_machine *machine)
{
	volatile char start = machine != NULL;

	sink = recurses(&start);
}

/* A stack is what a kernel has, 16 KiB: these are a frame of it that fits, and one that does not. */
static MHP_WRONG_ON_PURPOSE void uses(volatile char *frame, size_t bytes)
{
	for (size_t i = bytes; i-- > 0; i -= i < 64 ? i : 63)
		frame[i] = 1;
	sink = frame[0];
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

static void reads_a_table_that_it_freed(struct mhp_machine *machine)
{
	machine->free(machine, mhp_pool_pfn(&mhp_host_of(machine)->pool, 1), 0);
	reads((mhp_u64)mhp_pool_words(1));
}

static void reads_a_table(struct mhp_machine *machine)
{
	(void)machine;
	reads((mhp_u64)mhp_pool_words(1));
}

static void frees_a_table(struct mhp_machine *machine)
{
	machine->free(machine, mhp_pool_pfn(&mhp_host_of(machine)->pool, 1), 0);
}

static void reads_the_first_struct_page(struct mhp_machine *machine)
{
	reads(machine->layout.vmemmap_start);
}

static void reads_a_tables_struct_page(struct mhp_machine *machine)
{
	mhp_u64 pfn = mhp_pool_pfn(&mhp_host_of(machine)->pool, 1);

	reads(machine->layout.vmemmap_start + (pfn - machine->layout.vmemmap_start_pfn) * 64 + 8);
}

static void warns_for_ever(struct mhp_machine *machine)
{
	for (;;)
		machine->warn(machine);
}

static void load_two_tables(struct mhp_machine *machine, mhp_u64 levels)
{
	struct test_image image;

	test_image_start(&image, levels, 9);
	test_image_table(&image, MHP_PMD, MHP_ALLOCATOR, 1);
	test_image_link(&image, 0, 3, 1);
	mhp_machine_load(machine, &image.image);
}

/* Runs the body, then a case that must find nothing of it. */
static struct mhp_ending run_then_check(struct mhp_machine *machine, mhp_u64 levels,
					test_body *body)
{
	struct mhp_ending ending;

	load_two_tables(machine, levels);
	ending = test_run(machine, body);
	load_two_tables(machine, levels);
	assert_int_equal(machine->event_count, 0);
	assert_int_equal(test_run(machine, does_nothing).kind, MHP_FINISHED);
	return ending;
}

static void assert_overrun(void **state, test_body *body, mhp_u32 table, mhp_u32 slot)
{
	struct mhp_ending ending = run_then_check(*state, 3, body);

	assert_int_equal(ending.kind, MHP_OVERRUN);
	assert_int_equal(ending.table, table);
	assert_int_equal(ending.slot, slot);
	assert_int_equal(ending.address, 0);
}

static void an_access_beyond_a_table_is_an_overrun(void **state)
{
	assert_overrun(state, reads_slot_512, 0, 512);
	assert_overrun(state, reads_slot_1032, 0, 1032);
	assert_overrun(state, clears_slot_2047_of_table_1, 1, 2047);
	assert_overrun(state, reads_a_table_that_is_not_there, 4000, 1);
}

static void a_store_that_faults_leaves_no_event(void **state)
{
	load_two_tables(*state, 3);
	assert_int_equal(test_run(*state, clears_slot_2047_of_table_1).kind, MHP_OVERRUN);
	assert_int_equal(((struct mhp_machine *)*state)->event_count, 0);
}

static void an_access_elsewhere_is_wild_and_says_where(void **state)
{
	struct mhp_ending ending = run_then_check(*state, 4, reads_null);

	assert_int_equal(ending.kind, MHP_WILD_ACCESS);
	assert_int_equal(ending.address, 0);
	ending = run_then_check(*state, 4, writes_to_code);
	assert_int_equal(ending.kind, MHP_WILD_ACCESS);
	assert_int_equal(ending.address, (mhp_u64)&does_nothing);
}

static void a_struct_page_that_is_read_is_named_so(void **state)
{
	struct mhp_ending ending = run_then_check(*state, 3, reads_the_first_struct_page);

	assert_int_equal(ending.kind, MHP_STRUCT_PAGE_ACCESS);
	assert_int_equal(ending.address, 0xffffffc500000000);
	ending = run_then_check(*state, 4, reads_the_first_struct_page);
	assert_int_equal(ending.kind, MHP_STRUCT_PAGE_ACCESS);
	assert_int_equal(ending.address, 0xffff8d8000000000);
	/* On Sv39 the pool's PFNs lie so high that their struct pages wrap around. */
	ending = run_then_check(*state, 3, reads_a_tables_struct_page);
	assert_int_equal(ending.kind, MHP_STRUCT_PAGE_ACCESS);
}

static void bug_panic_trap_and_division_end_an_operation(void **state)
{
	assert_int_equal(run_then_check(*state, 4, bugs).kind, MHP_BUG);
	assert_int_equal(run_then_check(*state, 4, panics).kind, MHP_PANIC);
	assert_int_equal(run_then_check(*state, 4, traps).kind, MHP_TRAP);
	assert_int_equal(run_then_check(*state, 4, divides_by_zero).kind, MHP_ARITHMETIC);
}

static void a_stack_that_runs_out_ends_an_operation(void **state)
{
	struct mhp_ending ending = run_then_check(*state, 4, runs_out_of_stack);

	assert_int_equal(ending.kind, MHP_STACK_OVERFLOW);
	assert_int_equal(ending.address, 0);
	assert_int_equal(run_then_check(*state, 4, runs_out_of_stack).kind, MHP_STACK_OVERFLOW);
}

/* In small machines it reads poison; and a later case may be handed what an earlier one freed. */
static void a_table_is_out_of_reach_once_it_is_freed(void **state)
{
	struct mhp_ending ending = run_then_check(*state, 3, reads_a_table_that_it_freed);

	assert_int_equal(ending.kind, MHP_FREED_ACCESS);
	assert_int_equal(ending.table, 1);
	assert_int_equal(ending.slot, 0);
	load_two_tables(*state, 3);
	assert_int_equal(test_run(*state, frees_a_table).kind, MHP_FINISHED);
	assert_int_equal(test_run(*state, reads_a_table).kind, MHP_FINISHED);
}

static void a_stack_is_as_large_as_a_kernels(void **state)
{
	assert_int_equal(run_then_check(*state, 3, has_a_frame_of_14_kib).kind, MHP_FINISHED);
	assert_int_equal(run_then_check(*state, 3, has_a_frame_of_17_kib).kind, MHP_STACK_OVERFLOW);
	assert_int_equal(run_then_check(*state, 3, has_a_frame_of_500_kib).kind,
			 MHP_STACK_OVERFLOW);
}

static void an_operation_that_never_ends_is_a_hang(void **state)
{
	mhp_guard_set_limit(60);
	assert_int_equal(run_then_check(*state, 4, spins).kind, MHP_HANG);
	assert_int_equal(run_then_check(*state, 4, spins).kind, MHP_HANG);
	mhp_guard_set_limit(1000);
}

static void more_events_than_the_trace_holds_end_an_operation(void **state)
{
	struct mhp_machine *machine = *state;

	load_two_tables(machine, 4);
	assert_int_equal(test_run(machine, warns_for_ever).kind, MHP_TRACE_OVERFLOW);
	assert_int_equal(machine->event_count, machine->event_capacity);
	run_then_check(machine, 4, warns_for_ever);
}

static struct mhp_machine *third_time_machine;
static int calls;

static void bind_third(struct mhp_machine *machine)
{
	third_time_machine = machine;
}

static void bug_at_third(const struct mhp_operation *operation)
{
	(void)operation;
	if (++calls == 3)
		third_time_machine->bug(third_time_machine);
	third_time_machine->returned(third_time_machine, 5, 6);
}

static void the_operations_after_a_bad_one_do_not_run(void **state)
{
	const struct mhp_subject subject = { .bind = bind_third, .call = bug_at_third };
	const struct mhp_operation operations[5] = { 0 };
	struct mhp_machine *machine = *state;
	struct mhp_ending ending;

	load_two_tables(machine, 4);
	calls = 0;
	ending = mhp_machine_run(machine, &subject, operations, 5);
	assert_int_equal(ending.kind, MHP_BUG);
	assert_int_equal(ending.operation, 2);
	assert_int_equal(calls, 3);
	assert_int_equal(machine->event_count, 2);
	assert_event(machine, 1, (struct mhp_event){
		.kind = MHP_EVENT_RETURNED, .a = 1, .b = 5, .c = 6 });
}

static void a_subject_can_spoil_the_hooks_for_one_case_only(void **state)
{
	struct mhp_machine *machine = *state;

	load_two_tables(machine, 4);
	machine->free = NULL;
	memset(machine->altmaps, 0xff, sizeof(machine->altmaps));
	load_two_tables(machine, 4);
	assert_non_null(machine->free);
	assert_int_equal(machine->altmaps[7].alloc, 0);
}

static void *hangs_then_overruns(void *machine)
{
	static struct mhp_ending endings[2];

	load_two_tables(machine, 4);
	endings[0] = test_run_on(machine, spins);
	load_two_tables(machine, 4);
	endings[1] = test_run_on(machine, reads_slot_512);
	return endings;
}

/* Signal stacks and timers are a thread's own; Swift may run cases on any thread. */
static void the_guard_follows_the_machine_to_another_thread(void **state)
{
	struct mhp_ending *endings;
	pthread_t thread;

	mhp_guard_set_limit(60);
	test_take_signals();
	for (int i = 0; i < 2; i++) {
		load_two_tables(*state, 4);
		assert_int_equal(test_run_on(*state, runs_out_of_stack).kind, MHP_STACK_OVERFLOW);
		assert_int_equal(pthread_create(&thread, NULL, hangs_then_overruns, *state), 0);
		assert_int_equal(pthread_join(thread, (void **)&endings), 0);
		assert_int_equal(endings[0].kind, MHP_HANG);
		assert_int_equal(endings[1].kind, MHP_OVERRUN);
	}
	assert_int_equal(run_then_check(*state, 4, spins).kind, MHP_HANG);
	mhp_guard_set_limit(1000);
}

static void *waits(void *machine)
{
	(void)machine;
	for (;;)
		pause();
	return NULL;
}

/* Only the thread that runs the case jumps; ticks and faults of others are not its. */
static void a_case_runs_undisturbed_beside_other_threads(void **state)
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, waits, NULL), 0);
	mhp_guard_set_limit(60);
	assert_int_equal(run_then_check(*state, 4, spins).kind, MHP_HANG);
	mhp_guard_set_limit(1000);
	assert_int_equal(pthread_cancel(thread), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

/* In a child: outside a case the old handler (here: none) must get the fault. */
static void a_fault_of_the_harness_itself_is_a_crash(void **state)
{
	int status;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		signal(SIGSEGV, SIG_DFL);
		mhp_machine_destroy(*state);
		signal(SIGSEGV, SIG_DFL);
		test_machine_create(state);
		reads(0);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSEGV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_access_beyond_a_table_is_an_overrun),
		cmocka_unit_test(a_store_that_faults_leaves_no_event),
		cmocka_unit_test(an_access_elsewhere_is_wild_and_says_where),
		cmocka_unit_test(a_struct_page_that_is_read_is_named_so),
		cmocka_unit_test(bug_panic_trap_and_division_end_an_operation),
		cmocka_unit_test(a_stack_that_runs_out_ends_an_operation),
		cmocka_unit_test(a_stack_is_as_large_as_a_kernels),
		cmocka_unit_test(a_table_is_out_of_reach_once_it_is_freed),
		cmocka_unit_test(an_operation_that_never_ends_is_a_hang),
		cmocka_unit_test(more_events_than_the_trace_holds_end_an_operation),
		cmocka_unit_test(the_operations_after_a_bad_one_do_not_run),
		cmocka_unit_test(a_subject_can_spoil_the_hooks_for_one_case_only),
		cmocka_unit_test(the_guard_follows_the_machine_to_another_thread),
		cmocka_unit_test(a_case_runs_undisturbed_beside_other_threads),
		cmocka_unit_test(a_fault_of_the_harness_itself_is_a_crash),
	};

	return cmocka_run_group_tests_name("guard", tests, test_machine_create,
					   test_machine_destroy);
}
