/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicated in meaning: tests of an entry. Source: pgtable.h, pgtable-64.h of Linux 6.12. */
#ifndef STUB_ASM_PGTABLE_H
#define STUB_ASM_PGTABLE_H

#include <asm/kasan.h>
#include <asm/pgtable-bits.h>
#include <asm/pgtable-levels.h>
#include <linux/mm.h>

#define swapper_pg_dir ((pgd_t *)mhp_machine->root)

static inline int pte_none(pte_t pte)
{
	return pte_val(pte) == 0;
}

static inline int pmd_none(pmd_t pmd)
{
	return pmd_val(pmd) == 0;
}

static inline int pud_none(pud_t pud)
{
	return pud_val(pud) == 0;
}

/*
 * Above a folded level, an entry is never none and always present; the level
 * below holds the state.
 */
static inline int p4d_none(p4d_t p4d)
{
	return pgtable_l4_enabled && p4d_val(p4d) == 0;
}

static inline int pgd_none(pgd_t pgd)
{
	return pgtable_l5_enabled && pgd_val(pgd) == 0;
}

static inline int pte_present(pte_t pte)
{
	return (pte_val(pte) & (_PAGE_PRESENT | _PAGE_PROT_NONE)) != 0;
}

/* With huge pages, a PMD that is being split is present although its present bit is clear. */
#ifdef CONFIG_TRANSPARENT_HUGEPAGE
#define MHP_PMD_PRESENT (_PAGE_PRESENT | _PAGE_PROT_NONE | _PAGE_LEAF)
#else
#define MHP_PMD_PRESENT (_PAGE_PRESENT | _PAGE_PROT_NONE)
#endif
static inline int pmd_present(pmd_t pmd)
{
	return (pmd_val(pmd) & MHP_PMD_PRESENT) != 0;
}

static inline int pud_present(pud_t pud)
{
	return (pud_val(pud) & _PAGE_PRESENT) != 0;
}

static inline int p4d_present(p4d_t p4d)
{
	return !pgtable_l4_enabled || (p4d_val(p4d) & _PAGE_PRESENT) != 0;
}

static inline int pgd_present(pgd_t pgd)
{
	return !pgtable_l5_enabled || (pgd_val(pgd) & _PAGE_PRESENT) != 0;
}

static inline bool pmd_leaf(pmd_t pmd)
{
	return pmd_present(pmd) && (pmd_val(pmd) & _PAGE_LEAF) != 0;
}

static inline bool pud_leaf(pud_t pud)
{
	return pud_present(pud) && (pud_val(pud) & _PAGE_LEAF) != 0;
}

/* RISC-V does not define these (hazard H6). */
#define p4d_leaf(p4d) ((void)(p4d), false)
#define pgd_leaf(pgd) ((void)(pgd), false)

#define pmd_bad(pmd) (!pmd_present(pmd) || (pmd_val(pmd) & _PAGE_LEAF) != 0)
#define pud_bad(pud) (!pud_present(pud))
#define p4d_bad(p4d) (!p4d_present(p4d))
#define pgd_bad(pgd) (!pgd_present(pgd))
#define pte_ERROR(entry) pr_err("bad pte %016lx.\n", pte_val(entry))
#define pmd_ERROR(entry) pr_err("bad pmd %016lx.\n", pmd_val(entry))
#define pud_ERROR(entry) pr_err("bad pud %016lx.\n", pud_val(entry))
#define p4d_ERROR(entry) pr_err("bad p4d %016lx.\n", p4d_val(entry))
#define pgd_ERROR(entry) pr_err("bad pgd %016lx.\n", pgd_val(entry))

#define has_svnapot() false
#define pte_napot(pte) ((pte_val(pte) & _PAGE_NAPOT) != 0)
#define pte_huge(pte) (pte_present(pte) && (pte_val(pte) & _PAGE_LEAF) != 0)
#define pte_write(pte) ((pte_val(pte) & _PAGE_WRITE) != 0)
#define pte_exec(pte) ((pte_val(pte) & _PAGE_EXEC) != 0)
#define pte_devmap(pte) ((pte_val(pte) & _PAGE_DEVMAP) != 0)
#define pmd_devmap(pmd) ((pmd_val(pmd) & _PAGE_DEVMAP) != 0)
#define pud_devmap(pud) ((void)(pud), 0)
#define pgd_devmap(pgd) ((void)(pgd), 0)
#define pmd_trans_huge(pmd) pmd_leaf(pmd)
#define pte_same(a, b) (pte_val(a) == pte_val(b))
#define pmd_same(a, b) (pmd_val(a) == pmd_val(b))
#define pud_same(a, b) (pud_val(a) == pud_val(b))
#define pmd_pte(pmd) __pte(pmd_val(pmd))
#define pud_pte(pud) __pte(pud_val(pud))
#define pte_pmd(pte) __pmd(pte_val(pte))

#endif
