// SPDX-License-Identifier: GPL-2.0-only
/* Tries each call in a confined child process. */
#define _GNU_SOURCE
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEMORY (64UL << 20)

/* A child's answer: the ending of its operation, and the value that the body stored in `result`. */
struct answer {
	struct mhp_ending ending;
	long result;
};

static long result;
static int answers[2];

/* Runs a body in a confined child; false when the child ended without an answer. */
static bool run_confined(struct mhp_machine *machine, test_body *body, struct answer *answer,
			 int *status)
{
	pid_t child;

	assert_int_equal(pipe(answers), 0);
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		const struct mhp_limits limits = {
			.memory = MEMORY, .answers = answers[1], .parent = getppid() };
		struct answer mine = { 0 };
		const char *error;

		test_take_signals();
		mhp_guard_set_limit(200);
		result = 0;
		if (!mhp_confine(&limits, &error))
			_exit(99);
		mine.ending = test_run_on(machine, body);
		mine.result = result;
		_exit(write(answers[1], &mine, sizeof(mine)) == sizeof(mine) ? 0 : 98);
	}
	close(answers[1]);
	memset(answer, 0, sizeof(*answer));
	ssize_t got = read(answers[0], answer, sizeof(*answer));
	close(answers[0]);
	assert_int_equal(waitpid(child, status, 0), child);
	return got == sizeof(*answer);
}

static void assert_forbidden(struct mhp_machine *machine, test_body *body, long call)
{
	struct answer answer;
	int status;

	if (!run_confined(machine, body, &answer, &status))
		fail_msg("call %ld: no answer, status %#x", call, status);
	if (answer.ending.kind != MHP_FORBIDDEN_CALL || (long)answer.ending.address != call)
		fail_msg("call %ld: ending %u, address %llu, result %ld", call, answer.ending.kind,
			 (unsigned long long)answer.ending.address, answer.result);
}

/* A call with arguments that would work if the call were allowed. */
static const struct row {
	long call;
	long arguments[6];
} rows[] = {
	{ SYS_openat, { AT_FDCWD, (long)"/etc/passwd", O_RDONLY } },
	{ SYS_openat, { AT_FDCWD, (long)"/nonexistent/made", O_CREAT | O_WRONLY, 0600 } },
#ifdef SYS_open
	{ SYS_open, { (long)"/etc/passwd", O_RDONLY } },
	{ SYS_fork, { 0 } },
	{ SYS_vfork, { 0 } },
	{ SYS_unlink, { (long)"/nonexistent/file" } },
	{ SYS_pause, { 0 } },
#endif
	{ SYS_clone, { SIGCHLD } },
	{ 435 /* clone3 */, { 0 } },
	{ SYS_execve, { (long)"/bin/true" } },
	{ SYS_execveat, { AT_FDCWD, (long)"/bin/true" } },
	{ SYS_socket, { AF_INET, SOCK_STREAM } },
	{ SYS_socketpair, { AF_UNIX, SOCK_STREAM } },
	{ SYS_kill, { 1, 0 } },
	{ SYS_tkill, { 1, 0 } },
	{ SYS_tgkill, { 1, 1, 0 } },
	{ SYS_rt_sigqueueinfo, { 1, 0 } },
	{ 424 /* pidfd_send_signal */, { 0 } },
	{ SYS_ptrace, { PTRACE_TRACEME } },
	{ SYS_process_vm_readv, { 1 } },
	{ SYS_process_vm_writev, { 1 } },
	{ SYS_prctl, { PR_SET_DUMPABLE, 1 } },
	{ SYS_prlimit64, { 0, RLIMIT_AS } },
	{ SYS_setsid, { 0 } },
	{ SYS_rt_sigaction, { SIGSYS } },
	{ SYS_rt_sigprocmask, { SIG_BLOCK } },
	{ SYS_sigaltstack, { 0 } },
	{ SYS_timer_delete, { 0 } },
	{ SYS_dup, { 0 } },
	{ SYS_dup3, { 0, 1 } },
	{ SYS_close, { 0 } },
	{ 436 /* close_range */, { 0, ~0U } },
	{ SYS_fcntl, { 0, F_GETFL } },
	{ SYS_ioctl, { 0 } },
	{ SYS_pipe2, { 0 } },
	{ SYS_memfd_create, { (long)"x" } },
	{ SYS_nanosleep, { 0 } },
	{ SYS_ppoll, { 0 } },
	{ SYS_getppid, { 0 } },
	{ SYS_bpf, { 0 } },
	{ SYS_perf_event_open, { 0 } },
	{ 425 /* io_uring_setup */, { 1 } },
	{ SYS_unshare, { CLONE_NEWUSER } },
	{ SYS_mount, { 0 } },
	{ SYS_chdir, { (long)"/" } },
	{ SYS_unlinkat, { AT_FDCWD, (long)"/nonexistent/file" } },
	{ SYS_madvise, { MHP_POOL_BASE, 4096, 100 /* MADV_HWPOISON */ } },
	{ SYS_write, { 5, (long)"x", 1 } },
	{ SYS_read, { 1, 0, 1 } },
	{ SYS_read, { 0, MHP_POOL_BASE, 1 } },
	{ SYS_futex, { MHP_POOL_BASE, FUTEX_WAIT } },
	{ SYS_futex, { MHP_POOL_BASE, FUTEX_WAIT_PRIVATE } },
	{ SYS_mmap, { 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1 } },
	{ SYS_mmap, { 0, 4096, PROT_READ, MAP_PRIVATE, 0 } },
	{ SYS_mprotect, { MHP_POOL_BASE, 4096, PROT_READ | PROT_EXEC } },
	{ SYS_pkey_mprotect, { MHP_POOL_BASE, 4096, PROT_EXEC, -1 } },
	{ SYS_shmget, { 0, 4096 } },
	{ SYS_personality, { 0x0400000 /* READ_IMPLIES_EXEC */ } },
	{ 9999, { 0 } },
};

