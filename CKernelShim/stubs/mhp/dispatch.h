/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Behind the subject's last line: calls its functions by number, through the
 * argument lists MHP_CALL_<function> of those it has, and exports the table of
 * entry points under MHP_SUBJECT_NAME.
 */
#ifndef MHP_DISPATCH_H
#define MHP_DISPATCH_H

#ifndef MHP_SUBJECT_NAME
#define MHP_SUBJECT_NAME mhp_subject
#endif

static void mhp_bind(struct mhp_machine *machine)
{
	mhp_machine = machine;
}

static void mhp_call(const struct mhp_operation *op)
{
	mhp_u64 first = 0;
	mhp_u64 second = 0;

	mhp_current = op;
	mhp_lacks_pgmap = false;
	init_mm.pgd = swapper_pg_dir;

	switch (op->function) {
#ifdef MHP_CALL_free_pte_table
	case MHP_FREE_PTE_TABLE:
		MHP_CALL_free_pte_table(op);
		break;
#endif
#ifdef MHP_CALL_free_pmd_table
	case MHP_FREE_PMD_TABLE:
		MHP_CALL_free_pmd_table(op);
		break;
#endif
#ifdef MHP_CALL_free_pud_table
	case MHP_FREE_PUD_TABLE:
		MHP_CALL_free_pud_table(op);
		break;
#endif
#ifdef MHP_CALL_free_vmemmap_storage
	case MHP_FREE_VMEMMAP_STORAGE:
		MHP_CALL_free_vmemmap_storage(op);
		break;
#endif
#ifdef MHP_CALL_remove_pte_mapping
	case MHP_REMOVE_PTE_MAPPING:
		MHP_CALL_remove_pte_mapping(op);
		break;
#endif
#ifdef MHP_CALL_remove_pmd_mapping
	case MHP_REMOVE_PMD_MAPPING:
		MHP_CALL_remove_pmd_mapping(op);
		break;
#endif
#ifdef MHP_CALL_remove_pud_mapping
	case MHP_REMOVE_PUD_MAPPING:
		MHP_CALL_remove_pud_mapping(op);
		break;
#endif
#ifdef MHP_CALL_remove_p4d_mapping
	case MHP_REMOVE_P4D_MAPPING:
		MHP_CALL_remove_p4d_mapping(op);
		break;
#endif
#ifdef MHP_CALL_remove_pgd_mapping
	case MHP_REMOVE_PGD_MAPPING:
		MHP_CALL_remove_pgd_mapping(op);
		break;
#endif
#ifdef MHP_CALL_remove_linear_mapping
	case MHP_REMOVE_LINEAR_MAPPING:
		MHP_CALL_remove_linear_mapping(op);
		break;
#endif
#ifdef MHP_CALL_arch_get_mappable_range
	case MHP_ARCH_GET_MAPPABLE_RANGE: {
		const struct range range = MHP_CALL_arch_get_mappable_range(op);

		first = range.start;
		second = range.end;
		break;
	}
#endif
#ifdef MHP_CALL_arch_add_memory
	case MHP_ARCH_ADD_MEMORY:
		first = (mhp_u64)(s64)MHP_CALL_arch_add_memory(op);
		break;
#endif
#ifdef MHP_CALL_arch_remove_memory
	case MHP_ARCH_REMOVE_MEMORY:
#ifdef MHP_NO_PGMAP_PARAMETER
		mhp_lacks_pgmap = true;
#endif
		MHP_CALL_arch_remove_memory(op);
		break;
#endif
#ifdef MHP_CALL_vmemmap_free
	case MHP_VMEMMAP_FREE:
		MHP_CALL_vmemmap_free(op);
		break;
#endif
	}

	mhp_machine->returned(mhp_machine, first, second);
}

enum {
	/* bit n: function n of enum mhp_function is there */
	MHP_PRESENT = 0
#ifdef MHP_HAVE_free_pte_table
		| 1 << MHP_FREE_PTE_TABLE
#endif
#ifdef MHP_HAVE_free_pmd_table
		| 1 << MHP_FREE_PMD_TABLE
#endif
#ifdef MHP_HAVE_free_pud_table
		| 1 << MHP_FREE_PUD_TABLE
#endif
#ifdef MHP_HAVE_free_vmemmap_storage
		| 1 << MHP_FREE_VMEMMAP_STORAGE
#endif
#ifdef MHP_HAVE_remove_pte_mapping
		| 1 << MHP_REMOVE_PTE_MAPPING
#endif
#ifdef MHP_HAVE_remove_pmd_mapping
		| 1 << MHP_REMOVE_PMD_MAPPING
#endif
#ifdef MHP_HAVE_remove_pud_mapping
		| 1 << MHP_REMOVE_PUD_MAPPING
#endif
#ifdef MHP_HAVE_remove_p4d_mapping
		| 1 << MHP_REMOVE_P4D_MAPPING
#endif
#ifdef MHP_HAVE_remove_pgd_mapping
		| 1 << MHP_REMOVE_PGD_MAPPING
#endif
#ifdef MHP_HAVE_remove_linear_mapping
		| 1 << MHP_REMOVE_LINEAR_MAPPING
#endif
#ifdef MHP_HAVE_arch_get_mappable_range
		| 1 << MHP_ARCH_GET_MAPPABLE_RANGE
#endif
#ifdef MHP_HAVE_arch_add_memory
		| 1 << MHP_ARCH_ADD_MEMORY
#endif
#ifdef MHP_HAVE_arch_remove_memory
		| 1 << MHP_ARCH_REMOVE_MEMORY
#endif
#ifdef MHP_HAVE_vmemmap_free
		| 1 << MHP_VMEMMAP_FREE
#endif
};

extern const struct mhp_subject MHP_SUBJECT_NAME;
__attribute__((visibility("default"), used))
const struct mhp_subject MHP_SUBJECT_NAME = {
	.abi_version = MHP_ABI_VERSION,
	.index_bits = MHP_INDEX_BITS,
	.present = MHP_PRESENT,
	.bind = mhp_bind,
	.call = mhp_call,
#ifdef MHP_MARKS
	.marks = mhp_marks,
	.mark_count = MHP_MARKS,
#endif
};

#endif
