/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: a test that fires is an event or the end of the case. The _ONCE
 * forms fire every time, because each case represents a fresh boot.
 */
#ifndef STUB_LINUX_BUG_H
#define STUB_LINUX_BUG_H

#include <linux/printk.h>
#include <mhp/machine.h>

#define WARN_ON(condition) mhp_warn_on(!!(condition))
#define WARN_ON_ONCE(condition) WARN_ON(condition)
#define WARN(condition, ...) (no_printk(__VA_ARGS__), WARN_ON(condition))
#define WARN_ONCE(condition, ...) WARN(condition, __VA_ARGS__)
#define WARN_TAINT(condition, taint, ...) WARN(condition, __VA_ARGS__)
#define WARN_RATELIMIT(condition, ...) WARN(condition, __VA_ARGS__)
#define WARN_ON_SMP(condition) WARN_ON(condition)
#define VM_WARN_ON(condition) WARN_ON(condition)
#define VM_WARN_ON_ONCE(condition) WARN_ON_ONCE(condition)
#define VM_WARN(condition, ...) WARN(condition, __VA_ARGS__)
#define VM_WARN_ONCE(condition, ...) WARN_ONCE(condition, __VA_ARGS__)
#define VM_WARN_ON_ONCE_PAGE(condition, page) WARN_ON(condition)

#define BUG() mhp_machine->bug(mhp_machine)
#define BUG_ON(condition)                                                      \
	do {                                                                   \
		if (unlikely(condition))                                       \
			BUG();                                                 \
	} while (0)
#define VM_BUG_ON(condition) BUG_ON(condition)
#define VM_BUG_ON_PAGE(condition, page) VM_BUG_ON(condition)
#define CHECK_DATA_CORRUPTION(condition, ...) WARN(condition, __VA_ARGS__)
#define panic(...) (no_printk(__VA_ARGS__), mhp_machine->panic(mhp_machine))

#endif
