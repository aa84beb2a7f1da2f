/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicated in meaning: a static key is a variable that is read at run time. */
#ifndef STUB_LINUX_JUMP_LABEL_H
#define STUB_LINUX_JUMP_LABEL_H

#include <linux/compiler.h>
#include <linux/types.h>

struct static_key {
	bool enabled;
};

struct static_key_true {
	struct static_key key;
};

struct static_key_false {
	struct static_key key;
};

#define STATIC_KEY_TRUE_INIT { { true } }
#define STATIC_KEY_FALSE_INIT { { false } }
#define DEFINE_STATIC_KEY_TRUE(name) struct static_key_true name = STATIC_KEY_TRUE_INIT
#define DEFINE_STATIC_KEY_FALSE(name) struct static_key_false name = STATIC_KEY_FALSE_INIT
#define DEFINE_STATIC_KEY_TRUE_RO(name) DEFINE_STATIC_KEY_TRUE(name)
#define DEFINE_STATIC_KEY_FALSE_RO(name) DEFINE_STATIC_KEY_FALSE(name)

#define static_key_enabled(name) ((name)->key.enabled)
#define static_branch_likely(name) likely(static_key_enabled(name))
#define static_branch_unlikely(name) unlikely(static_key_enabled(name))
#define static_branch_enable(name) ((void)(static_key_enabled(name) = true))
#define static_branch_disable(name) ((void)(static_key_enabled(name) = false))

#endif
