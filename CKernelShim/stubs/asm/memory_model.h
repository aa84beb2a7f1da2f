/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: struct page addresses by arithmetic modulo 2^64 on the kernel's
 * true vmemmap, so that the far PFNs of tables have one, too.
 */
#ifndef STUB_ASM_MEMORY_MODEL_H
#define STUB_ASM_MEMORY_MODEL_H

#include <linux/mm_types.h>

static __always_inline struct page *mhp_pfn_to_page(unsigned long pfn)
{
	const struct mhp_layout *layout = &mhp_machine->layout;

	return (struct page *)(layout->vmemmap_start +
			       (pfn - vmemmap_start_pfn) * sizeof(struct page));
}

static __always_inline unsigned long mhp_page_to_pfn(const struct page *page)
{
	const struct mhp_layout *layout = &mhp_machine->layout;
	long distance = (long)((unsigned long)page - layout->vmemmap_start);

	/* Signed, like the difference of two pointers. */
	return distance / (long)sizeof(struct page) + vmemmap_start_pfn;
}

#define VMEMMAP_START ((unsigned long)mhp_machine->layout.vmemmap_start)
#define VMEMMAP_END VMALLOC_START
#define VMEMMAP_SIZE (VMEMMAP_END - VMEMMAP_START)
#define vmemmap mhp_pfn_to_page(0)

#define pfn_to_page(pfn) mhp_pfn_to_page(pfn)
#define page_to_pfn(x) mhp_page_to_pfn((const struct page *)(x))
#define __pfn_to_page(pfn) pfn_to_page(pfn)
#define __page_to_pfn(page) page_to_pfn(page)
#define virt_to_page(address) pfn_to_page(virt_to_pfn(address))
#define page_to_virt(page) pfn_to_virt(page_to_pfn(page))
#define page_to_phys(page) PFN_PHYS(page_to_pfn(page))
#define phys_to_page(x) pfn_to_page(PHYS_PFN((phys_addr_t)(x)))

#endif
