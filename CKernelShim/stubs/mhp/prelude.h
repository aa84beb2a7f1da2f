/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that a subject sees before its first line. Headers are stubbed
 * out, duplicated in meaning or customised; the first line of each names the
 * kind.
 */
#ifndef MHP_PRELUDE_H
#define MHP_PRELUDE_H

#include <linux/kconfig.h>
#include <linux/version.h>
#include <linux/types.h>
#include <linux/stddef.h>
#include <linux/compiler.h>
#include <linux/init.h>
#include <linux/export.h>
#include <linux/moduleparam.h>
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/bits.h>
#include <linux/bitmap.h>
#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/jump_label.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/range.h>
#include <linux/printk.h>
#include <linux/bug.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/mutex.h>
#include <linux/cleanup.h>
#include <linux/vmstat.h>
#include <asm/rwonce.h>
#include <asm/barrier.h>
#include <linux/pfn.h>
#include <asm/page.h>
#include <linux/mm_types.h>
#include <linux/mmap_lock.h>
#include <linux/mmzone.h>
#include <asm/memory_model.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <asm/pgtable-bits.h>
#include <asm/pgtable-levels.h>
#include <asm/kasan.h>
#include <asm/pgtable.h>
#include <asm/pgtable-make.h>
#include <asm/pgtable-store.h>
#include <linux/pgtable.h>
#include <asm/pgalloc.h>
#include <asm/pgtable-alloc.h>
#include <asm/tlbflush.h>
#include <linux/memremap.h>
#include <linux/memory_hotplug.h>
#include <asm/sections.h>
#include <linux/vmemmap.h>
#include <mhp/own.h>
#include <mhp/arguments.h>

#endif
