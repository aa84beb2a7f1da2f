/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the text of an instrumented subject says of itself: which of its
 * statements, and which outcomes of its conditions, were reached. Included by
 * instrumented units only, which define MHP_MARKS, the number of marks.
 *
 * The marks are the one thing that the loader does not put back between cases.
 */
#ifndef MHP_COVERAGE_H
#define MHP_COVERAGE_H

#include <linux/compiler.h>
#include <linux/types.h>

_Static_assert(MHP_MARKS >= 1 && MHP_MARKS <= MHP_MAX_MARKS, "marks of a subject");

/* Compilers want it right before a label, and marks stand between the two. */
#undef fallthrough
#define fallthrough do { } while (0)

/*
 * Volatile, so that a mark is made before what follows it, which may fault. In
 * functions, not macros, so that what the preprocessor leaves of a text tells
 * which of its marks are compiled.
 */
static volatile mhp_u8 mhp_marks[MHP_MARKS];

/* Control came here. */
static __always_inline void mhp_mark(unsigned int number)
{
	mhp_marks[number] = 1;
}

/* A condition was evaluated: marks @number when it holds, the next when it does not. */
static __always_inline bool mhp_outcome(unsigned int number, bool holds)
{
	mhp_marks[number + !holds] = 1;
	return holds;
}

#endif
