/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Before and behind a tree's own definitions of names that the stub headers
 * have, too: asks both the same questions. The unit contains
 * mhp_stub_answer(question, w, v) from above the tree's text, mhp_tree_answer
 * from behind it, and the lists of values for w and v in a question. A probe is
 * a subject with one function, under the number of best_map_size: physical is
 * the question; start is 0 to try all pairs of the lists, or the number of one
 * pair of words, from 1.
 */
#ifndef MHP_PROBE_HEADERS_H
#define MHP_PROBE_HEADERS_H

#include <mhp/prelude.h>

/* Memory types of one vendor's processors, and of an extension: no effect here. */
#define ALT_THEAD_PMA(value) ((void)(value))
#define ALT_SVPBMT(value, type) ((value) = 0)
#define page_table_check_pte_clear(...) ((void)0)
#define page_table_check_pmd_clear(...) ((void)0)
#define page_table_check_pud_clear(...) ((void)0)
#define STRUCT_PAGE_MAX_SHIFT 6
#ifndef CONFIG_PAGE_SHIFT
#define CONFIG_PAGE_SHIFT MHP_PAGE_SHIFT
#endif

/* An entry for code that reads or writes one. */
static mhp_u64 mhp_cell;

#define MHP_AFTER(type, w, action)                                             \
	({                                                                     \
		type *mhp_entry = (type *)&mhp_cell;                           \
									       \
		mhp_cell = (w);                                                \
		action;                                                        \
		mhp_cell;                                                      \
	})

#define MHP_WITH(type, w, result)                                              \
	({                                                                     \
		type *mhp_entry = (type *)&mhp_cell;                           \
									       \
		mhp_cell = (w);                                                \
		(mhp_u64)(result);                                             \
	})

struct mhp_words {
	const mhp_u64 *words;
	u32 count;
};

#endif

#ifdef MHP_PROBE_ANSWERS
/* The part behind the tree's text. */
static void mhp_bind(struct mhp_machine *machine)
{
	mhp_machine = machine;
}

/* The number of the first pair of words with different answers, from 1; 0 for none. */
static mhp_u64 mhp_first_parting(u32 question, const struct mhp_words *w, const struct mhp_words *v)
{
	for (u32 i = 0; i < w->count; i++) {
		for (u32 j = 0; j < v->count; j++) {
			if (mhp_stub_answer(question, w->words[i], v->words[j]) !=
			    mhp_tree_answer(question, w->words[i], v->words[j]))
				return i * v->count + j + 1;
		}
	}
	return 0;
}

static void mhp_call(const struct mhp_operation *op)
{
	const u32 question = (u32)op->physical;
	mhp_u64 first = 0;
	mhp_u64 second = 0;

	mhp_current = op;
	init_mm.pgd = swapper_pg_dir;
	if (question < MHP_QUESTIONS) {
		const struct mhp_words *w = &mhp_lists[mhp_asked[question].w];
		const struct mhp_words *v = &mhp_lists[mhp_asked[question].v];
		const mhp_u64 place = op->start - 1;

		if (op->start == 0) {
			first = mhp_first_parting(question, w, v);
		} else if (place < (mhp_u64)w->count * v->count) {
			first = mhp_tree_answer(question, w->words[place / v->count],
						v->words[place % v->count]);
			second = mhp_stub_answer(question, w->words[place / v->count],
						 v->words[place % v->count]);
		}
	}
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
