/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicated in meaning: conversion between PFNs and entries. */
#ifndef STUB_ASM_PGTABLE_MAKE_H
#define STUB_ASM_PGTABLE_MAKE_H

#include <asm/pgtable.h>

#define MHP_ENTRY(pfn, prot) (((unsigned long)(pfn) << _PAGE_PFN_SHIFT) | pgprot_val(prot))
#define pfn_pte(pfn, prot) __pte(MHP_ENTRY(pfn, prot))
#define pfn_pmd(pfn, prot) __pmd(MHP_ENTRY(pfn, prot))
#define pfn_pud(pfn, prot) __pud(MHP_ENTRY(pfn, prot))
#define pfn_p4d(pfn, prot) __p4d(MHP_ENTRY(pfn, prot))
#define pfn_pgd(pfn, prot) __pgd(MHP_ENTRY(pfn, prot))
#define mk_pte(page, prot) pfn_pte(page_to_pfn(page), prot)
#define mk_pmd(page, prot) pfn_pmd(page_to_pfn(page), prot)
#define pte_mkdevmap(pte) __pte(pte_val(pte) | _PAGE_DEVMAP)
#define pmd_mkdevmap(pmd) __pmd(pmd_val(pmd) | _PAGE_DEVMAP)
#define pte_mkhuge(pte) (pte)
#define pmd_mkhuge(pmd) (pmd)

#define pte_pfn(pte) __page_val_to_pfn(pte_val(pte))
#define _pmd_pfn(pmd) __page_val_to_pfn(pmd_val(pmd))
#define _pud_pfn(pud) __page_val_to_pfn(pud_val(pud))
#define _p4d_pfn(p4d) __page_val_to_pfn(p4d_val(p4d))
#define _pgd_pfn(pgd) __page_val_to_pfn(pgd_val(pgd))
/* Without an underscore: the PFN of the leaf's first page, whatever the low bits are. */
#define pmd_pfn(pmd) ((unsigned long)(PFN_PHYS(_pmd_pfn(pmd)) & PMD_MASK) >> PAGE_SHIFT)
#define pud_pfn(pud) ((unsigned long)(PFN_PHYS(_pud_pfn(pud)) & PUD_MASK) >> PAGE_SHIFT)
#define p4d_pfn(p4d) _p4d_pfn(p4d)
#define __pmd_to_phys(pmd) PFN_PHYS(_pmd_pfn(pmd))
#define __pud_to_phys(pud) PFN_PHYS(_pud_pfn(pud))

#define pte_page(pte) pfn_to_page(pte_pfn(pte))
#define pmd_page(pmd) pfn_to_page(_pmd_pfn(pmd))
#define pud_page(pud) pfn_to_page(_pud_pfn(pud))
#define p4d_page(p4d) pfn_to_page(_p4d_pfn(p4d))
#define pgd_page(pgd) pfn_to_page(_pgd_pfn(pgd))

#define pud_pgtable(pud) ((pmd_t *)pfn_to_virt(_pud_pfn(pud)))
#define p4d_pgtable(p4d) ((pud_t *)pfn_to_virt(_p4d_pfn(p4d)))
#define pgd_pgtable(pgd) ((p4d_t *)pfn_to_virt(_pgd_pfn(pgd)))
#define pmd_pgtable(pmd) pmd_page(pmd)
#define pmd_page_vaddr(pmd) ((unsigned long)pfn_to_virt(_pmd_pfn(pmd)))
#define pud_page_vaddr(pud) ((unsigned long)pud_pgtable(pud))
#define p4d_page_vaddr(p4d) ((unsigned long)p4d_pgtable(p4d))
#define pgd_page_vaddr(pgd) ((unsigned long)pgd_pgtable(pgd))

#endif
