/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: the place of the kernel's text. No text is linked here; its size
 * is one that running kernels have, and is the same for all subjects.
 */
#ifndef STUB_ASM_SECTIONS_H
#define STUB_ASM_SECTIONS_H

#include <asm/page.h>

static inline bool mhp_is_in_text(unsigned long address, unsigned long start)
{
	return address - start < MHP_KERNEL_TEXT_SIZE;
}

static inline bool is_va_kernel_text(uintptr_t address)
{
	return mhp_is_in_text(address, KERNEL_LINK_ADDR);
}

/* The alias of the same text in the linear map. */
static inline bool is_va_kernel_lm_alias_text(uintptr_t address)
{
	return mhp_is_in_text(address, (unsigned long)__va(kernel_mapping_va_to_pa(KERNEL_LINK_ADDR)));
}

#endif
