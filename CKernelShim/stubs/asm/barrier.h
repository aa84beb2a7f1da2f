/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubbed out: one thread runs, so ordering concerns only the compiler. */
#ifndef STUB_ASM_BARRIER_H
#define STUB_ASM_BARRIER_H

#include <asm/rwonce.h>

#define mb() barrier()
#define rmb() barrier()
#define wmb() barrier()
#define smp_mb() barrier()
#define smp_rmb() barrier()
#define smp_wmb() barrier()
#define smp_mb__before_atomic() barrier()
#define smp_mb__after_atomic() barrier()
#define smp_load_acquire(pointer) READ_ONCE(*(pointer))
#define smp_store_release(pointer, value) WRITE_ONCE(*(pointer), value)
#define smp_store_mb(variable, value) WRITE_ONCE(variable, value)

#endif
