/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: sizes, entry types and the conversions between virtual addresses,
 * physical addresses, PFNs and struct pages. Source:
 * arch/riscv/include/asm/page.h of Linux 6.12; the numbers come from the
 * machine's layout.
 */
#ifndef STUB_ASM_PAGE_H
#define STUB_ASM_PAGE_H

#include <linux/bits.h>
#include <linux/math.h>
#include <linux/pfn.h>
#include <mhp/machine.h>

typedef struct {
	unsigned long pte;
} pte_t;

typedef struct {
	unsigned long pgd;
} pgd_t;

typedef struct {
	unsigned long pgprot;
} pgprot_t;

#define pte_val(x) ((x).pte)
#define pgd_val(x) ((x).pgd)
#define pgprot_val(x) ((x).pgprot)
#define __pte(x) ((pte_t) { (x) })
#define __pgd(x) ((pgd_t) { (x) })
#define __pgprot(x) ((pgprot_t) { (x) })

#define PAGE_OFFSET ((unsigned long)mhp_machine->layout.page_offset)
#define KERN_VIRT_SIZE ((unsigned long)mhp_machine->layout.kern_virt_size)
#define phys_ram_base ((phys_addr_t)mhp_machine->layout.ram_base)
#define vmemmap_start_pfn ((unsigned long)mhp_machine->layout.vmemmap_start_pfn)
#define ARCH_PFN_OFFSET PFN_DOWN((unsigned long)phys_ram_base)

#define KERNEL_LINK_ADDR 0xffffffff80000000UL

struct kernel_mapping {
	unsigned long page_offset;
	unsigned long virt_addr;
	uintptr_t phys_addr;
	unsigned long va_pa_offset;
	unsigned long va_kernel_pa_offset;
};

/* Read-only: a value, created from the layout at each use. */
#define kernel_map mhp_kernel_map()
static inline struct kernel_mapping mhp_kernel_map(void)
{
	const struct mhp_layout *layout = &mhp_machine->layout;

	return (struct kernel_mapping) {
		.page_offset = layout->page_offset,
		.virt_addr = KERNEL_LINK_ADDR,
		.phys_addr = KERNEL_LINK_ADDR - layout->kernel_image_offset,
		.va_pa_offset = layout->linear_offset,
		.va_kernel_pa_offset = layout->kernel_image_offset,
	};
}

/* The window of the real linear map, so that any memory has an address in small geometry, too. */
#define is_linear_mapping(x)                                                   \
	((unsigned long)(x) - PAGE_OFFSET < mhp_machine->layout.linear_size)
#define is_kernel_mapping(x)                                                   \
	((unsigned long)(x) - KERNEL_LINK_ADDR < MHP_KERNEL_IMAGE_SIZE)
#define linear_mapping_va_to_pa(x) ((unsigned long)(x) - mhp_machine->layout.linear_offset)
#define kernel_mapping_va_to_pa(x) ((unsigned long)(x) - mhp_machine->layout.kernel_image_offset)
#define linear_mapping_pa_to_va(x)                                             \
	((void *)((unsigned long)(x) + mhp_machine->layout.linear_offset))

/* A table page's host address is its address in the linear map, wherever that lies. */
static __always_inline unsigned long mhp_virt_to_phys(unsigned long address)
{
	if (mhp_in_pool(address) || is_linear_mapping(address))
		return linear_mapping_va_to_pa(address);
	return kernel_mapping_va_to_pa(address);
}

#define __virt_to_phys(x) mhp_virt_to_phys(x)
#define __pa(x) mhp_virt_to_phys((unsigned long)(x))
#define __pa_symbol(x) __pa(x)
#define __va(x) linear_mapping_pa_to_va((phys_addr_t)(x))
#define lm_alias(x) __va(__pa_symbol(x))
#define virt_to_phys(x) ((phys_addr_t)__pa(x))
#define phys_to_virt(x) __va(x)

#define phys_to_pfn(x) PFN_DOWN(x)
#define pfn_to_phys(pfn) PFN_PHYS(pfn)
#define __phys_to_pfn(x) PHYS_PFN(x)
#define __pfn_to_phys(pfn) PFN_PHYS(pfn)
#define virt_to_pfn(address) phys_to_pfn(__pa(address))
#define pfn_to_virt(pfn) __va(pfn_to_phys(pfn))
#define pfn_to_kaddr(pfn) pfn_to_virt(pfn)
#define clear_page(page) mhp_zero_table(page)

/* Zeroes the entries of a fresh table; the rest of a small table's page stays poison. */
static inline void mhp_zero_table(void *table)
{
	__builtin_memset(table, 0, sizeof(pte_t) << MHP_INDEX_BITS);
}

#endif
