/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicated in meaning: bits in arrays of unsigned long; one thread. */
#ifndef STUB_LINUX_BITMAP_H
#define STUB_LINUX_BITMAP_H

#include <linux/bits.h>
#include <linux/types.h>

#define BITS_TO_LONGS(bits) (((bits) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define BIT_WORD(n) ((n) / BITS_PER_LONG)
#define BIT_MASK(n) (1UL << ((n) % BITS_PER_LONG))
#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]

static inline bool test_bit(unsigned long n, const volatile unsigned long *bits)
{
	return (bits[BIT_WORD(n)] & BIT_MASK(n)) != 0;
}

static inline void set_bit(unsigned long n, volatile unsigned long *bits)
{
	bits[BIT_WORD(n)] |= BIT_MASK(n);
}

static inline void clear_bit(unsigned long n, volatile unsigned long *bits)
{
	bits[BIT_WORD(n)] &= ~BIT_MASK(n);
}

static inline bool test_and_set_bit(unsigned long n, volatile unsigned long *bits)
{
	const bool was = test_bit(n, bits);

	set_bit(n, bits);
	return was;
}

static inline bool test_and_clear_bit(unsigned long n, volatile unsigned long *bits)
{
	const bool was = test_bit(n, bits);

	clear_bit(n, bits);
	return was;
}

/* The lowest set bit; `count` if no bit is set. */
static inline unsigned long find_first_bit(const unsigned long *bits, unsigned long count)
{
	unsigned long n = 0;

	while (n < count && !test_bit(n, bits))
		n++;
	return n;
}

#define __set_bit(n, bits) set_bit(n, bits)
#define __clear_bit(n, bits) clear_bit(n, bits)
#define __test_and_set_bit(n, bits) test_and_set_bit(n, bits)
#define __test_and_clear_bit(n, bits) test_and_clear_bit(n, bits)

#endif