static const struct row *row;

static MHP_WRONG_ON_PURPOSE void make_call(struct mhp_machine *machine)
{
	(void)machine;
	result = syscall(row->call, row->arguments[0], row->arguments[1], row->arguments[2],
			 row->arguments[3], row->arguments[4], row->arguments[5]);
}

static void calls_that_reach_outside_end_the_case(void **state)
{
	for (row = rows; row < rows + sizeof(rows) / sizeof(rows[0]); row++)
		assert_forbidden(*state, make_call, row->call);
}

#ifdef __x86_64__
static MHP_WRONG_ON_PURPOSE void make_old_call(struct mhp_machine *machine)
{
	(void)machine;
	/* getpid of 32-bit programs */
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory");
}

static MHP_WRONG_ON_PURPOSE void make_x32_call(struct mhp_machine *machine)
{
	(void)machine;
	result = syscall(0x40000000 | SYS_getppid);
}
#endif

static void calls_of_other_kinds_of_programs_end_the_case(void **state)
{
#ifdef __x86_64__
	struct answer answer;
	int status;

	assert_true(run_confined(*state, make_x32_call, &answer, &status));
	assert_int_equal(answer.ending.kind, MHP_FORBIDDEN_CALL);
	/* A kernel without such calls raises a fault, which ends the case as well. */
	assert_true(run_confined(*state, make_old_call, &answer, &status));
	assert_int_not_equal(answer.ending.kind, MHP_FINISHED);
#else
	(void)state;
	skip();
#endif
}

static MHP_WRONG_ON_PURPOSE void make_several(struct mhp_machine *machine)
{
	(void)machine;
	for (int i = 0; i < 3; i++) {
		char *memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (memory == MAP_FAILED)
			return;
		memory[0] = 1;
		if (madvise(memory, 1 << 20, MADV_DONTNEED) != 0 ||
		    mprotect(memory, 4096, PROT_READ) != 0 || munmap(memory, 1 << 20) != 0)
			return;
	}
	result = 1;
}

static void memory_can_be_had(void **state)
{
	struct answer answer;
	int status;

	assert_true(run_confined(*state, make_several, &answer, &status));
	assert_int_equal(answer.ending.kind, MHP_FINISHED);
	assert_int_equal(answer.result, 1);
}

