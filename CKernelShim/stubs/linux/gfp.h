/* SPDX-License-Identifier: GPL-2.0-only */
/* Customised: the machine counts every allocation and may refuse it. */
#ifndef STUB_LINUX_GFP_H
#define STUB_LINUX_GFP_H

#include <asm/memory_model.h>
#include <linux/stddef.h>

#define __GFP_DMA 0x01U
#define __GFP_HIGHMEM 0x02U
#define __GFP_DMA32 0x04U
#define __GFP_ZERO 0x100U
#define __GFP_NOWARN 0x200U
#define __GFP_COMP 0x400U
#define __GFP_NOFAIL 0x800U
#define __GFP_RETRY_MAYFAIL 0x1000U
#define __GFP_ACCOUNT 0x2000U
#define __GFP_NORETRY 0x4000U
#define GFP_KERNEL 0x10000U
#define GFP_ATOMIC 0x20000U
#define GFP_NOWAIT 0x40000U
#define GFP_KERNEL_ACCOUNT (GFP_KERNEL | __GFP_ACCOUNT)
#define GFP_PGTABLE_KERNEL (GFP_KERNEL | __GFP_ZERO)
#define GFP_PGTABLE_USER (GFP_PGTABLE_KERNEL | __GFP_ACCOUNT)

/* The address of a block of 2^order pages, or 0. Nobody reads a block of several pages. */
static inline unsigned long mhp_get_pages(int node, gfp_t gfp, unsigned int order)
{
	void *block = mhp_machine->allocate(mhp_machine, order, node);

	if (block && (gfp & __GFP_ZERO) && mhp_in_pool((unsigned long)block))
		mhp_zero_table(block);
	return (unsigned long)block;
}

#define __get_free_pages(gfp, order) mhp_get_pages(MHP_NO_NODE, gfp, order)
#define __get_free_page(gfp) __get_free_pages(gfp, 0)
#define get_zeroed_page(gfp) __get_free_pages((gfp) | __GFP_ZERO, 0)

static inline struct page *alloc_pages_node(int node, gfp_t gfp, unsigned int order)
{
	unsigned long block = mhp_get_pages(node, gfp, order);

	return block ? virt_to_page(block) : NULL;
}

#define alloc_pages(gfp, order) alloc_pages_node(MHP_NO_NODE, gfp, order)
#define alloc_page(gfp) alloc_pages(gfp, 0)

/* The arguments are addresses in the linear map, so only its formula applies. */
static inline void free_pages(unsigned long address, unsigned int order)
{
	if (address)
		mhp_machine->free(mhp_machine, PFN_DOWN(linear_mapping_va_to_pa(address)), order);
}

#define free_page(address) (mhp_spelled(MHP_SPELLING_PAGE_FREE), free_pages(address, 0))

static inline void __free_pages(struct page *page, unsigned int order)
{
	mhp_spelled(MHP_SPELLING_PAGE_FREE);
	mhp_machine->free(mhp_machine, page_to_pfn(page), order);
}

#define __free_page(page) __free_pages(page, 0)

static inline void get_page(struct page *page)
{
	mhp_machine->get_page(mhp_machine, page_to_pfn(page));
}

static inline void free_reserved_page(struct page *page)
{
	mhp_machine->free_reserved(mhp_machine, page_to_pfn(page));
}

#endif
