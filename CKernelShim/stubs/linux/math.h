/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicated in meaning: rounding, alignment, division. */
#ifndef STUB_LINUX_MATH_H
#define STUB_LINUX_MATH_H

#define ALIGN_MASK(x, mask) (((x) + (mask)) & ~(mask))
#define ALIGN(x, a) ALIGN_MASK(x, (__typeof__(x))(a) - 1)
#define ALIGN_DOWN(x, a) ((x) & ~((__typeof__(x))(a) - 1))
#define IS_ALIGNED(x, a) (((x) & ((__typeof__(x))(a) - 1)) == 0)
#define PTR_ALIGN(p, a) ((__typeof__(p))ALIGN((unsigned long)(p), (a)))
#define PTR_ALIGN_DOWN(p, a) ((__typeof__(p))ALIGN_DOWN((unsigned long)(p), (a)))

/* y is a power of two. */
#define round_down(x, y) ((x) & ~((__typeof__(x))((y) - 1)))
#define round_up(x, y) ((((x) - 1) | ((__typeof__(x))((y) - 1))) + 1)
/* y is any number. */
#define rounddown(x, y) ((x) - (x) % (y))
#define roundup(x, y) rounddown((x) + ((y) - 1), y)
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define DIV_ROUND_UP_ULL(n, d) DIV_ROUND_UP((u64)(n), d)
#define div_u64(n, d) ((u64)(n) / (d))
#define div64_u64(n, d) ((u64)(n) / (d))
#define abs(x) ((x) < 0 ? -(x) : (x))

#endif
