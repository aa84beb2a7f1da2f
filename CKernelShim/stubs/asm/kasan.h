/* SPDX-License-Identifier: GPL-2.0-only */
/* Customised: the named regions of the address space, from the machine's layout. */
#ifndef STUB_ASM_KASAN_H
#define STUB_ASM_KASAN_H

#include <asm/pgtable-levels.h>

#define VMALLOC_START ((unsigned long)mhp_machine->layout.vmalloc_start)
#define VMALLOC_END PAGE_OFFSET
#define VMALLOC_SIZE (VMALLOC_END - VMALLOC_START)
#define ADDRESS_SPACE_END (~0UL)
#define MODULES_LOWEST_VADDR (KERNEL_LINK_ADDR - 0x80000000UL)
#define MODULES_VADDR MODULES_LOWEST_VADDR
#define MODULES_END KERNEL_LINK_ADDR
#define KASAN_SHADOW_SCALE_SHIFT 3
#define KASAN_SHADOW_SIZE (1UL << (VA_BITS - 1 - KASAN_SHADOW_SCALE_SHIFT))
#define KASAN_SHADOW_START ((unsigned long)mhp_machine->layout.page_end)
#define KASAN_SHADOW_END MODULES_LOWEST_VADDR
#define PAGE_END KASAN_SHADOW_START

#endif
