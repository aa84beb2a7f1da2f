/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: where the kernel's text lies. No text is there to be linked; its
 * size is one that running kernels have, and the same for everybody.
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

/* The same text as the linear map shows it. */
static inline bool is_va_kernel_lm_alias_text(uintptr_t address)
{
	return mhp_is_in_text(address, (unsigned long)__va(kernel_mapping_va_to_pa(KERNEL_LINK_ADDR)));
}

#endif
