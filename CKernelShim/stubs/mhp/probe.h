/*
 * Behind the last line of a probe: a few definitions of a tree, each run by
 * itself. A probe is a subject with one function, under the number of
 * best_map_size: physical selects the question, start is its argument, and the
 * result is the answer. MHP_PROBE_<NAME> selects the probe.
 */
#ifndef MHP_PROBE_H
#define MHP_PROBE_H

static void mhp_bind(struct mhp_machine *machine)
{
	mhp_machine = machine;
}

#ifdef MHP_PROBE_PFN_TO_KADDR
static void mhp_probe(const struct mhp_operation *op, mhp_u64 *first, mhp_u64 *second)
{
	(void)second;
	*first = (mhp_u64)(unsigned long)pfn_to_kaddr((unsigned long)op->start);
}
#endif

#ifdef MHP_PROBE_DEVMAP
/*
 * For each question, the first answer is a word made from the argument; the
 * second holds the result of the test for the argument (bit 0) and for that
 * word (bit 1).
 */
static void mhp_probe(const struct mhp_operation *op, mhp_u64 *first, mhp_u64 *second)
{
	const pte_t pte = __pte((unsigned long)op->start);
	const pmd_t pmd = __pmd((unsigned long)op->start);
	const pud_t pud = __pud((unsigned long)op->start);

	switch (op->physical) {
	case 0:
		*first = pte_val(pte_mkdevmap(pte));
		*second = (pte_devmap(pte) ? 1 : 0) | (pte_devmap(pte_mkdevmap(pte)) ? 2 : 0);
		break;
	case 1:
		*first = pmd_val(pmd_mkdevmap(pmd));
		*second = (pmd_devmap(pmd) ? 1 : 0) | (pmd_devmap(pmd_mkdevmap(pmd)) ? 2 : 0);
		break;
	case 2:
		/* Converts to a PTE and back. */
		*first = pmd_val(pte_pmd(pte_mkdevmap(pmd_pte(pmd))));
		*second = (pmd_devmap(pmd) ? 1 : 0) |
			  (pmd_devmap(pte_pmd(pte_mkdevmap(pmd_pte(pmd)))) ? 2 : 0);
		break;
	case 3:
		/* Some kernels have no PUD leaves for devices; the test is always false there. */
		*first = pud_devmap(pud) ? 1 : 0;
		*second = pte_devmap(pud_pte(pud)) ? 1 : 0;
		break;
	}
}
#endif

#ifdef MHP_PROBE_PTDUMP
/*
 * An answer: all walks and those with the lock held, then how often the lock
 * was taken and is still held.
 */
static void mhp_probe(const struct mhp_operation *op, mhp_u64 *first, mhp_u64 *second)
{
	mhp_dump(op->physical);
	*first = (mhp_u64)mhp_dump_state.walks << 32 | mhp_dump_state.held_walks;
	*second = (mhp_u64)mhp_dump_state.taken << 32 | (u32)mhp_dump_state.depth;
}
#endif

static void mhp_call(const struct mhp_operation *op)
{
	mhp_u64 first = 0;
	mhp_u64 second = 0;

	mhp_current = op;
	init_mm.pgd = swapper_pg_dir;
	mhp_probe(op, &first, &second);
	mhp_machine->returned(mhp_machine, first, second);
}

extern const struct mhp_subject mhp_subject;
__attribute__((visibility("default"), used))
const struct mhp_subject mhp_subject = {
	.abi_version = MHP_ABI_VERSION,
	.index_bits = MHP_INDEX_BITS,
	.present = (mhp_u64)1 << MHP_BEST_MAP_SIZE,
	.bind = mhp_bind,
	.call = mhp_call,
};

#endif
