/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: a machine of several CPUs in its steady state, or of one CPU
 * while drivers start; the case chooses. No CPU comes or goes, and the code
 * runs on one of them.
 */
#ifndef STUB_LINUX_CPU_H
#define STUB_LINUX_CPU_H

#include <linux/sched.h>
#include <mhp/machine.h>

/* The machine of several CPUs; the current one is not the first. */
#define MHP_ONLINE_CPUS 4U
#define MHP_CURRENT_CPU 2U
#define MHP_POSSIBLE_CPUS 8U

#define cpus_read_lock() ((void)0)
#define cpus_read_unlock() ((void)0)
#define cpus_write_lock() ((void)0)
#define cpus_write_unlock() ((void)0)
#define get_online_cpus() ((void)0)
#define put_online_cpus() ((void)0)
#define lockdep_assert_cpus_held() ((void)0)

#define num_online_cpus() (mhp_machine->uniprocessor ? 1U : MHP_ONLINE_CPUS)
#define NR_CPUS 64
#define nr_cpu_ids (mhp_machine->uniprocessor ? 1U : MHP_POSSIBLE_CPUS)

#define raw_smp_processor_id() ((int)(mhp_machine->uniprocessor ? 0U : MHP_CURRENT_CPU))
#define __smp_processor_id() raw_smp_processor_id()
#define smp_processor_id() __smp_processor_id()
#define get_cpu() ({ preempt_disable(); __smp_processor_id(); })
#define put_cpu() preempt_enable()

enum system_states {
	SYSTEM_BOOTING,
	SYSTEM_SCHEDULING,
	SYSTEM_FREEING_INITMEM,
	SYSTEM_RUNNING,
	SYSTEM_HALT,
	SYSTEM_POWER_OFF,
	SYSTEM_RESTART,
	SYSTEM_SUSPEND,
};

/* Drivers that are built in can add memory before init runs. */
#define system_state (mhp_machine->uniprocessor ? SYSTEM_SCHEDULING : SYSTEM_RUNNING)

#endif
