// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drops a worker's rights before any code of a subject runs.
 *
 * A list holds the few system calls that the worker needs; any other call
 * raises SIGSYS. No allowed call names a file, a process or a network address.
 * The process can allocate memory, but it can map neither files nor executable
 * memory.
 */
#define _GNU_SOURCE
#include "machine.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <malloc.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

#define HEAP_RESERVE (8 << 20)

static bool confined;

bool mhp_is_confined(void)
{
	return confined;
}

/*
 * The only buffer that standard input may be read into, so that a subject does
 * not get at requests.
 */
static char input[1 << 16];

/* Does all first-time work now, so that it makes only the allowed calls later. */
static void have_once(void)
{
	/* By default, the C library checks the type of descriptor 0 at the first read. */
	setvbuf(stdin, input, _IOFBF, sizeof(input));
	mhp_guard_arm();
}

/* Calls that affect only the process itself. */
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

static struct scmp_arg_cmp masked(unsigned int argument, mhp_u64 mask, mhp_u64 value)
{
	return (struct scmp_arg_cmp){
		.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value };
}

/* The kernel checks only the lower half of such an argument; the upper half may hold anything. */
static bool allow_if(scmp_filter_ctx filter, int call, unsigned int argument, int value)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
				masked(argument, 0xffffffff, (mhp_u32)value)) == 0;
}

/* The C library wakes waiters for one-time initialisation; nobody waits here. */
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
	       /* Some other advice takes pages from other processes if root gives it. */
	       allow_if(filter, SCMP_SYS(madvise), 2, MADV_DONTNEED) &&
	       allow_if(filter, SCMP_SYS(madvise), 2, MADV_FREE);
}

/* Other threads of the process, if any, get the same filter. */
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
	/* Kernels before 5.9 do not have it. */
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

/* The address space in use, in bytes (proc_pid_statm(5)); 0 if the system does not report it. */
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

	/* A limit can only be lowered, so a lower one stays. */
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
 * The kernel sends the signal when the thread that started this process ends;
 * for the supervisor, this is its own end.
 */
static bool die_with(mhp_s32 parent)
{
	if (!parent)
		return true;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		return false;
	/* The parent may have exited already. */
	return getppid() == parent;
}

/*
 * Makes the heap larger than it has to be, and keeps it so: a subject that takes
 * all memory must not take along what the answer about it needs. Pages that
 * nobody touches cost nothing.
 */
static void reserve_heap(void)
{
	mallopt(M_TRIM_THRESHOLD, 2 * HEAP_RESERVE);
	mallopt(M_MMAP_THRESHOLD, HEAP_RESERVE);
	mallopt(M_TOP_PAD, HEAP_RESERVE);
	/* The heap grows when something does not fit, and then by the pad as well. */
	free(malloc(HEAP_RESERVE / 2));
}

bool mhp_confine(const struct mhp_limits *limits, const char **error)
{
	*error = NULL;
	have_once();
	reserve_heap();
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
