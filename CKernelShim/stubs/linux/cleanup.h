/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubbed out: with one thread, a guard evaluates its arguments and releases nothing. */
#ifndef STUB_LINUX_CLEANUP_H
#define STUB_LINUX_CLEANUP_H

#include <linux/compiler.h>
#include <linux/types.h>

#define mhp_guarded(...) ((void)(0, ##__VA_ARGS__))
#define guard(class) mhp_guarded
#define scoped_guard(class, ...)                                               \
	for (bool mhp_once = (mhp_guarded(__VA_ARGS__), true); mhp_once; mhp_once = false)

#endif
