/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicated in meaning. */
#ifndef STUB_LINUX_BITS_H
#define STUB_LINUX_BITS_H

#include <linux/types.h>

#define UL(x) x##UL
#define ULL(x) x##ULL
#define _UL(x) UL(x)
#define _AC(x, suffix) x##suffix
#define BITS_PER_BYTE 8
#define BITS_PER_LONG 64
#define BITS_PER_LONG_LONG 64
#define BIT(n) (1UL << (n))
#define BIT_ULL(n) (1ULL << (n))
#define GENMASK(high, low) ((~0UL << (low)) & (~0UL >> (BITS_PER_LONG - 1 - (high))))
#define GENMASK_ULL(high, low) ((u64)GENMASK(high, low))
#define lower_32_bits(x) ((u32)(x))
#define upper_32_bits(x) ((u32)((u64)(x) >> 32))

/* The highest set bit counted from 1; 0 for 0. */
static inline int fls64(u64 x)
{
	return x ? 64 - __builtin_clzll(x) : 0;
}

#define fls(x) fls64((u32)(x))
#define fls_long(x) fls64(x)
#define __fls(x) ((unsigned long)(fls64(x) - 1))
#define ffs(x) __builtin_ffs(x)
#define __ffs(x) ((unsigned long)__builtin_ctzl(x))
#define ilog2(x) (fls64(x) - 1)
#define roundup_pow_of_two(x) (1UL << order_base_2(x))
#define rounddown_pow_of_two(x) (1UL << ilog2(x))
#define order_base_2(x) ((x) > 1 ? fls64((x) - 1) : 0)

static inline bool is_power_of_2(unsigned long n)
{
	return n != 0 && (n & (n - 1)) == 0;
}

#endif
