/* SPDX-License-Identifier: GPL-2.0-only */
/* Customised: the named regions of the address space, from the machine's layout. */
#ifndef STUB_ASM_KASAN_H
#define STUB_ASM_KASAN_H

#include <asm/memory_model.h>
#include <asm/pgtable-levels.h>

#define MODULES_LOWEST_VADDR (KERNEL_LINK_ADDR - SZ_2G)
#define MODULES_VADDR MODULES_LOWEST_VADDR
#define MODULES_END KERNEL_LINK_ADDR
#define KASAN_SHADOW_SCALE_SHIFT 3
#define KASAN_SHADOW_SIZE (UL(1) << (VA_BITS - 1 - KASAN_SHADOW_SCALE_SHIFT))
#define KASAN_SHADOW_END MODULES_LOWEST_VADDR

/* As in pgtable-levels.h. */
#define MHP_KASAN_SHADOW_START ((KASAN_SHADOW_END - KASAN_SHADOW_SIZE) & PGDIR_MASK)
static __always_inline unsigned long mhp_kasan_excess(void)
{
	return mhp_machine->layout.page_end - MHP_KASAN_SHADOW_START;
}

#define KASAN_SHADOW_START (MHP_KASAN_SHADOW_START + mhp_kasan_excess())
#define PAGE_END KASAN_SHADOW_START

#endif
