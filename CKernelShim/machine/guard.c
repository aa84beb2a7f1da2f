// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs operations so that control always returns: signal handlers on their own
 * stack leave the operation by a long jump.
 *
 * A timer on the running thread's own CPU time detects hangs, so a busy host
 * causes none. The watcher of the process must stop an operation that sleeps
 * (which takes a system call of its own). The timer is armed once per thread
 * and always ticks, so that a case costs no system call. Only the thread that
 * runs a case ever jumps.
 */
#define _GNU_SOURCE
#include "machine.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

/* The exit status of a process that makes a forbidden system call outside of any case. */
#define MHP_FORBIDDEN_STATUS 70
#define MHP_TICK_MILLISECONDS 5
#define MHP_DEFAULT_LIMIT_MILLISECONDS 1000
#define MHP_TICK_SIGNAL SIGVTALRM
#define MHP_SIGNAL_STACK_BYTES (64UL << 10)
/* A stack of this size that other code gave the thread is sufficient. */
#define MHP_SIGNAL_STACK_MINIMUM (16UL << 10)

static const int fault_signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGSYS };
#define MHP_FAULT_SIGNALS (sizeof(fault_signals) / sizeof(fault_signals[0]))

static struct {
	sigjmp_buf back;
	struct mhp_host *host;
	struct mhp_ending ending;
	volatile sig_atomic_t is_active;
	volatile mhp_u32 operation;
	/* counts operations over the guard's life, so that the ticks can detect the end of one */
	volatile mhp_u64 serial;

	mhp_u64 ticking_serial;
	mhp_u32 ticks;
	volatile mhp_u32 tick_limit;

	/* changes when another thread arms itself */
	mhp_u64 armed;
	bool has_timer;
	timer_t timer;
	bool has_stack_key;
	pthread_key_t stack_key;
	struct sigaction faults_before[MHP_FAULT_SIGNALS];
	struct sigaction tick_before;
} guard;

/* Equals guard.armed on the thread that may run cases. */
static __thread mhp_u64 armed_here;

static mhp_u32 ticks_of(mhp_u32 milliseconds)
{
	/* The first tick may come at any time within an operation's first interval. */
	return milliseconds / MHP_TICK_MILLISECONDS + 2;
}

void mhp_guard_set_limit(mhp_u32 milliseconds)
{
	guard.tick_limit = ticks_of(milliseconds);
}

bool mhp_guard_is_running(void)
{
	return guard.is_active;
}

mhp_u32 mhp_guard_operation(void)
{
	return guard.is_active ? guard.operation : 0;
}

static void __attribute__((noreturn)) leave_with(struct mhp_ending ending)
{
	guard.is_active = 0;
	guard.ending = ending;
	guard.ending.operation = guard.operation;
	siglongjmp(guard.back, 1);
}

void mhp_guard_leave(enum mhp_ending_kind kind)
{
	if (!guard.is_active)
		mhp_fatal("the machine was told to stop while no case was running");
	leave_with((struct mhp_ending){ .kind = kind });
}

/*
 * A fault of the harness itself goes to the previous handler. A refused system
 * call is not repeated on return, and signal handlers cannot be changed where
 * calls are refused, so exit then.
 */
static void hand_back(int signal_number, const siginfo_t *info)
{
	if (signal_number == SIGSYS && info->si_code > 0)
		_exit(MHP_FORBIDDEN_STATUS);
	for (size_t i = 0; i < MHP_FAULT_SIGNALS; i++)
		if (fault_signals[i] == signal_number)
			sigaction(signal_number, &guard.faults_before[i], NULL);
	/* A fault repeats by itself; a signal that was sent does not. */
	if (info->si_code <= 0)
		raise(signal_number);
}

static void on_fault(int signal_number, siginfo_t *info, void *context)
{
	(void)context;
	if (!guard.is_active || armed_here != guard.armed || info->si_code <= 0) {
		hand_back(signal_number, info);
		return;
	}
	switch (signal_number) {
	case SIGFPE:
		mhp_guard_leave(MHP_ARITHMETIC);
	case SIGILL:
	case SIGTRAP:
		mhp_guard_leave(MHP_TRAP);
	case SIGSYS:
		leave_with((struct mhp_ending){
			.kind = MHP_FORBIDDEN_CALL, .address = (mhp_u64)info->si_syscall });
	default:
		leave_with(mhp_fault_classify(guard.host, (mhp_u64)info->si_addr));
	}
}

static void on_tick(int signal_number, siginfo_t *info, void *context)
{
	(void)signal_number;
	(void)info;
	(void)context;
	if (!guard.is_active || armed_here != guard.armed)
		return;
	if (guard.ticking_serial != guard.serial) {
		guard.ticking_serial = guard.serial;
		guard.ticks = 0;
	}
	/*
	 * Ticks that arrive together count once: a processor that was taken
	 * from a virtual machine for a while delivers all of them at one time.
	 */
	if (++guard.ticks >= guard.tick_limit)
		mhp_guard_leave(MHP_HANG);
}

