/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The choice between variants of a function. Only a unit that has several
 * includes this; its dispatcher looks at MHP_CHOSEN. The worker stores the
 * number where an instrumented subject has its marks, because the loader
 * restores everything else before each case.
 */
#ifndef MHP_CHOICE_H
#define MHP_CHOICE_H

#include <linux/types.h>

#define MHP_MARKS sizeof(mhp_u32)
#define MHP_CHOSEN (*(const volatile mhp_u32 *)mhp_marks)

static volatile mhp_u8 mhp_marks[MHP_MARKS] __attribute__((aligned(sizeof(mhp_u32))));

#endif
