/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicated in meaning. */
#ifndef STUB_LINUX_STDDEF_H
#define STUB_LINUX_STDDEF_H

#define NULL ((void *)0)
#define true 1
#define false 0

#define offsetof(type, member) __builtin_offsetof(type, member)
#define sizeof_field(type, member) sizeof(((type *)0)->member)
#define offsetofend(type, member) (offsetof(type, member) + sizeof_field(type, member))

#endif
