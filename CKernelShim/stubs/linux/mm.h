/* SPDX-License-Identifier: GPL-2.0-only */
/* Customised: pages as numbers, and the machine's record of them. */
#ifndef STUB_LINUX_MM_H
#define STUB_LINUX_MM_H

#include <asm/memory_model.h>
#include <asm/page.h>
#include <linux/gfp.h>
#include <linux/mm_types.h>

#define max_pfn (mhp_machine->max_pfn)
#define max_low_pfn (mhp_machine->max_low_pfn)
/* The subject's own variable; its value is not compared. */
static void *high_memory __maybe_unused;

#define PageReserved(page) mhp_page_reserved(page)
static inline bool mhp_page_reserved(const struct page *page)
{
	return mhp_machine->is_reserved(mhp_machine, page_to_pfn(page)) != 0;
}

/* free_reserved_page does this, too; older texts do it themselves before they free. */
#define ClearPageReserved(page) mhp_clear_page_reserved(page)
#define __ClearPageReserved(page) mhp_clear_page_reserved(page)
static inline void mhp_clear_page_reserved(const struct page *page)
{
	mhp_machine->clear_reserved(mhp_machine, page_to_pfn(page));
}

static inline bool debug_pagealloc_enabled(void)
{
	return mhp_machine->debug_pagealloc != 0;
}

#define debug_pagealloc_enabled_static() debug_pagealloc_enabled()

/* log2 of the pages that hold a size in bytes, rounded up. */
static inline int get_order(unsigned long size)
{
	if (!size)
		return BITS_PER_LONG - PAGE_SHIFT;
	return fls64((size - 1) >> PAGE_SHIFT);
}

#define lowmem_page_address(page) page_to_virt(page)
#define page_address(page) lowmem_page_address(page)
#define virt_to_head_page(address) virt_to_page(address)
#define compound_head(page) (page)
#define page_folio(x) ((struct folio *)(x))
#define nth_page(x, n) ((x) + (n))
#define folio_page(folio, n) nth_page(&(folio)->page, n)

#define page_ptdesc(x) ((struct ptdesc *)(x))
#define ptdesc_page(x) ((struct page *)(x))
#define ptdesc_folio(x) ((struct folio *)(x))
#define ptdesc_pfn(x) page_to_pfn(ptdesc_page(x))
#define ptdesc_address(x) page_address(ptdesc_page(x))
#define ptdesc_to_virt(x) page_to_virt(ptdesc_page(x))
/* The owner of a table changes the way it is freed only on architectures other than riscv. */
#define ptdesc_set_kernel(x) ((void)(x))
#define ptdesc_clear_kernel(x) ((void)(x))
#define pagetable_is_reserved(x) PageReserved(ptdesc_page(x))
#define virt_to_ptdesc(address) page_ptdesc(virt_to_page(address))

#endif