static MHP_WRONG_ON_PURPOSE void take_all_memory(struct mhp_machine *machine)
{
	(void)machine;
	while (mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0) != MAP_FAILED)
		result++;
}

static void memory_is_bounded(void **state)
{
	struct answer answer;
	int status;

	assert_true(run_confined(*state, take_all_memory, &answer, &status));
	assert_int_equal(answer.ending.kind, MHP_FINISHED);
	assert_in_range(answer.result, 1, MEMORY >> 20);
}

static MHP_WRONG_ON_PURPOSE void write_everywhere(struct mhp_machine *machine)
{
	(void)machine;
	/* Only 1, 2 and the answers are open; the first refused write ends the case. */
	for (int i = 3; i < 1000; i++)
		if (i != answers[1])
			result = write(i, "x", 1);
}

static void a_descriptor_of_the_parents_is_neither_open_nor_written_to(void **state)
{
	struct answer answer;
	int canary[2], status;
	char byte;

	assert_int_equal(pipe(canary), 0);
	assert_true(run_confined(*state, write_everywhere, &answer, &status));
	assert_int_equal(answer.ending.kind, MHP_FORBIDDEN_CALL);
	assert_int_equal(answer.ending.address, SYS_write);
	close(canary[1]);
	assert_int_equal(read(canary[0], &byte, 1), 0);
	close(canary[0]);
}

/* Disables the guard: only the death of the process ends this loop. */
static MHP_WRONG_ON_PURPOSE void run_forever(struct mhp_machine *machine)
{
	(void)machine;
	mhp_guard_set_limit(~0U / 2);
	for (;;)
		__asm__ volatile("");
}

static void a_child_that_runs_forever_does_not_outlive_its_parent(void **state)
{
	int alive[2];
	pid_t parent;
	char byte;

	assert_int_equal(pipe(alive), 0);
	fflush(NULL);
	parent = fork();
	if (parent == 0) {
		pid_t child = fork();

		if (child == 0) {
			const struct mhp_limits limits = {
				.memory = MEMORY, .answers = alive[1], .parent = getppid() };
			const char *error;

			test_take_signals();
			if (mhp_confine(&limits, &error) && write(alive[1], "c", 1) == 1)
				test_run_on(*state, run_forever);
			_exit(0);
		}
		close(alive[1]);
		/* The parent exits as soon as the child is confined. */
		_exit(read(alive[0], &byte, 1) == 1 ? 0 : 1);
	}
	close(alive[1]);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	/* The child holds the last write end of the pipe: this read returns when the child is gone. */
	assert_int_equal(read(alive[0], &byte, 1), 0);
	close(alive[0]);
}

static void a_child_whose_parent_is_gone_is_not_confined_for_another(void **state)
{
	int status;
	pid_t child;

	(void)state;
	fflush(NULL);
	child = fork();
	if (child == 0) {
		const struct mhp_limits limits = {
			.memory = MEMORY, .answers = 2, .parent = getppid() + 1 };
		const char *error;

		test_take_signals();
		_exit(!mhp_confine(&limits, &error) && strstr(error, "is gone") ? 7 : 8);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

static void a_forbidden_call_outside_of_any_case_ends_the_process(void **state)
{
	int status;
	pid_t child;

	(void)state;
	fflush(NULL);
	child = fork();
	if (child == 0) {
		const struct mhp_limits limits = { .memory = MEMORY, .answers = 2 };
		const char *error;

		test_take_signals();
		if (mhp_confine(&limits, &error))
			syscall(SYS_getppid);
		_exit(8);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 70);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_that_reach_outside_end_the_case),
		cmocka_unit_test(calls_of_other_kinds_of_programs_end_the_case),
		cmocka_unit_test(memory_can_be_had),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(a_descriptor_of_the_parents_is_neither_open_nor_written_to),
		cmocka_unit_test(a_child_that_runs_forever_does_not_outlive_its_parent),
		cmocka_unit_test(a_child_whose_parent_is_gone_is_not_confined_for_another),
		cmocka_unit_test(a_forbidden_call_outside_of_any_case_ends_the_process),
	};

	return cmocka_run_group_tests_name("confine", tests, test_machine_create,
					   test_machine_destroy);
}
