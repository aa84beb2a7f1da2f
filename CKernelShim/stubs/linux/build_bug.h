/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicated in meaning; BUILD_BUG fires at run time, as a BUG. */
#ifndef STUB_LINUX_BUILD_BUG_H
#define STUB_LINUX_BUILD_BUG_H

#define static_assert(condition, ...) MHP_STATIC_ASSERT(condition, ##__VA_ARGS__, #condition)
#define MHP_STATIC_ASSERT(condition, message, ...) _Static_assert(condition, message)

/* An array type of negative size if the condition is constant and true. */
#define BUILD_BUG_ON_MSG(condition, message) ((void)sizeof(char[1 - 2 * !!(condition)]))
#define BUILD_BUG_ON(condition) BUILD_BUG_ON_MSG(condition, #condition)
#define BUILD_BUG_ON_ZERO(condition) ((int)(sizeof(char[1 - 2 * !!(condition)]) - 1))
#define BUILD_BUG_ON_NOT_POWER_OF_2(n) BUILD_BUG_ON((n) == 0 || ((n) & ((n) - 1)) != 0)
#define BUILD_BUG() BUG()

#endif
