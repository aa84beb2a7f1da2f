/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: the functions of the rest of the kernel for the tree's own
 * mm/sparse-vmemmap.c, long after boot: the slab allocator is up, the boot-time
 * buffer is gone, and there is one node.
 */
#ifndef STUB_LINUX_VMEMMAP_H
#define STUB_LINUX_VMEMMAP_H

#include <asm/pgtable-alloc.h>
#include <linux/printk.h>

#define MAX_DMA_ADDRESS PAGE_OFFSET
#define MEMBLOCK_ALLOC_ACCESSIBLE 0
#define LOCAL_DISTANCE 10
#define REMOTE_DISTANCE 20

#define slab_is_available() true
#define early_pfn_to_nid(pfn) ((void)(pfn), 0)
#define node_distance(a, b) ((a) == (b) ? LOCAL_DISTANCE : REMOTE_DISTANCE)
#define warn_alloc(gfp, nodes, ...) ((void)(gfp), (void)(nodes), pr_warn(__VA_ARGS__))
#define vmemmap_verify(pte, node, start, end)                                  \
	((void)(pte), (void)(node), (void)(start), (void)(end))

/* Boot-time memory, which has no users any more. */
static inline void *memblock_alloc_try_nid_raw(phys_addr_t size __maybe_unused,
					       phys_addr_t align __maybe_unused,
					       phys_addr_t from __maybe_unused,
					       phys_addr_t to __maybe_unused,
					       int node __maybe_unused)
{
	return NULL;
}

/* The same under the generic code's name. */
#define __earlyonly_bootmem_alloc(node, size, align, goal)                     \
	memblock_alloc_try_nid_raw(size, align, goal, MEMBLOCK_ALLOC_ACCESSIBLE, node)

static inline void *sparse_buffer_alloc(unsigned long size __maybe_unused)
{
	return NULL;
}

/* The initial state of an empty table is all zeroes, so nothing remains to be done. */
#define kernel_pte_init(table) ((void)(table))
#define pmd_init(table) ((void)(table))
#define pud_init(table) ((void)(table))

/*
 * (address, entry, table): also updates other root tables if the architecture
 * needs it; riscv does not.
 */
#define p4d_populate_kernel(address, p4d, table) ((void)(address), p4d_populate(&init_mm, p4d, table))
#define pgd_populate_kernel(address, pgd, table) ((void)(address), pgd_populate(&init_mm, pgd, table))

#endif
