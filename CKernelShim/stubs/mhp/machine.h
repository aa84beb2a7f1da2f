/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine that this unit runs on, and the few helpers that other headers use to reach it. */
#ifndef MHP_MACHINE_H
#define MHP_MACHINE_H

#include <linux/compiler.h>
#include <linux/types.h>

#ifndef MHP_INDEX_BITS
#define MHP_INDEX_BITS 9
#endif
_Static_assert(MHP_INDEX_BITS >= 1 && MHP_INDEX_BITS <= 9, "index bits a level: 1 to 9");

/* Set by the bind function of mhp/dispatch.h before anything else runs. */
static struct mhp_machine *mhp_machine;
/* The current call; a stub takes from it what it has no argument for. */
static const struct mhp_operation *mhp_current;
/* The subject's arch_remove_memory is from an era without pgmap. */
static bool mhp_lacks_pgmap;

static __always_inline bool mhp_in_pool(unsigned long address)
{
	return address - MHP_POOL_BASE < MHP_POOL_BYTES;
}

static __always_inline void mhp_spelled(u32 spelling)
{
	mhp_machine->spellings |= spelling;
}

/* The machine stores a zero word to an entry; any other store is a plain volatile one. */
static __always_inline void mhp_store(volatile void *to, const void *from, size_t size)
{
	switch (size) {
	case 1:
		*(volatile u8 *)to = *(const u8 *)from;
		break;
	case 2:
		*(volatile u16 *)to = *(const u16 *)from;
		break;
	case 4:
		*(volatile u32 *)to = *(const u32 *)from;
		break;
	case 8:
		if (*(const mhp_u64 *)from == 0 && mhp_in_pool((unsigned long)to))
			mhp_machine->clear(mhp_machine, (mhp_u64 *)to);
		else
			*(volatile mhp_u64 *)to = *(const mhp_u64 *)from;
		break;
	default:
		__builtin_memcpy((void *)to, from, size);
	}
}

static inline int mhp_printed(void)
{
	mhp_spelled(MHP_SPELLING_PRINT);
	return 0;
}

/* Never called; sizeof only inspects its argument list. */
static inline int mhp_print_types(const char *format, ...)
{
	return format != (const char *)0;
}

static __always_inline bool mhp_warn_on(bool condition)
{
	if (condition)
		mhp_machine->warn(mhp_machine);
	else
		mhp_spelled(MHP_SPELLING_QUIET_WARN);
	return condition;
}

/* Selects the macro for one, two, three or four arguments. */
#define MHP_OF_1_2(a, b, name, ...) name
#define MHP_OF_3_4(a, b, c, d, name, ...) name

#endif