static void drop_timer(void)
{
	if (guard.has_timer)
		timer_delete(guard.timer);
	guard.has_timer = false;
}

static void drop_stack(void *memory)
{
	const stack_t none = { .ss_flags = SS_DISABLE };
	stack_t now;

	if (sigaltstack(NULL, &now) == 0 && now.ss_sp == memory)
		sigaltstack(&none, NULL);
	munmap(memory, MHP_SIGNAL_STACK_BYTES);
}

/*
 * Gives the thread its own signal stack, which is freed when the thread ends.
 * An existing one stays, because a sanitizer or the Swift runtime installed it
 * and will remove it.
 */
static void ensure_stack(void)
{
	stack_t stack;

	if (sigaltstack(NULL, &stack) == 0 && !(stack.ss_flags & SS_DISABLE) &&
	    stack.ss_size >= MHP_SIGNAL_STACK_MINIMUM)
		return;
	stack = (stack_t){ .ss_size = MHP_SIGNAL_STACK_BYTES };
	stack.ss_sp = mmap(NULL, MHP_SIGNAL_STACK_BYTES, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack.ss_sp == MAP_FAILED || sigaltstack(&stack, NULL) != 0 ||
	    pthread_setspecific(guard.stack_key, stack.ss_sp) != 0)
		mhp_fatal("cannot set a stack for the fault handlers");
}

void mhp_guard_arm(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = MHP_TICK_SIGNAL };
	const struct timespec tick = { .tv_nsec = MHP_TICK_MILLISECONDS * 1000000L };
	const struct itimerspec ticking = { .it_interval = tick, .it_value = tick };

	if (armed_here == guard.armed)
		return;
	drop_timer();
	event.sigev_notify_thread_id = (pid_t)syscall(SYS_gettid);
	ensure_stack();
	if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &guard.timer) != 0)
		mhp_fatal("cannot create the timer that finds hangs");
	guard.has_timer = true;
	if (timer_settime(guard.timer, 0, &ticking, NULL) != 0)
		mhp_fatal("cannot start the timer that finds hangs");
	armed_here = ++guard.armed;
}

bool mhp_guard_install(void)
{
	struct sigaction on = { .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART };

	if (!mhp_stack_map())
		return false;
	if (!guard.has_stack_key && pthread_key_create(&guard.stack_key, drop_stack) != 0)
		return false;
	guard.has_stack_key = true;
	if (!guard.tick_limit)
		guard.tick_limit = ticks_of(MHP_DEFAULT_LIMIT_MILLISECONDS);
	/* A thread that was armed for an earlier machine must arm itself again. */
	guard.armed++;
	sigemptyset(&on.sa_mask);
	on.sa_sigaction = on_fault;
	for (size_t i = 0; i < MHP_FAULT_SIGNALS; i++)
		sigaction(fault_signals[i], &on, &guard.faults_before[i]);
	on.sa_sigaction = on_tick;
	sigaction(MHP_TICK_SIGNAL, &on, &guard.tick_before);
	return true;
}

void mhp_guard_remove(void)
{
	drop_timer();
	for (size_t i = 0; i < MHP_FAULT_SIGNALS; i++)
		sigaction(fault_signals[i], &guard.faults_before[i], NULL);
	sigaction(MHP_TICK_SIGNAL, &guard.tick_before, NULL);
	guard.armed++;
}

struct run {
	struct mhp_host *host;
	const struct mhp_subject *subject;
	const struct mhp_operation *operations;
	mhp_u64 count;
};

static void run_all(void *context)
{
	const struct run *run = context;

	guard.host = run->host;
	guard.operation = 0;
	guard.serial++;
	guard.is_active = 1;
	run->subject->bind(&run->host->seen);
	for (mhp_u64 i = 0; i < run->count; i++) {
		guard.operation = (mhp_u32)i;
		guard.serial++;
		run->subject->call(&run->operations[i]);
		/* A case may pass a table that this call freed to a later call. */
		mhp_pool_reopen(&run->host->pool);
	}
	guard.is_active = 0;
}

struct mhp_ending mhp_guard_run(struct mhp_host *host, const struct mhp_subject *subject,
				const struct mhp_operation *operations, mhp_u64 count)
{
	struct run run = { host, subject, operations, count };

	mhp_guard_arm();
	/*
	 * The signal mask is not saved (the handlers do not change it), which
	 * avoids a system call.
	 */
	if (sigsetjmp(guard.back, 0) != 0) {
		mhp_stack_jumped_off();
		mhp_pool_reopen(&guard.host->pool);
		guard.host->pool.is_disturbed = true;
		return guard.ending;
	}
	mhp_stack_call(run_all, &run);
	return (struct mhp_ending){ .kind = MHP_FINISHED };
}
