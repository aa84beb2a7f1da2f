/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubbed out: one CPU, which stays online. */
#ifndef STUB_LINUX_CPU_H
#define STUB_LINUX_CPU_H

#define cpus_read_lock() ((void)0)
#define cpus_read_unlock() ((void)0)
#define cpus_write_lock() ((void)0)
#define cpus_write_unlock() ((void)0)
#define get_online_cpus() ((void)0)
#define put_online_cpus() ((void)0)
#define lockdep_assert_cpus_held() ((void)0)
#define num_online_cpus() 1U

enum system_states {
	SYSTEM_BOOTING,
	SYSTEM_SCHEDULING,
	SYSTEM_FREEING_INITMEM,
	SYSTEM_RUNNING,
};

#define system_state SYSTEM_RUNNING

#endif
