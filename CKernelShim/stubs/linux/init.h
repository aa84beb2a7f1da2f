/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stubbed out: sections do not exist here, so nothing is ever freed after boot.
 * With MHP_SECTIONS, for objects that are only inspected, freed code and data
 * are in the kernel's sections. __meminit code stays, as with memory hotplug,
 * and annotations that silence the kernel's own check have no effect.
 */
#ifndef STUB_LINUX_INIT_H
#define STUB_LINUX_INIT_H

#ifdef MHP_SECTIONS
#define __init __attribute__((section(".init.text"), __noinline__))
#define __initdata __attribute__((section(".init.data")))
#define __initconst __attribute__((section(".init.rodata")))
#else
#define __init
#define __initdata
#define __initconst
#endif
#define __exit
#define __exitdata
#define __meminit
#define __meminitdata
#define __meminitconst
#define __meminit_refok
#define __init_memblock
#define __ref
#define __refdata
#define __refconst
#define __init_or_module
#define __ro_after_init
#define __read_mostly
#define __page_aligned_bss __attribute__((aligned(4096)))
#define __page_aligned_data __attribute__((aligned(4096)))

#endif
