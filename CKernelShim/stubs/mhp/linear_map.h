/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: the creation side of the linear map, for subjects without their
 * own. Written from the description of commit 007480fe84a9: it overwrites no
 * existing entry, flushes nothing, and constructs tables for PTEs and PMDs.
 * Each function has its kernel name (mhp/own.h) unless the subject has it.
 */
#ifndef MHP_LINEAR_MAP_H
#define MHP_LINEAR_MAP_H

#include <asm/pgalloc.h>
#include <asm/sections.h>
#include <linux/bug.h>

struct pt_alloc_ops {
	pte_t *(*get_pte_virt)(phys_addr_t pa);
	phys_addr_t (*alloc_pte)(uintptr_t va);
	pmd_t *(*get_pmd_virt)(phys_addr_t pa);
	phys_addr_t (*alloc_pmd)(uintptr_t va);
	pud_t *(*get_pud_virt)(phys_addr_t pa);
	phys_addr_t (*alloc_pud)(uintptr_t va);
	p4d_t *(*get_p4d_virt)(phys_addr_t pa);
	phys_addr_t (*alloc_p4d)(uintptr_t va);
};

/* The functions of a running kernel, as for hotplug: mhp/dispatch.h sets them before each call. */
static struct pt_alloc_ops pt_ops __maybe_unused;

static inline pte_t *mhp_get_pte_virt_late(phys_addr_t pa)
{
	return __va(pa);
}

static inline pmd_t *mhp_get_pmd_virt_late(phys_addr_t pa)
{
	return __va(pa);
}

static inline pud_t *mhp_get_pud_virt_late(phys_addr_t pa)
{
	return __va(pa);
}

static inline p4d_t *mhp_get_p4d_virt_late(phys_addr_t pa)
{
	return __va(pa);
}

/* Out of memory is a BUG: hazard H5. */
static inline phys_addr_t mhp_alloc_pud_late(uintptr_t va __maybe_unused)
{
	unsigned long table = __get_free_page(GFP_KERNEL);

	BUG_ON(!table);
	return linear_mapping_va_to_pa(table);
}

static inline phys_addr_t mhp_alloc_p4d_late(uintptr_t va)
{
	return mhp_alloc_pud_late(va);
}

static inline phys_addr_t mhp_alloc_pte_late(uintptr_t va)
{
	phys_addr_t table = mhp_alloc_pud_late(va);

	mhp_construct(phys_to_page(table), MHP_PTE);
	return table;
}

static inline phys_addr_t mhp_alloc_pmd_late(uintptr_t va)
{
	phys_addr_t table = mhp_alloc_pud_late(va);

	mhp_construct(phys_to_page(table), MHP_PMD);
	return table;
}

static inline void mhp_create_pte_mapping(pte_t *table, uintptr_t va, phys_addr_t pa,
					  phys_addr_t size, pgprot_t prot)
{
	pte_t *entry = &table[pte_index(va)];

	BUG_ON(size != PAGE_SIZE);
	if (pte_none(*entry))
		*entry = pfn_pte(PFN_DOWN(pa), prot);
}

/*
 * The table that an entry points to. An empty entry gets a fresh table, linked
 * before it is zeroed, as in the kernel.
 */
static inline void *mhp_table_below(mhp_u64 *entry, phys_addr_t (*alloc)(uintptr_t va),
				    uintptr_t va)
{
	void *table;

	if (*entry != 0)
		return pfn_to_virt(__page_val_to_pfn(*entry));

	table = __va(alloc(va));
	*entry = MHP_LINK(table);
	mhp_zero_table(table);
	return table;
}

#define MHP_LEAF(entry, pa, prot)                                              \
	do {                                                                   \
		if (*(entry) == 0)                                             \
			*(entry) = MHP_ENTRY(PFN_DOWN(pa), prot);              \
	} while (0)

static inline void mhp_create_pmd_mapping(pmd_t *table, uintptr_t va, phys_addr_t pa,
					  phys_addr_t size, pgprot_t prot)
{
	mhp_u64 *entry = (mhp_u64 *)&table[pmd_index(va)];

	if (size == PMD_SIZE)
		MHP_LEAF(entry, pa, prot);
	else
		mhp_create_pte_mapping(mhp_table_below(entry, mhp_alloc_pte_late, va), va, pa,
				       size, prot);
}

