/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: volatile accesses. The machine sees every zero that is stored to
 * an entry, whatever accessor stores it.
 */
#ifndef STUB_ASM_RWONCE_H
#define STUB_ASM_RWONCE_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <mhp/machine.h>

#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))

#define WRITE_ONCE(x, value)                                                   \
	do {                                                                   \
		__typeof__(x) mhp_stored = (value);                            \
									       \
		mhp_store(&(x), &mhp_stored, sizeof(mhp_stored));              \
	} while (0)

#define xchg(pointer, value)                                                   \
	({                                                                     \
		__typeof__(pointer) mhp_at = (pointer);                        \
		__typeof__(*mhp_at) mhp_before = READ_ONCE(*mhp_at);           \
									       \
		WRITE_ONCE(*mhp_at, (value));                                  \
		mhp_before;                                                    \
	})

#define cmpxchg(pointer, expected, value)                                      \
	({                                                                     \
		__typeof__(pointer) mhp_at = (pointer);                        \
		__typeof__(*mhp_at) mhp_before = READ_ONCE(*mhp_at);           \
									       \
		if (mhp_before == (expected))                                  \
			WRITE_ONCE(*mhp_at, (value));                          \
		mhp_before;                                                    \
	})

#endif
