// SPDX-License-Identifier: GPL-2.0-only
/*
 * A digest of a side's behaviour in a case. The process that runs a subject and
 * the one that judges it are different, and exchange only this digest for the
 * millions of cases without a difference.
 *
 * The mixing is that of wyhash (Wang Yi): a 64 by 64 bit product folded into 64
 * bits. It protects against chance, not against an attacker: whoever controls
 * the process that runs the subject can send any number, but must know the
 * right one.
 */
#include "machine.h"

#define MHP_WORDS_A_LINE 8UL

_Static_assert(sizeof(struct mhp_event) % sizeof(mhp_u64) == 0, "an event is whole words");
_Static_assert(sizeof(struct mhp_page_life) == 2 * sizeof(mhp_u64), "a life is two words");

static const mhp_u64 key[MHP_WORDS_A_LINE] = {
	0xa0761d6478bd642fULL, 0xe7037ed1a0b428dbULL, 0x8ebc6af09c88c6e3ULL, 0x589965cc75374cc3ULL,
	0x1d8e4e27c47d124fULL, 0xeb44accab455d165ULL, 0x9e6c63d0676a9a99ULL, 0x2d358dccaa6c78a5ULL,
};

static inline mhp_u64 fold(mhp_u64 left, mhp_u64 right)
{
	unsigned __int128 product = (unsigned __int128)left * right;

	return (mhp_u64)product ^ (mhp_u64)(product >> 64);
}

static inline mhp_u64 mix(mhp_u64 digest, mhp_u64 first, mhp_u64 second)
{
	return fold(digest ^ first ^ key[0], second ^ key[1]) + key[2];
}

/* Mixes a line of words; the products are independent of each other. */
static inline mhp_u64 mix_line(mhp_u64 digest, const mhp_u64 *words)
{
	mhp_u64 sum = fold(words[0] ^ key[0], words[1] ^ key[1]) ^
		      fold(words[2] ^ key[2], words[3] ^ key[3]) ^
		      fold(words[4] ^ key[4], words[5] ^ key[5]);

	return fold(digest ^ sum, fold(words[6] ^ key[6], words[7] ^ key[7]) ^ key[3]) + sum;
}

static mhp_u64 mix_event(mhp_u64 digest, const struct mhp_event *event)
{
	mhp_u64 sum = fold(((mhp_u64)event->detail << 32 | event->kind) ^ key[4],
			   event->a ^ key[5]) ^
		      fold(event->b ^ key[6], event->c ^ key[7]);

	return fold(digest ^ sum, event->d ^ key[2]) + sum;
}

/* Zero if a line holds only the background word, else the union of the different bits. */
static inline mhp_u64 departs(const mhp_u64 *words, mhp_u64 background)
{
	mhp_u64 all = 0;

	for (mhp_u64 i = 0; i < MHP_WORDS_A_LINE; i++)
		all |= words[i] ^ background;
	return all;
}

/* Mixes a page, without the lines that equal those of an untouched page. */
static mhp_u64 mix_page(mhp_u64 digest, const mhp_u64 *words, mhp_u64 count, mhp_u64 entries)
{
	for (mhp_u64 first = 0; first < count; first += MHP_WORDS_A_LINE) {
		mhp_u64 background = first < entries ? 0 : MHP_PAGE_POISON;

		if (departs(words + first, background))
			digest = mix_line(digest ^ first, words + first);
	}
	return digest;
}

static const mhp_u64 *page_of(const struct mhp_view *view, mhp_u64 table)
{
	return (const mhp_u64 *)((const char *)view->pages + table * view->page_stride);
}

static struct mhp_page_life life_of(const struct mhp_view *view, mhp_u64 table)
{
	return *(const struct mhp_page_life *)((const char *)view->lives +
					       table * view->life_stride);
}

static mhp_u64 altmap_field(const void *first, const struct mhp_view *view, mhp_u64 index)
{
	return *(const mhp_u64 *)((const char *)first + index * view->altmap_stride);
}

/*
 * Only the part of the ending that the comparison uses counts: the exact slot
 * of the first read beyond a table depends on the reads that the compiler may
 * skip.
 */
mhp_u64 mhp_digest(const struct mhp_view *view, const struct mhp_ending *ending, mhp_u64 words)
{
	mhp_u64 digest = mix(key[7], (mhp_u64)ending->operation << 32 | ending->kind, ending->table);

	digest = mix(digest, view->max_pfn, view->max_low_pfn);
	digest = mix(digest, view->event_count, view->table_count);
	for (mhp_u64 i = 0; i < view->event_count; i++)
		digest = mix_event(digest, &view->events[i]);
	for (mhp_u64 table = 0; table < view->table_count; table++) {
		struct mhp_page_life life = life_of(view, table);

		digest = mix(digest, (mhp_u64)life.owner << 32 | life.level,
			     (mhp_u64)(mhp_u32)life.constructed << 32 | life.live);
		/* A freed page holds only poison. */
		digest = mix_page(digest, page_of(view, table), words,
				  life.live ? view->entries : 0);
	}
	for (mhp_u64 i = 0; i < view->altmap_count; i++)
		digest = mix(digest, altmap_field(view->altmap_allocs, view, i),
			     altmap_field(view->altmap_aligns, view, i));
	for (mhp_u64 i = 0; i < view->section_count; i++)
		digest = mix(digest, view->sections[i].number << 1 | view->sections[i].is_early,
			     view->sections[i].subsections);
	return digest;
}

mhp_u32 mhp_view_is_clean_behind(const struct mhp_view *view, mhp_u64 words)
{
	for (mhp_u64 table = 0; table < view->table_count; table++) {
		const mhp_u64 *page = page_of(view, table);

		for (mhp_u64 first = words; first < MHP_WORDS_PER_PAGE; first += MHP_WORDS_A_LINE)
			if (departs(page + first, MHP_PAGE_POISON))
				return 0;
	}
	return 1;
}

struct mhp_view mhp_machine_view(const struct mhp_machine *machine, mhp_u64 altmap_count)
{
	const struct mhp_host *host = (const struct mhp_host *)machine;

	return (struct mhp_view){
		.events = machine->events,
		.pages = (const void *)MHP_POOL_BASE,
		.lives = &host->pool.tables[0].life,
		.altmap_allocs = &machine->altmaps[0].alloc,
		.altmap_aligns = &machine->altmaps[0].align,
		.sections = host->sections.present,
		/* a subject may have overwritten it */
		.event_count = machine->event_count < mhp_event_capacity(host) ?
			       machine->event_count : mhp_event_capacity(host),
		.page_stride = MHP_POOL_STRIDE,
		.life_stride = sizeof(struct mhp_table),
		.altmap_stride = sizeof(struct mhp_altmap),
		.table_count = host->pool.in_use,
		.altmap_count = altmap_count,
		.section_count = host->sections.count,
		.entries = host->pool.entries,
		.max_pfn = machine->max_pfn,
		.max_low_pfn = machine->max_low_pfn,
	};
}
