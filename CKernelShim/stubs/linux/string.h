/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: the process that loads the subject has these; zeroing a page that
 * is to become a table leaves the poison behind the entries of a small one.
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

/* The first byte that is another; of a small table's page its entries alone are looked at. */
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
