/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicated in meaning: with one thread, plain arithmetic is atomic. */
#ifndef STUB_LINUX_ATOMIC_H
#define STUB_LINUX_ATOMIC_H

#include <linux/types.h>

typedef atomic_long_t atomic64_t;

#define ATOMIC_INIT(value) { (value) }
#define ATOMIC_LONG_INIT(value) { (value) }
#define ATOMIC64_INIT(value) { (value) }

#define MHP_ATOMIC(prefix, type, number)                                       \
	static inline number prefix##_read(const type *at)                     \
	{                                                                      \
		return at->counter;                                            \
	}                                                                      \
	static inline void prefix##_set(type *at, number value)                \
	{                                                                      \
		at->counter = value;                                           \
	}                                                                      \
	static inline number prefix##_add_return(number value, type *at)       \
	{                                                                      \
		return at->counter += value;                                   \
	}

MHP_ATOMIC(atomic, atomic_t, int)
MHP_ATOMIC(atomic_long, atomic_long_t, long)

#define atomic_add(value, at) ((void)atomic_add_return(value, at))
#define atomic_sub(value, at) ((void)atomic_add_return(-(value), at))
#define atomic_inc(at) ((void)atomic_add_return(1, at))
#define atomic_dec(at) ((void)atomic_add_return(-1, at))
#define atomic_inc_return(at) atomic_add_return(1, at)
#define atomic_dec_return(at) atomic_add_return(-1, at)
#define atomic_dec_and_test(at) (atomic_add_return(-1, at) == 0)
#define atomic_long_add(value, at) ((void)atomic_long_add_return(value, at))
#define atomic_long_sub(value, at) ((void)atomic_long_add_return(-(value), at))
#define atomic_long_inc(at) ((void)atomic_long_add_return(1, at))
#define atomic_long_dec(at) ((void)atomic_long_add_return(-1, at))
#define atomic_long_inc_return(at) atomic_long_add_return(1, at)
#define atomic_long_dec_return(at) atomic_long_add_return(-1, at)
#define atomic64_read(at) atomic_long_read(at)
#define atomic64_set(at, value) atomic_long_set(at, value)
#define atomic64_add(value, at) atomic_long_add(value, at)
#define atomic64_sub(value, at) atomic_long_sub(value, at)
#define atomic64_inc(at) atomic_long_inc(at)
#define atomic64_dec(at) atomic_long_dec(at)

#endif
