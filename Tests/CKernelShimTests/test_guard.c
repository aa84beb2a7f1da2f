// SPDX-License-Identifier: GPL-2.0-only
/* The machine reports the ending of every operation, and the next case runs clean. */
#include "fixture.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static MHP_WRONG_ON_PURPOSE void reads_null(struct mhp_machine *machine)
{
	(void)machine;
	test_reads(0);
}

static MHP_WRONG_ON_PURPOSE void writes_to_code(struct mhp_machine *machine)
{
	(void)machine;
	*(volatile mhp_u64 *)(mhp_u64)&test_does_nothing = 1;
}

static void reads_slot_512(struct mhp_machine *machine)
{
	test_reads((mhp_u64)(machine->root + 512));
}

/* The slot that a walk reaches on Sv39 if it indexes a folded level a second time. */
static void reads_slot_1032(struct mhp_machine *machine)
{
	test_reads((mhp_u64)(machine->root + 1032));
}

static void clears_slot_2047_of_table_1(struct mhp_machine *machine)
{
	machine->clear(machine, machine->root + 2048 + 2047);
}

static void reads_a_table_that_is_not_there(struct mhp_machine *machine)
{
	(void)machine;
	test_reads(MHP_POOL_BASE + 4000 * MHP_POOL_STRIDE + 8);
}

static void spins(struct mhp_machine *machine)
{
	for (;;)
		test_sink = (mhp_u64)machine;
}

/* Gets all ticks of 300 ms of CPU time at once, as if the processor had been elsewhere. */
static void gets_its_ticks_at_once(struct mhp_machine *machine)
{
	struct timespec now = { 0 }, start;
	sigset_t ticks;

	(void)machine;
	sigemptyset(&ticks);
	sigaddset(&ticks, SIGVTALRM);
	sigprocmask(SIG_BLOCK, &ticks, NULL);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
	while ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 < 300)
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	sigprocmask(SIG_UNBLOCK, &ticks, NULL);
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

	test_sink = (int)test_sink / zero;
}

static void traps(struct mhp_machine *machine)
{
	(void)machine;
	__builtin_trap();
}

static void reads_the_first_struct_page(struct mhp_machine *machine)
{
	test_reads(machine->layout.vmemmap_start);
}

static void reads_a_tables_struct_page(struct mhp_machine *machine)
{
	mhp_u64 pfn = mhp_pool_pfn(&mhp_host_of(machine)->pool, 1);

	test_reads(machine->layout.vmemmap_start + (pfn - machine->layout.vmemmap_start_pfn) * 64 + 8);
}

static void warns_for_ever(struct mhp_machine *machine)
{
	for (;;)
		machine->warn(machine);
}

static void assert_overrun(void **state, test_body *body, mhp_u32 table, mhp_u32 slot)
{
	struct mhp_ending ending = test_run_then_check(*state, 3, body);

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
	test_load_two_tables(*state, 3);
	assert_int_equal(test_run(*state, clears_slot_2047_of_table_1).kind, MHP_OVERRUN);
	assert_int_equal(((struct mhp_machine *)*state)->event_count, 0);
}

static void an_access_elsewhere_is_wild_and_says_where(void **state)
{
	struct mhp_ending ending = test_run_then_check(*state, 4, reads_null);

	assert_int_equal(ending.kind, MHP_WILD_ACCESS);
	assert_int_equal(ending.address, 0);
	ending = test_run_then_check(*state, 4, writes_to_code);
	assert_int_equal(ending.kind, MHP_WILD_ACCESS);
	assert_int_equal(ending.address, (mhp_u64)&test_does_nothing);
}

static void a_struct_page_that_is_read_is_named_so(void **state)
{
	struct mhp_ending ending = test_run_then_check(*state, 3, reads_the_first_struct_page);

	assert_int_equal(ending.kind, MHP_STRUCT_PAGE_ACCESS);
	assert_int_equal(ending.address, 0xffffffc500000000);
	ending = test_run_then_check(*state, 4, reads_the_first_struct_page);
	assert_int_equal(ending.kind, MHP_STRUCT_PAGE_ACCESS);
	assert_int_equal(ending.address, 0xffff8d8000000000);
	/* On Sv39 the pool's PFNs lie so high that their struct pages wrap around. */
	ending = test_run_then_check(*state, 3, reads_a_tables_struct_page);
	assert_int_equal(ending.kind, MHP_STRUCT_PAGE_ACCESS);
}

