/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubbed out: statistics of events, which nothing reads. */
#ifndef STUB_LINUX_VMSTAT_H
#define STUB_LINUX_VMSTAT_H

#define count_vm_event(item) ((void)0)
#define count_vm_events(item, count) ((void)(count))
#define __count_vm_event(item) ((void)0)
#define __count_vm_events(item, count) ((void)(count))

#endif
