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
#include <linux/sizes.h>
#include <linux/string.h>
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

#define phys_ram_base ((phys_addr_t)mhp_machine->layout.ram_base)
#define vmemmap_start_pfn ((unsigned long)mhp_machine->layout.vmemmap_start_pfn)
#define ARCH_PFN_OFFSET PFN_DOWN((unsigned long)phys_ram_base)

#define ADDRESS_SPACE_END (UL(-1))
#define KERNEL_LINK_ADDR (ADDRESS_SPACE_END - SZ_2G + 1)

struct kernel_mapping {
	unsigned long page_offset;
	unsigned long virt_addr;
	uintptr_t phys_addr;
	unsigned long va_pa_offset;
	unsigned long va_kernel_pa_offset;
	uintptr_t size;
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
		.size = MHP_KERNEL_IMAGE_SIZE,
	};
}

#define PAGE_OFFSET kernel_map.page_offset

/* The window of the real linear map, so that any memory has an address in small geometry, too. */
#define is_linear_mapping(x)                                                   \
	((unsigned long)(x) - PAGE_OFFSET < KERN_VIRT_SIZE + mhp_linear_excess())
#define is_kernel_mapping(x)                                                   \
	((unsigned long)(x) - kernel_map.virt_addr < kernel_map.size)
#define linear_mapping_va_to_pa(x) ((unsigned long)(x) - kernel_map.va_pa_offset)
#define kernel_mapping_va_to_pa(x) ((unsigned long)(x) - kernel_map.va_kernel_pa_offset)
#define linear_mapping_pa_to_va(x) ((void *)((unsigned long)(x) + kernel_map.va_pa_offset))

/* A table page's host address is its address in the linear map, wherever that lies. */
#define __va_to_pa_nodebug(x)                                                  \
	({                                                                     \
		const unsigned long mhp_address = (unsigned long)(x);          \
									       \
		mhp_in_pool(mhp_address) || is_linear_mapping(mhp_address) ?   \
			linear_mapping_va_to_pa(mhp_address) :                 \
			kernel_mapping_va_to_pa(mhp_address);                  \
	})
#define __pa_to_va_nodebug(x) linear_mapping_pa_to_va(x)

#define __virt_to_phys(x) __va_to_pa_nodebug(x)
#define __phys_addr_symbol(x) __va_to_pa_nodebug(x)
#define __pa(x) __virt_to_phys((unsigned long)(x))
#define __pa_symbol(x) __phys_addr_symbol(x)
#define __va(x) ((void *)__pa_to_va_nodebug((phys_addr_t)(x)))
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
#define clear_page(page) memset(page, 0, PAGE_SIZE)

/* Zeroes the entries of a fresh table; the rest of a small table's page stays poison. */
static inline void mhp_zero_table(void *table)
{
	__builtin_memset(table, 0, sizeof(pte_t) << MHP_INDEX_BITS);
}

#endif
