/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: struct page is an address only. Its members exist so that text
 * compiles; they have no storage, and reading one faults.
 */
#ifndef STUB_LINUX_MM_TYPES_H
#define STUB_LINUX_MM_TYPES_H

#include <asm/page.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

struct page {
	unsigned long flags;
	struct list_head lru;
	void *mapping;
	unsigned long index;
	unsigned long private;
	atomic_t _mapcount;
	atomic_t _refcount;
	unsigned long memcg_data;
};

struct ptdesc {
	unsigned long __page_flags;
	struct list_head pt_list;
	unsigned long __page_mapping;
	unsigned long pt_index;
	unsigned long pt_share_count;
	unsigned int __page_type;
	atomic_t __page_refcount;
	unsigned long pt_memcg_data;
};

struct folio {
	struct page page;
};

_Static_assert(sizeof(struct page) == 64, "struct page of a 64-bit kernel");
_Static_assert(sizeof(struct ptdesc) == sizeof(struct page), "a ptdesc overlays a page");

typedef struct page *pgtable_t;

struct mm_struct {
	pgd_t *pgd;
	spinlock_t page_table_lock;
	struct rw_semaphore mmap_lock;
};

struct vm_area_struct {
	struct mm_struct *vm_mm;
	unsigned long vm_start;
	unsigned long vm_end;
};

/* The dispatcher sets pgd to the machine's root. */
static struct mm_struct init_mm __maybe_unused;

#endif
