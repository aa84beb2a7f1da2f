/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: struct page addresses by arithmetic modulo 2^64 on the kernel's
 * true vmemmap, so that the far PFNs of tables have one, too.
 */
#ifndef STUB_ASM_MEMORY_MODEL_H
#define STUB_ASM_MEMORY_MODEL_H

#include <asm/pgtable-levels.h>
#include <linux/mm_types.h>
#include <linux/mmzone.h>

/* As in pgtable-levels.h: the kernel's formulas, and what the layout has beyond them. */
#define MHP_VMALLOC_SIZE (KERN_VIRT_SIZE >> 1)
static __always_inline unsigned long mhp_vmalloc_excess(void)
{
	const struct mhp_layout *layout = &mhp_machine->layout;

	return layout->page_offset - layout->vmalloc_start - MHP_VMALLOC_SIZE;
}

#define VMALLOC_SIZE (MHP_VMALLOC_SIZE + mhp_vmalloc_excess())
#define VMALLOC_END PAGE_OFFSET
#define VMALLOC_START (PAGE_OFFSET - VMALLOC_SIZE)

#define VMEMMAP_SHIFT (VA_BITS - PAGE_SHIFT - 1 + STRUCT_PAGE_MAX_SHIFT)
static __always_inline unsigned long mhp_vmemmap_excess(void)
{
	const struct mhp_layout *layout = &mhp_machine->layout;

	return layout->vmalloc_start - layout->vmemmap_start - BIT(VMEMMAP_SHIFT);
}

#define VMEMMAP_SIZE (BIT(VMEMMAP_SHIFT) + mhp_vmemmap_excess())
#define VMEMMAP_END VMALLOC_START
#define VMEMMAP_START (VMALLOC_START - VMEMMAP_SIZE)

/* A pointer to a struct page; the difference of two is signed. */
#define vmemmap                                                                \
	((struct page *)(VMEMMAP_START - vmemmap_start_pfn * sizeof(struct page)))

static __always_inline struct page *mhp_page_of(struct page *first, unsigned long pfn)
{
	return (struct page *)((unsigned long)first + pfn * sizeof(struct page));
}

static __always_inline unsigned long mhp_pfn_of(const struct page *first, const struct page *page)
{
	const long distance = (long)((unsigned long)page - (unsigned long)first);

	return (unsigned long)(distance / (long)sizeof(struct page));
}

#define __pfn_to_page(pfn) mhp_page_of(vmemmap, pfn)
#define __page_to_pfn(x) mhp_pfn_of(vmemmap, (const struct page *)(x))
#define pfn_to_page(pfn) __pfn_to_page(pfn)
#define page_to_pfn(page) __page_to_pfn(page)
#define virt_to_page(address) pfn_to_page(virt_to_pfn(address))
#define page_to_virt(page) pfn_to_virt(page_to_pfn(page))
#define page_to_phys(page) pfn_to_phys(page_to_pfn(page))
#define phys_to_page(x) pfn_to_page(phys_to_pfn((phys_addr_t)(x)))

#endif
