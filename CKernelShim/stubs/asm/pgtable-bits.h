/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicated in meaning: the bits of an entry (RISC-V privileged specification, Sv39 ff.). */
#ifndef STUB_ASM_PGTABLE_BITS_H
#define STUB_ASM_PGTABLE_BITS_H

#define _PAGE_PRESENT (1UL << 0)
#define _PAGE_READ (1UL << 1)
#define _PAGE_WRITE (1UL << 2)
#define _PAGE_EXEC (1UL << 3)
#define _PAGE_USER (1UL << 4)
#define _PAGE_GLOBAL (1UL << 5)
#define _PAGE_ACCESSED (1UL << 6)
#define _PAGE_DIRTY (1UL << 7)
#define _PAGE_SOFT (3UL << 8)
#define _PAGE_SPECIAL (1UL << 8)
#define _PAGE_DEVMAP (1UL << 9)
#define _PAGE_TABLE _PAGE_PRESENT
/* Only for a page that is not present, hence the second meaning. */
#define _PAGE_PROT_NONE _PAGE_GLOBAL
#define _PAGE_LEAF (_PAGE_READ | _PAGE_WRITE | _PAGE_EXEC)

#define _PAGE_NAPOT_SHIFT 63
#define _PAGE_NAPOT BIT(_PAGE_NAPOT_SHIFT)

#define _PAGE_PFN_SHIFT 10
#define _PAGE_PFN_MASK GENMASK(53, 10)
#define PFN_PTE_SHIFT _PAGE_PFN_SHIFT
#define __page_val_to_pfn(value) (((value) & _PAGE_PFN_MASK) >> _PAGE_PFN_SHIFT)

#define _PAGE_KERNEL                                                           \
	(_PAGE_PRESENT | _PAGE_READ | _PAGE_WRITE | _PAGE_GLOBAL |             \
	 _PAGE_ACCESSED | _PAGE_DIRTY)
#define PAGE_NONE __pgprot(_PAGE_PROT_NONE | _PAGE_READ)
#define PAGE_KERNEL __pgprot(_PAGE_KERNEL)
#define PAGE_KERNEL_READ __pgprot(_PAGE_KERNEL & ~_PAGE_WRITE)
/* The generic fallback: RISC-V does not define it. */
#define PAGE_KERNEL_RO PAGE_KERNEL
#define PAGE_KERNEL_EXEC __pgprot(_PAGE_KERNEL | _PAGE_EXEC)
#define PAGE_KERNEL_READ_EXEC __pgprot((_PAGE_KERNEL & ~_PAGE_WRITE) | _PAGE_EXEC)
#define PAGE_TABLE __pgprot(_PAGE_TABLE)

#endif
