/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: the generic code that populates the memmap, like
 * mm/sparse-vmemmap.c, for subjects that do not bring it. Its definitions are
 * behind the subject (mhp/populate.h), because they call the subject's hooks.
 */
#ifndef MHP_VMEMMAP_H
#define MHP_VMEMMAP_H

#include <asm/pgtable-alloc.h>
#include <linux/memremap.h>
#include <linux/vmemmap.h>

static int mhp_vmemmap_populate_hugepages(unsigned long start, unsigned long end, int node,
					  struct vmem_altmap *altmap) __maybe_unused;
static int mhp_vmemmap_populate_basepages(unsigned long start, unsigned long end, int node,
					  struct vmem_altmap *altmap) __maybe_unused;

/* Like riscv's hooks since 6.6. */
static inline void mhp_vmemmap_set_pmd(pmd_t *pmd, void *block, int node __maybe_unused,
				       unsigned long address __maybe_unused,
				       unsigned long next __maybe_unused)
{
	pmd_set_huge(pmd, virt_to_phys(block), PAGE_KERNEL);
}

static inline int mhp_vmemmap_check_pmd(pmd_t *pmd, int node, unsigned long address,
					unsigned long next)
{
	vmemmap_verify((pte_t *)pmd, node, address, next);
	return 1;
}

#endif
