/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubbed out: a subject exports only its table of entry points. */
#ifndef STUB_LINUX_EXPORT_H
#define STUB_LINUX_EXPORT_H

#define MHP_EXPORT(symbol) _Static_assert(sizeof(&symbol) != 0, "exported")

#define EXPORT_SYMBOL(symbol) MHP_EXPORT(symbol)
#define EXPORT_SYMBOL_GPL(symbol) MHP_EXPORT(symbol)
#define EXPORT_SYMBOL_NS(symbol, space) MHP_EXPORT(symbol)
#define EXPORT_SYMBOL_NS_GPL(symbol, space) MHP_EXPORT(symbol)
#define EXPORT_SYMBOL_FOR_MODULES(symbol, modules) MHP_EXPORT(symbol)
#define EXPORT_PER_CPU_SYMBOL(symbol) MHP_EXPORT(symbol)
#define ALLOW_ERROR_INJECTION(symbol, kind) MHP_EXPORT(symbol)
#define NOKPROBE_SYMBOL(symbol) MHP_EXPORT(symbol)
#define MODULE_LICENSE(text) _Static_assert(sizeof(text) != 0, "licence")

#endif
