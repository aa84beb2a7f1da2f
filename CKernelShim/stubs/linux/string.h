/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: declarations of the C library's functions; a shared object brings
 * its own (SubjectCompiler.swift). Zeroing a page for a future table leaves the
 * poison behind the entries of a small one.
 */
#ifndef STUB_LINUX_STRING_H
#define STUB_LINUX_STRING_H

#include <linux/types.h>
#include <mhp/machine.h>

void *memset(void *to, int byte, size_t size);
void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
int memcmp(const void *one, const void *other, size_t size);

#define memset(to, byte, size) mhp_memset(to, byte, size)
static inline void *mhp_memset(void *to, int byte, size_t size)
{
	if (byte == 0 && size == 1UL << MHP_PAGE_SHIFT && mhp_in_pool((unsigned long)to))
		size = sizeof(mhp_u64) << MHP_INDEX_BITS;
	return __builtin_memset(to, byte, size);
}

/* The first byte that differs; in a small table's page only the entries are compared. */
static inline void *memchr_inv(const void *start, int byte, size_t size)
{
	const volatile u8 *at = start;

	if (size == 1UL << MHP_PAGE_SHIFT && mhp_in_pool((unsigned long)start))
		size = sizeof(mhp_u64) << MHP_INDEX_BITS;
	for (; size--; at++) {
		if (*at != (u8)byte)
			return (void *)at;
	}
	return (void *)0;
}

#endif
