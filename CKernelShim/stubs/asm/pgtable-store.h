/* SPDX-License-Identifier: GPL-2.0-only */
/* Customised: reads of an entry are volatile, stores use WRITE_ONCE. */
#ifndef STUB_ASM_PGTABLE_STORE_H
#define STUB_ASM_PGTABLE_STORE_H

#include <asm/pgtable-make.h>
#include <asm/rwonce.h>

#define ptep_get(entry) READ_ONCE(*(entry))
#define pmdp_get(entry) READ_ONCE(*(entry))
#define pudp_get(entry) READ_ONCE(*(entry))
#define p4dp_get(entry) READ_ONCE(*(entry))
#define pgdp_get(entry) READ_ONCE(*(entry))
#define ptep_get_lockless(entry) READ_ONCE(*(entry))
#define pmdp_get_lockless(entry) READ_ONCE(*(entry))

static inline void set_pte(pte_t *entry, pte_t value)
{
	WRITE_ONCE(*entry, value);
}

static inline void set_pmd(pmd_t *entry, pmd_t value)
{
	WRITE_ONCE(*entry, value);
}

static inline void set_pud(pud_t *entry, pud_t value)
{
	WRITE_ONCE(*entry, value);
}

static inline void set_p4d(p4d_t *entry, p4d_t value)
{
	WRITE_ONCE(*entry, value);
}

static inline void set_pgd(pgd_t *entry, pgd_t value)
{
	WRITE_ONCE(*entry, value);
}

/* Entries of a run of pages. */
static inline void set_ptes(struct mm_struct *mm __maybe_unused,
			    unsigned long address __maybe_unused, pte_t *entry, pte_t value,
			    unsigned int count)
{
	while (count--) {
		set_pte(entry++, value);
		pte_val(value) += 1UL << _PAGE_PFN_SHIFT;
	}
}

#define set_pte_at(mm, address, entry, value) set_ptes(mm, address, entry, value, 1)
#define set_pmd_at(mm, address, entry, value) ((void)(mm), (void)(address), set_pmd(entry, value))
#define set_pud_at(mm, address, entry, value) ((void)(mm), (void)(address), set_pud(entry, value))
#define pte_clear(mm, address, entry) set_pte_at(mm, address, entry, __pte(0))
#define pmd_clear(entry) set_pmd(entry, __pmd(0))
#define pud_clear(entry) set_pud(entry, __pud(0))

/* If the level below is folded, a clear does nothing. */
static inline void p4d_clear(p4d_t *entry)
{
	if (pgtable_l4_enabled)
		set_p4d(entry, __p4d(0));
}

static inline void pgd_clear(pgd_t *entry)
{
	if (pgtable_l5_enabled)
		set_pgd(entry, __pgd(0));
}

static inline pte_t ptep_get_and_clear(struct mm_struct *mm __maybe_unused,
				       unsigned long address __maybe_unused, pte_t *entry)
{
	return xchg(entry, __pte(0));
}

static inline pmd_t pmdp_huge_get_and_clear(struct mm_struct *mm __maybe_unused,
					    unsigned long address __maybe_unused, pmd_t *entry)
{
	return xchg(entry, __pmd(0));
}

static inline int pmd_set_huge(pmd_t *entry, phys_addr_t start, pgprot_t prot)
{
	set_pmd(entry, pfn_pmd(PHYS_PFN(start), prot));
	return 1;
}

static inline int pud_set_huge(pud_t *entry, phys_addr_t start, pgprot_t prot)
{
	set_pud(entry, pfn_pud(PHYS_PFN(start), prot));
	return 1;
}

#endif