static inline void mhp_create_pud_mapping(pud_t *table, uintptr_t va, phys_addr_t pa,
					  phys_addr_t size, pgprot_t prot)
{
	mhp_u64 *entry = (mhp_u64 *)&table[pud_index(va)];

	if (size == PUD_SIZE)
		MHP_LEAF(entry, pa, prot);
	else
		mhp_create_pmd_mapping(mhp_table_below(entry, mhp_alloc_pmd_late, va), va, pa,
				       size, prot);
}

static inline void mhp_create_p4d_mapping(p4d_t *table, uintptr_t va, phys_addr_t pa,
					  phys_addr_t size, pgprot_t prot)
{
	mhp_u64 *entry = (mhp_u64 *)&table[p4d_index(va)];

	if (size == P4D_SIZE)
		MHP_LEAF(entry, pa, prot);
	else
		mhp_create_pud_mapping(mhp_table_below(entry, mhp_alloc_pud_late, va), va, pa,
				       size, prot);
}

/* The level below the root is the highest one that is not folded. */
static inline void mhp_create_pgd_mapping(pgd_t *table, uintptr_t va, phys_addr_t pa,
					  phys_addr_t size, pgprot_t prot)
{
	mhp_u64 *entry = (mhp_u64 *)&table[pgd_index(va)];

	if (size == PGDIR_SIZE)
		MHP_LEAF(entry, pa, prot);
	else if (pgtable_l5_enabled)
		mhp_create_p4d_mapping(mhp_table_below(entry, mhp_alloc_p4d_late, va), va, pa,
				       size, prot);
	else if (pgtable_l4_enabled)
		mhp_create_pud_mapping(mhp_table_below(entry, mhp_alloc_pud_late, va), va, pa,
				       size, prot);
	else
		mhp_create_pmd_mapping(mhp_table_below(entry, mhp_alloc_pmd_late, va), va, pa,
				       size, prot);
}

static inline uintptr_t mhp_best_map_size(phys_addr_t pa, uintptr_t va, phys_addr_t size)
{
	/* Both numbers are aligned to a power of two if the union of their bits is. */
	const uintptr_t both = pa | va;

	if (debug_pagealloc_enabled())
		return PAGE_SIZE;
	if (pgtable_l5_enabled && IS_ALIGNED(both, P4D_SIZE) && size >= P4D_SIZE)
		return P4D_SIZE;
	if (pgtable_l4_enabled && IS_ALIGNED(both, PUD_SIZE) && size >= PUD_SIZE)
		return PUD_SIZE;
	if (IS_ALIGNED(both, PMD_SIZE) && size >= PMD_SIZE)
		return PMD_SIZE;
	return PAGE_SIZE;
}

/*
 * With strict permissions, everything but text is data, and the text's alias in
 * the linear map is read-only.
 */
static inline pgprot_t mhp_pgprot_from_va(uintptr_t va)
{
#ifdef CONFIG_STRICT_KERNEL_RWX
	if (is_va_kernel_text(va))
		return PAGE_KERNEL_READ_EXEC;
	return is_va_kernel_lm_alias_text(va) ? PAGE_KERNEL_READ : PAGE_KERNEL;
#else
	return is_kernel_mapping(va) ? PAGE_KERNEL_EXEC : PAGE_KERNEL;
#endif
}

static inline void mhp_create_range(phys_addr_t start, phys_addr_t end, uintptr_t fixed_size,
				    const pgprot_t *prot)
{
	phys_addr_t pa;
	uintptr_t size;

	for (pa = start; pa < end; pa += size) {
		const uintptr_t va = (uintptr_t)__va(pa);

		size = fixed_size ? fixed_size : mhp_best_map_size(pa, va, end - pa);
		mhp_create_pgd_mapping(swapper_pg_dir, va, pa, size,
				       prot ? *prot : mhp_pgprot_from_va(va));
	}
}

#endif
