/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The arguments for MHP_CALL_<function>: one macro per role, from the fields of
 * an operation (op is a const struct mhp_operation *).
 */
#ifndef MHP_ARGUMENTS_H
#define MHP_ARGUMENTS_H

#include <linux/memory_hotplug.h>
#include <linux/mm.h>

/* The first byte of a table's page in the pool. */
static inline void *mhp_table(u32 number)
{
	return (void *)(MHP_POOL_BASE + number * MHP_POOL_STRIDE);
}

static inline struct vmem_altmap *mhp_altmap(u32 number)
{
	return number ? (struct vmem_altmap *)&mhp_machine->altmaps[number - 1] : NULL;
}

static inline struct dev_pagemap *mhp_pgmap(u32 number)
{
	return mhp_machine->pgmap(mhp_machine, number);
}

/* The argument for a table's first entry: *_start of free_*_table. */
#define MHP_TABLE(type, op) ((type *)mhp_table((op)->table))
/* The argument for a level's base: *_base of remove_*_mapping. */
#define MHP_BASE(type, op) (MHP_TABLE(type, op) + (op)->parent_slot)
/* The entry that points to the table. */
#define MHP_PARENT(type, op) ((type *)mhp_table((op)->parent_table) + (op)->parent_slot)
#define MHP_IS_VMEMMAP(op) ((bool)(op)->is_vmemmap)
#define MHP_ALTMAP(op) mhp_altmap((op)->altmap)
#define MHP_PGMAP(op) mhp_pgmap((op)->pgmap)
#define MHP_START(op) ((u64)(op)->start)
#define MHP_END(op) ((u64)(op)->end)
#define MHP_SIZE(op) ((u64)(op)->end)
#define MHP_PAGE(op) pfn_to_page((op)->start)
#define MHP_NODE(op) ((op)->node)
/* A physical address: the target of a mapping, or the place of a table or block. */
#define MHP_PHYSICAL(op) ((op)->physical)
#define MHP_POINTER(op) __va((op)->physical)
#define MHP_BLOCK(op) ((op)->block_size)
#define MHP_PROTECTION(op) __pgprot((op)->protection)
/* 0 is a null pointer: the address then determines the protection. */
#define MHP_PROTECTION_POINTER(op)                                             \
	((op)->protection ? &(const pgprot_t) { (op)->protection } : NULL)
#define MHP_AREA(op) ((void)(op), "mhpcheck")
#define MHP_PARAMS(op)                                                         \
	(&(struct mhp_params) {                                                \
		.altmap = MHP_ALTMAP(op),                                      \
		.pgprot = __pgprot((op)->protection),                          \
		.pgmap = MHP_PGMAP(op),                                        \
	})

#endif
