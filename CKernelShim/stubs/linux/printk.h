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

#define _printk(...) MHP_PRINT(__VA_ARGS__)
#define printk(...) _printk(__VA_ARGS__)
#define printk_once(...) printk(__VA_ARGS__)
#define printk_ratelimited(...) printk(__VA_ARGS__)
#define printk_deferred(...) _printk(__VA_ARGS__)
#define pr_emerg(...) printk(__VA_ARGS__)
#define pr_alert(...) printk(__VA_ARGS__)
#define pr_crit(...) printk(__VA_ARGS__)
#define pr_err(...) printk(__VA_ARGS__)
#define pr_warn(...) printk(__VA_ARGS__)
#define pr_warning(...) printk(__VA_ARGS__)
#define pr_notice(...) printk(__VA_ARGS__)
#define pr_info(...) printk(__VA_ARGS__)
#define pr_cont(...) printk(__VA_ARGS__)
#define pr_debug(...) printk(__VA_ARGS__)
#define pr_devel(...) printk(__VA_ARGS__)
#define pr_err_once(...) printk_once(__VA_ARGS__)
#define pr_warn_once(...) printk_once(__VA_ARGS__)
#define pr_notice_once(...) printk_once(__VA_ARGS__)
#define pr_emerg_once(...) printk_once(__VA_ARGS__)
#define pr_info_once(...) printk_once(__VA_ARGS__)
#define pr_debug_once(...) printk_once(__VA_ARGS__)
#define pr_err_ratelimited(...) printk_ratelimited(__VA_ARGS__)
#define pr_warn_ratelimited(...) printk_ratelimited(__VA_ARGS__)
#define pr_info_ratelimited(...) printk_ratelimited(__VA_ARGS__)
#define pr_debug_ratelimited(...) printk_ratelimited(__VA_ARGS__)
#define trace_printk(...) MHP_PRINT(__VA_ARGS__)
#define dump_stack() ((void)mhp_printed())
#define no_printk(...) ((void)sizeof(mhp_print_types(__VA_ARGS__)))

#endif
