/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicated in meaning: the small helpers of every kernel file. */
#ifndef STUB_LINUX_KERNEL_H
#define STUB_LINUX_KERNEL_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/stddef.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define FIELD_SIZEOF(type, member) sizeof_field(type, member)
#define UINT_MAX 0xffffffffU
#define INT_MAX 0x7fffffff
#define INT_MIN (-INT_MAX - 1)
#define ULONG_MAX (~0UL)
#define LONG_MAX ((long)(~0UL >> 1))
#define U64_MAX (~0ULL)
#define U32_MAX 0xffffffffU
#define PHYS_ADDR_MAX (~(phys_addr_t)0)
#define U64_C(x) x##ULL

#define container_of(pointer, type, member)                                    \
	((type *)((char *)(pointer) - offsetof(type, member)))

#define typecheck(type, x) ((void)sizeof((type *)0 == &(x)), 1)
#define check_add_overflow(a, b, result) __builtin_add_overflow(a, b, result)
#define check_sub_overflow(a, b, result) __builtin_sub_overflow(a, b, result)
#define check_mul_overflow(a, b, result) __builtin_mul_overflow(a, b, result)

#endif
