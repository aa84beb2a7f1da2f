/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicated in meaning; operands of different signedness are accepted. */
#ifndef STUB_LINUX_MINMAX_H
#define STUB_LINUX_MINMAX_H

#define min(x, y)                                                              \
	({                                                                     \
		__auto_type mhp_x = (x);                                       \
		__auto_type mhp_y = (y);                                       \
									       \
		mhp_x < mhp_y ? mhp_x : mhp_y;                                 \
	})

#define max(x, y)                                                              \
	({                                                                     \
		__auto_type mhp_x = (x);                                       \
		__auto_type mhp_y = (y);                                       \
									       \
		mhp_x > mhp_y ? mhp_x : mhp_y;                                 \
	})

#define min_t(type, x, y) min((type)(x), (type)(y))
#define max_t(type, x, y) max((type)(x), (type)(y))
#define umin(x, y) min_t(unsigned long, x, y)
#define umax(x, y) max_t(unsigned long, x, y)
#define min3(x, y, z) min(min(x, y), z)
#define max3(x, y, z) max(max(x, y), z)
#define clamp(value, low, high) min(max(value, low), high)
#define clamp_t(type, value, low, high) clamp((type)(value), (type)(low), (type)(high))
#define clamp_val(value, low, high) clamp_t(__typeof__(value), value, low, high)
#define MIN(x, y) ((x) < (y) ? (x) : (y))
#define MAX(x, y) ((x) > (y) ? (x) : (y))
#define in_range(value, start, length) ((u64)(value) - (start) < (u64)(length))

#define swap(x, y)                                                             \
	do {                                                                   \
		__typeof__(x) mhp_kept = (x);                                  \
									       \
		(x) = (y);                                                     \
		(y) = mhp_kept;                                                \
	} while (0)

#endif