static void bug_panic_trap_and_division_end_an_operation(void **state)
{
	assert_int_equal(test_run_then_check(*state, 4, bugs).kind, MHP_BUG);
	assert_int_equal(test_run_then_check(*state, 4, panics).kind, MHP_PANIC);
	assert_int_equal(test_run_then_check(*state, 4, traps).kind, MHP_TRAP);
	assert_int_equal(test_run_then_check(*state, 4, divides_by_zero).kind, MHP_ARITHMETIC);
}

static void an_operation_that_never_ends_is_a_hang(void **state)
{
	mhp_guard_set_limit(60);
	assert_int_equal(test_run_then_check(*state, 4, spins).kind, MHP_HANG);
	assert_int_equal(test_run_then_check(*state, 4, spins).kind, MHP_HANG);
	mhp_guard_set_limit(1000);
}

static void a_processor_that_was_taken_away_is_no_hang(void **state)
{
	mhp_guard_set_limit(60);
	assert_int_equal(test_run_then_check(*state, 4, gets_its_ticks_at_once).kind, MHP_FINISHED);
	mhp_guard_set_limit(1000);
}

static void more_events_than_the_trace_holds_end_an_operation(void **state)
{
	struct mhp_machine *machine = *state;

	test_load_two_tables(machine, 4);
	assert_int_equal(test_run(machine, warns_for_ever).kind, MHP_TRACE_OVERFLOW);
	assert_int_equal(machine->event_count, machine->event_capacity);
	test_run_then_check(machine, 4, warns_for_ever);
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

	test_load_two_tables(machine, 4);
	calls = 0;
	ending = mhp_machine_run(machine, &subject, operations, 5);
	assert_int_equal(ending.kind, MHP_BUG);
	assert_int_equal(ending.operation, 2);
	assert_int_equal(calls, 3);
	assert_int_equal(machine->event_count, 2);
	assert_event(machine, 1, (struct mhp_event){
		.kind = MHP_EVENT_RETURNED, .operation = 1, .result = 5, .last = 6 });
}

static void a_subject_can_spoil_the_hooks_for_one_case_only(void **state)
{
	struct mhp_machine *machine = *state;

	test_load_two_tables(machine, 4);
	machine->free = NULL;
	memset(machine->altmaps, 0xff, sizeof(machine->altmaps));
	test_load_two_tables(machine, 4);
	assert_non_null(machine->free);
	assert_int_equal(machine->altmaps[7].alloc, 0);
}

static void *hangs_then_overruns(void *machine)
{
	static struct mhp_ending endings[2];

	test_load_two_tables(machine, 4);
	endings[0] = test_run_on(machine, spins);
	test_load_two_tables(machine, 4);
	endings[1] = test_run_on(machine, reads_slot_512);
	return endings;
}

/* Signal stacks and timers are per thread, and Swift may run cases on any thread. */
static void the_guard_follows_the_machine_to_another_thread(void **state)
{
	struct mhp_ending *endings;
	pthread_t thread;

	mhp_guard_set_limit(60);
	test_take_signals();
	for (int i = 0; i < 2; i++) {
		test_load_two_tables(*state, 4);
		assert_int_equal(test_run_on(*state, test_runs_out_of_stack).kind, MHP_STACK_OVERFLOW);
		assert_int_equal(pthread_create(&thread, NULL, hangs_then_overruns, *state), 0);
		assert_int_equal(pthread_join(thread, (void **)&endings), 0);
		assert_int_equal(endings[0].kind, MHP_HANG);
		assert_int_equal(endings[1].kind, MHP_OVERRUN);
	}
	assert_int_equal(test_run_then_check(*state, 4, spins).kind, MHP_HANG);
	mhp_guard_set_limit(1000);
}

static void *waits(void *machine)
{
	(void)machine;
	for (;;)
		pause();
	return NULL;
}

/* Only the thread that runs the case jumps; ticks and faults of other threads do not affect it. */
static void a_case_runs_undisturbed_beside_other_threads(void **state)
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, waits, NULL), 0);
	mhp_guard_set_limit(60);
	assert_int_equal(test_run_then_check(*state, 4, spins).kind, MHP_HANG);
	mhp_guard_set_limit(1000);
	assert_int_equal(pthread_cancel(thread), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

/* Runs in a child: outside of a case the old handler (here: none) must get the fault. */
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
		test_reads(0);
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
		cmocka_unit_test(an_operation_that_never_ends_is_a_hang),
		cmocka_unit_test(a_processor_that_was_taken_away_is_no_hang),
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
