// SPDX-License-Identifier: GPL-2.0-only
/*
 * Takes a worker's rights away before anything of a subject is run.
 *
 * System calls are allowed by a list, the least that the worker lives on;
 * whatever is not on it raises SIGSYS. None that are allowed names a file, a
 * process or an address of the network; memory can be asked for, but neither a
 * file's nor such as can be executed.
 */
#define _GNU_SOURCE
#include "machine.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

static bool confined;

bool mhp_is_confined(void)
{
	return confined;
}

/* What standard input is read through, and nothing else: a subject does not get at requests. */
static char input[1 << 16];

/* What is done for the first time later makes none but the allowed calls. */
static void have_once(void)
{
	/* Left to itself the C library asks what descriptor 0 is as it is first read. */
	setvbuf(stdin, input, _IOFBF, sizeof(input));
	mhp_guard_arm();
}

/* Calls that do nothing to anybody but the process itself. */
static const int harmless[] = {
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(getrandom),
	SCMP_SYS(exit_group),
};

static bool allow_harmless(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, harmless[i], 0) != 0)
			return false;
	return true;
}

/* Compares an argument under a mask. */
static struct scmp_arg_cmp masked(unsigned int argument, mhp_u64 mask, mhp_u64 value)
{
	return (struct scmp_arg_cmp){
		.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value };
}

/* The kernel looks at the lower half of such an argument only: the upper is anything. */
static bool allow_if(scmp_filter_ctx filter, int call, unsigned int argument, int value)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
				masked(argument, 0xffffffff, (mhp_u32)value)) == 0;
}

/* The C library wakes whoever waits for something done once; nobody here waits. */
static bool allow_wake(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(futex), 1,
				masked(1, FUTEX_CMD_MASK & 0xffffffff, FUTEX_WAKE)) == 0;
}

static bool allow_input(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(read), 3,
				masked(0, 0xffffffff, STDIN_FILENO),
				masked(1, ~0ULL, (mhp_u64)input),
				masked(2, ~0ULL, sizeof(input))) == 0;
}

static bool allow_memory(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
				masked(2, PROT_EXEC, 0),
				masked(3, MAP_ANONYMOUS, MAP_ANONYMOUS)) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				masked(2, PROT_EXEC, 0)) == 0 &&
	       /* Some other advice takes pages from everybody when root gives it. */
	       allow_if(filter, SCMP_SYS(madvise), 2, MADV_DONTNEED) &&
	       allow_if(filter, SCMP_SYS(madvise), 2, MADV_FREE);
}

/* Other threads of the process, where there are any, get the same filter. */
static bool filter_calls(mhp_s32 answers)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
	bool is_done = filter &&
		seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_TRAP) == 0 &&
		seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
		allow_harmless(filter) && allow_memory(filter) &&
		allow_input(filter) && allow_wake(filter) &&
		allow_if(filter, SCMP_SYS(write), 0, STDOUT_FILENO) &&
		allow_if(filter, SCMP_SYS(write), 0, STDERR_FILENO) &&
		(answers <= STDERR_FILENO || allow_if(filter, SCMP_SYS(write), 0, answers)) &&
		seccomp_load(filter) == 0;

	if (filter)
		seccomp_release(filter);
	return is_done;
}

static bool close_between(mhp_u32 first, mhp_u32 last)
{
	if (first > last || syscall(SYS_close_range, first, last, 0) == 0)
		return true;
	/* A kernel before 5.9 does not have it. */
	for (mhp_u32 i = first; i <= last && i < sysconf(_SC_OPEN_MAX); i++)
		close((int)i);
	return true;
}

static bool close_others(mhp_s32 answers)
{
	if (answers <= STDERR_FILENO)
		return close_between(STDERR_FILENO + 1, ~0U);
	return close_between(STDERR_FILENO + 1, (mhp_u32)answers - 1) &&
	       close_between((mhp_u32)answers + 1, ~0U);
}

/* The address space in use, in bytes (proc_pid_statm(5)); 0 when the system does not say. */
static mhp_u64 address_space(void)
{
	char text[64];
	unsigned long long pages = 0;
	int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t got = file < 0 ? 0 : read(file, text, sizeof(text) - 1);

	if (file >= 0)
		close(file);
	text[got > 0 ? got : 0] = '\0';
	if (sscanf(text, "%llu", &pages) != 1)
		return 0;
	return pages * (mhp_u64)sysconf(_SC_PAGESIZE);
}

static bool limit(int resource, mhp_u64 value)
{
	struct rlimit now;

	/* A limit can only be lowered: one that is lower already stays. */
	if (getrlimit(resource, &now) != 0)
		return false;
	if (now.rlim_max < value)
		value = now.rlim_max;
	now = (struct rlimit){ .rlim_cur = value, .rlim_max = value };
	return setrlimit(resource, &now) == 0;
}

static bool limit_resources(const struct mhp_limits *limits)
{
	const mhp_u64 used = address_space();

	return used && limit(RLIMIT_AS, used + limits->memory) && limit(RLIMIT_CORE, 0) &&
	       limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NPROC, 0) && limit(RLIMIT_MEMLOCK, 0) &&
	       limit(RLIMIT_NOFILE, (mhp_u64)(limits->answers > STDERR_FILENO ?
					      limits->answers : STDERR_FILENO) + 1);
}

/*
 * The signal comes when the thread that started this process ends, which for
 * the supervisor is when it does.
 */
static bool die_with(mhp_s32 parent)
{
	if (!parent)
		return true;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		return false;
	/* It may be gone already. */
	return getppid() == parent;
}

bool mhp_confine(const struct mhp_limits *limits, const char **error)
{
	*error = NULL;
	have_once();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0)
		*error = "this system does not let a process give up its rights (prctl)";
	else if (!die_with(limits->parent))
		*error = "the program that started this worker is gone";
	else if (!limit_resources(limits))
		*error = "this system does not let a process limit itself (setrlimit, /proc)";
	else if (!close_others(limits->answers) || !filter_calls(limits->answers))
		*error = "this system does not filter system calls (seccomp), and without that no "
			 "subject is run";
	confined = !*error;
	return confined;
}
