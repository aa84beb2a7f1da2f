/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stubbed out: a print leaves only a mark. Its arguments are checked as an
 * expression but not evaluated, so a print never reads memory.
 */
#ifndef STUB_LINUX_PRINTK_H
#define STUB_LINUX_PRINTK_H

#include <mhp/machine.h>

#define KERN_EMERG ""
#define KERN_ALERT ""
#define KERN_CRIT ""
#define KERN_ERR ""
#define KERN_WARNING ""
#define KERN_NOTICE ""
#define KERN_INFO ""
#define KERN_DEBUG ""
#define KERN_CONT ""
#define KERN_DEFAULT ""

#define MHP_PRINT(...) ((void)sizeof(mhp_print_types(__VA_ARGS__)), mhp_printed())

#define printk(...) MHP_PRINT(__VA_ARGS__)
#define _printk(...) MHP_PRINT(__VA_ARGS__)
#define printk_once(...) MHP_PRINT(__VA_ARGS__)
#define printk_ratelimited(...) MHP_PRINT(__VA_ARGS__)
#define printk_deferred(...) MHP_PRINT(__VA_ARGS__)
#define pr_emerg(...) MHP_PRINT(__VA_ARGS__)
#define pr_alert(...) MHP_PRINT(__VA_ARGS__)
#define pr_crit(...) MHP_PRINT(__VA_ARGS__)
#define pr_err(...) MHP_PRINT(__VA_ARGS__)
#define pr_warn(...) MHP_PRINT(__VA_ARGS__)
#define pr_warning(...) MHP_PRINT(__VA_ARGS__)
#define pr_notice(...) MHP_PRINT(__VA_ARGS__)
#define pr_info(...) MHP_PRINT(__VA_ARGS__)
#define pr_cont(...) MHP_PRINT(__VA_ARGS__)
#define pr_debug(...) MHP_PRINT(__VA_ARGS__)
#define pr_devel(...) MHP_PRINT(__VA_ARGS__)
#define pr_err_once(...) MHP_PRINT(__VA_ARGS__)
#define pr_warn_once(...) MHP_PRINT(__VA_ARGS__)
#define pr_notice_once(...) MHP_PRINT(__VA_ARGS__)
#define pr_emerg_once(...) MHP_PRINT(__VA_ARGS__)
#define pr_info_once(...) MHP_PRINT(__VA_ARGS__)
#define pr_debug_once(...) MHP_PRINT(__VA_ARGS__)
#define pr_err_ratelimited(...) MHP_PRINT(__VA_ARGS__)
#define pr_warn_ratelimited(...) MHP_PRINT(__VA_ARGS__)
#define pr_info_ratelimited(...) MHP_PRINT(__VA_ARGS__)
#define pr_debug_ratelimited(...) MHP_PRINT(__VA_ARGS__)
#define trace_printk(...) MHP_PRINT(__VA_ARGS__)
#define dump_stack() ((void)mhp_printed())
#define no_printk(...) ((void)sizeof(mhp_print_types(__VA_ARGS__)))

#endif
