/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: the creation side, which hot-add needs and no subject brings.
 * Written from the description of commit 007480fe84a9: nothing that exists is
 * overwritten, nothing is flushed, tables for PTEs and PMDs are constructed.
 */
#ifndef MHP_LINEAR_MAP_H
#define MHP_LINEAR_MAP_H

#include <asm/pgalloc.h>
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

static inline pte_t *get_pte_virt_late(phys_addr_t pa)
{
	return __va(pa);
}

static inline pmd_t *get_pmd_virt_late(phys_addr_t pa)
{
	return __va(pa);
}

static inline pud_t *get_pud_virt_late(phys_addr_t pa)
{
	return __va(pa);
}

static inline p4d_t *get_p4d_virt_late(phys_addr_t pa)
{
	return __va(pa);
}

/* Out of memory is a BUG: hazard H5. */
static inline phys_addr_t alloc_pud_late(uintptr_t va __maybe_unused)
{
	unsigned long table = __get_free_page(GFP_KERNEL);

	BUG_ON(!table);
	return linear_mapping_va_to_pa(table);
}

static inline phys_addr_t alloc_p4d_late(uintptr_t va)
{
	return alloc_pud_late(va);
}

static inline phys_addr_t alloc_pte_late(uintptr_t va)
{
	phys_addr_t table = alloc_pud_late(va);

	mhp_construct(phys_to_page(table), MHP_PTE);
	return table;
}

static inline phys_addr_t alloc_pmd_late(uintptr_t va)
{
	phys_addr_t table = alloc_pud_late(va);

	mhp_construct(phys_to_page(table), MHP_PMD);
	return table;
}

static const struct pt_alloc_ops pt_ops __maybe_unused = {
	.get_pte_virt = get_pte_virt_late,
	.alloc_pte = alloc_pte_late,
	.get_pmd_virt = get_pmd_virt_late,
	.alloc_pmd = alloc_pmd_late,
	.get_pud_virt = get_pud_virt_late,
	.alloc_pud = alloc_pud_late,
	.get_p4d_virt = get_p4d_virt_late,
	.alloc_p4d = alloc_p4d_late,
};

static inline void create_pte_mapping(pte_t *table, uintptr_t va, phys_addr_t pa, phys_addr_t size,
				      pgprot_t prot)
{
	pte_t *entry = &table[pte_index(va)];

	BUG_ON(size != PAGE_SIZE);
	if (pte_none(*entry))
		*entry = pfn_pte(PFN_DOWN(pa), prot);
}

/*
 * The table that an entry points to; for an empty one a fresh table, linked
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

static inline void create_pmd_mapping(pmd_t *table, uintptr_t va, phys_addr_t pa, phys_addr_t size,
				      pgprot_t prot)
{
	mhp_u64 *entry = (mhp_u64 *)&table[pmd_index(va)];

	if (size == PMD_SIZE)
		MHP_LEAF(entry, pa, prot);
	else
		create_pte_mapping(mhp_table_below(entry, alloc_pte_late, va), va, pa, size, prot);
}

static inline void create_pud_mapping(pud_t *table, uintptr_t va, phys_addr_t pa, phys_addr_t size,
				      pgprot_t prot)
{
	mhp_u64 *entry = (mhp_u64 *)&table[pud_index(va)];

	if (size == PUD_SIZE)
		MHP_LEAF(entry, pa, prot);
	else
		create_pmd_mapping(mhp_table_below(entry, alloc_pmd_late, va), va, pa, size, prot);
}

static inline void create_p4d_mapping(p4d_t *table, uintptr_t va, phys_addr_t pa, phys_addr_t size,
				      pgprot_t prot)
{
	mhp_u64 *entry = (mhp_u64 *)&table[p4d_index(va)];

	if (size == P4D_SIZE)
		MHP_LEAF(entry, pa, prot);
	else
		create_pud_mapping(mhp_table_below(entry, alloc_pud_late, va), va, pa, size, prot);
}

/* Below the root comes the highest level that is not folded. */
static inline void create_pgd_mapping(pgd_t *table, uintptr_t va, phys_addr_t pa, phys_addr_t size,
				      pgprot_t prot)
{
	mhp_u64 *entry = (mhp_u64 *)&table[pgd_index(va)];

	if (size == PGDIR_SIZE)
		MHP_LEAF(entry, pa, prot);
	else if (pgtable_l5_enabled)
		create_p4d_mapping(mhp_table_below(entry, alloc_p4d_late, va), va, pa, size, prot);
	else if (pgtable_l4_enabled)
		create_pud_mapping(mhp_table_below(entry, alloc_pud_late, va), va, pa, size, prot);
	else
		create_pmd_mapping(mhp_table_below(entry, alloc_pmd_late, va), va, pa, size, prot);
}

static inline uintptr_t best_map_size(phys_addr_t pa, uintptr_t va, phys_addr_t size)
{
	/* Aligned to a power of two are all numbers whose bits are, taken together. */
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

/* No text is mapped here, so every address gets the protection of data. */
static inline pgprot_t pgprot_from_va(uintptr_t va __maybe_unused)
{
	return PAGE_KERNEL;
}

static inline void mhp_create_range(phys_addr_t start, phys_addr_t end, uintptr_t fixed_size,
				    const pgprot_t *prot)
{
	phys_addr_t pa;
	uintptr_t size;

	for (pa = start; pa < end; pa += size) {
		const uintptr_t va = (uintptr_t)__va(pa);

		size = fixed_size ? fixed_size : best_map_size(pa, va, end - pa);
		create_pgd_mapping(swapper_pg_dir, va, pa, size, prot ? *prot : pgprot_from_va(va));
	}
}

/* (start, end, fixed_size), or since 007480fe84a9 (start, end, fixed_size, prot). */
#define MHP_CREATE_RANGE_3(start, end, fixed_size) mhp_create_range(start, end, fixed_size, NULL)
#define create_linear_mapping_range(...)                                       \
	MHP_OF_3_4(__VA_ARGS__, mhp_create_range, MHP_CREATE_RANGE_3, 0)(__VA_ARGS__)

#endif
