/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubbed out: one thread, no scheduler; a case of one CPU also has another task waiting. */
#ifndef STUB_LINUX_SCHED_H
#define STUB_LINUX_SCHED_H

#include <mhp/machine.h>

#define cond_resched() ((void)0)
#define might_resched() ((void)0)
#define might_sleep() might_resched()
#define might_sleep_if(condition) ((condition) ? might_sleep() : (void)0)
#define cpu_relax() barrier()
#define preempt_disable() barrier()
#define preempt_enable() barrier()
#define in_interrupt() 0
#define in_atomic() 0
#define irqs_disabled() 0
#define preemptible() 1
#define need_resched() ((int)mhp_machine->uniprocessor)
#define rcu_read_lock() ((void)0)
#define rcu_read_unlock() ((void)0)
#define synchronize_rcu() ((void)0)
#define touch_nmi_watchdog() ((void)0)
#define lockdep_assert_held(lock) ((void)(lock))
#define lockdep_assert_held_write(lock) ((void)(lock))
#define lockdep_assert_held_once(lock) ((void)(lock))
#define lockdep_assert_in_irq() ((void)0)

#endif
