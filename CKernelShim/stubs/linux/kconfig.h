/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Duplicated in meaning: an expression for whether a configuration macro is
 * defined as 1. A defined one turns MHP_PLACEHOLDER_##x into an extra argument.
 */
#ifndef STUB_LINUX_KCONFIG_H
#define STUB_LINUX_KCONFIG_H

#define MHP_PLACEHOLDER_1 0,
#define MHP_SECOND(first, second, ...) second
#define MHP_DEFINED_3(placeholder) MHP_SECOND(placeholder 1, 0, 0)
#define MHP_DEFINED_2(value) MHP_DEFINED_3(MHP_PLACEHOLDER_##value)
#define MHP_DEFINED(option) MHP_DEFINED_2(option)

#define IS_BUILTIN(option) MHP_DEFINED(option)
#define IS_MODULE(option) MHP_DEFINED(option##_MODULE)
#define IS_REACHABLE(option) MHP_DEFINED(option)
#define IS_ENABLED(option) (MHP_DEFINED(option) || MHP_DEFINED(option##_MODULE))

#endif
