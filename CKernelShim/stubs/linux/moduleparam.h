/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubbed out: parameters keep their initial values from the text. */
#ifndef STUB_LINUX_MODULEPARAM_H
#define STUB_LINUX_MODULEPARAM_H

#define module_param(name, type, mode) _Static_assert(sizeof(name) != 0, "parameter")
#define module_param_named(name, value, type, mode)                            \
	_Static_assert(sizeof(value) != 0, "parameter")
#define core_param(name, value, type, mode) _Static_assert(sizeof(value) != 0, "parameter")
#define MODULE_PARM_DESC(name, text) _Static_assert(sizeof(text) != 0, "description")
#define early_param(name, setup) _Static_assert(sizeof(&setup) != 0, "parameter")
#define __setup(name, setup) _Static_assert(sizeof(&setup) != 0, "parameter")

#endif
