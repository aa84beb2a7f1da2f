/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Coverage of an instrumented subject's text: the statements and the outcomes
 * of conditions that were reached. Only instrumented units include this; they
 * define MHP_MARKS, the number of marks.
 *
 * Only the marks keep their values between cases; the loader restores
 * everything else.
 */
#ifndef MHP_COVERAGE_H
#define MHP_COVERAGE_H

#include <linux/compiler.h>
#include <linux/types.h>

_Static_assert(MHP_MARKS >= 1 && MHP_MARKS <= MHP_MAX_MARKS, "marks of a subject");

/* Compilers require it right before a label, but a mark is between the two. */
#undef fallthrough
#define fallthrough do { } while (0)

/*
 * Volatile, so that a mark is stored before the following code, which may
 * fault. Functions instead of macros, so that the preprocessor's output shows
 * the marks that are compiled.
 *
 * With MHP_LOOK the marks are a log: the number of all marks so far, and in a
 * ring behind it the numbers of the latest, in the order of the run.
 */
#ifdef MHP_LOOK
#define MHP_LOG ((MHP_MAX_MARKS - sizeof(mhp_u32)) / sizeof(mhp_u16))

static volatile mhp_u8 mhp_marks[MHP_MAX_MARKS] __attribute__((aligned(sizeof(mhp_u32))));

static __always_inline void mhp_set(unsigned int number)
{
	volatile mhp_u32 *count = (volatile mhp_u32 *)mhp_marks;
	volatile mhp_u16 *log = (volatile mhp_u16 *)(count + 1);

	log[*count % MHP_LOG] = number;
	++*count;
}
#else
static volatile mhp_u8 mhp_marks[MHP_MARKS];

static __always_inline void mhp_set(unsigned int number)
{
	mhp_marks[number] = 1;
}
#endif

/* Control reached this point. */
static __always_inline void mhp_mark(unsigned int number)
{
	mhp_set(number);
}

/* A condition was evaluated: marks @number if it holds, the next number if it does not. */
static __always_inline bool mhp_outcome(unsigned int number, bool holds)
{
	mhp_set(number + !holds);
	return holds;
}

#endif
