/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubbed out: sections do not exist here, so nothing is ever freed after boot. */
#ifndef STUB_LINUX_INIT_H
#define STUB_LINUX_INIT_H

#define __init
#define __initdata
#define __initconst
#define __exit
#define __exitdata
#define __meminit
#define __meminitdata
#define __meminitconst
#define __ref
#define __refdata
#define __refconst
#define __init_or_module
#define __ro_after_init
#define __read_mostly
#define __page_aligned_bss __attribute__((aligned(4096)))
#define __page_aligned_data __attribute__((aligned(4096)))

#endif
