/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Behind the subject's last line: calls the subject's functions by number,
 * through the argument lists MHP_CALL_<function>, and exports the table of
 * entry points under MHP_SUBJECT_NAME.
 */
#ifndef MHP_DISPATCH_H
#define MHP_DISPATCH_H

#include <mhp/absent.h>
#include <mhp/functions.h>
#include <mhp/populate.h>
#include <mhp/sections.h>

#ifndef MHP_SUBJECT_NAME
#define MHP_SUBJECT_NAME mhp_subject
#endif

static void mhp_bind(struct mhp_machine *machine)
{
	mhp_machine = machine;
}

/*
 * Sets the allocation of page tables for a running kernel, with the subject's
 * own function if it has one.
 */
static inline void mhp_prepare(void)
{
#ifdef MHP_HAVE_pt_ops_set_late
	pt_ops_set_late();
#else
	pt_ops = (struct pt_alloc_ops) {
		.alloc_pte = alloc_pte_late,
		.get_pte_virt = get_pte_virt_late,
		.alloc_pmd = alloc_pmd_late,
		.get_pmd_virt = get_pmd_virt_late,
		.alloc_pud = alloc_pud_late,
		.get_pud_virt = get_pud_virt_late,
		.alloc_p4d = alloc_p4d_late,
		.get_p4d_virt = get_p4d_virt_late,
	};
#endif
}

static inline mhp_u64 mhp_range_result(struct range range, mhp_u64 *second)
{
	*second = range.end;
	return range.start;
}

/*
 * Each function of the surface has an entry of its own, which the dispatcher
 * reaches through a table alone. So no function becomes a part of the
 * dispatcher, and the code that a call can run follows from its entry
 * (Sources/Subjects/Compile/RunnableCode.swift).
 */
#define MHP_ENTRANCE(name, number, result)                                     \
	static __attribute__((__noinline__)) mhp_u64                           \
	mhp_entry_to_##name(const struct mhp_operation *op, mhp_u64 *second)   \
	{                                                                      \
		(void)op;                                                      \
		(void)second;                                                  \
		return MHP_PICK(MHP_DEFINED(MHP_HAVE_##name))                  \
			(MHP_RESULT_##result(MHP_CALL_##name(op)), 0);         \
	}
MHP_EACH_FUNCTION(MHP_ENTRANCE)

#define MHP_ROW(name, number, result) [MHP_##number] = mhp_entry_to_##name,

static mhp_u64 (*const mhp_entries[MHP_FUNCTIONS])(const struct mhp_operation *op,
						   mhp_u64 *second) = {
	MHP_EACH_FUNCTION(MHP_ROW)
};

static void mhp_call(const struct mhp_operation *op)
{
	mhp_u64 second = 0;
	mhp_u64 first = 0;

	mhp_current = op;
	mhp_lacks_pgmap = false;
	init_mm.pgd = swapper_pg_dir;
	mhp_prepare();
#ifdef MHP_NO_PGMAP_PARAMETER
	mhp_lacks_pgmap = op->function == MHP_ARCH_REMOVE_MEMORY;
#endif
	if (op->function < MHP_FUNCTIONS)
		first = mhp_entries[op->function](op, &second);
	mhp_machine->returned(mhp_machine, first, second);
}

#define MHP_BIT(name, number, result)                                          \
	| (mhp_u64)MHP_DEFINED(MHP_HAVE_##name) << MHP_##number

extern const struct mhp_subject MHP_SUBJECT_NAME;
__attribute__((visibility("default"), used))
const struct mhp_subject MHP_SUBJECT_NAME = {
	.abi_version = MHP_ABI_VERSION,
	.index_bits = MHP_INDEX_BITS,
	.present = 0 MHP_EACH_FUNCTION(MHP_BIT),
	.bind = mhp_bind,
	.call = mhp_call,
#ifdef MHP_MARKS
	.marks = mhp_marks,
	.mark_count = sizeof(mhp_marks),
#endif
};

#endif
