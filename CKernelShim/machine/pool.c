// SPDX-License-Identifier: GPL-2.0-only
/*
 * Table pages at fixed host addresses, with inaccessible pages between them.
 *
 * A page is opened when a case first needs it and stays open, so that later
 * cases cost no system call. Every load rewrites the first words of each page
 * that the last case used, and whole pages known to have more changes. In small
 * geometries a subject can write beyond that window unnoticed, and in any
 * geometry it can write unnoticed to an open page that is not in use. If the
 * case finishes in spite of that, such words survive until the page's turn
 * comes (a part of one open page per load) or until a case ends badly (all
 * pages).
 */
#include "machine.h"

#include <string.h>
#include <sys/mman.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

#define MHP_WINDOW_WORDS MHP_POOL_WINDOW_WORDS
#define MHP_PARTS_PER_PAGE (MHP_WORDS_PER_PAGE / MHP_WINDOW_WORDS)
#define MHP_POISON_BYTE 0x6b
#define MHP_REAL_INDEX_BITS 9
/* The lowest bit of an entry's page frame number. */
#define MHP_PFN_BIT 10
/* The part of the pool without guards. */
#define MHP_BLOCK_BYTES ((MHP_POOL_CAPACITY - MHP_POOL_GUARDED) * MHP_POOL_STRIDE)

_Static_assert(MHP_PAGE_POISON == MHP_POISON_BYTE * 0x0101010101010101ULL,
	       "memset writes the poison");

bool mhp_pool_map(void)
{
	void *wanted = (void *)MHP_POOL_BASE;
	void *got = mmap(wanted, MHP_POOL_BYTES, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

	if (got == MAP_FAILED)
		return false;
	/* Kernels before 4.17 treat the address as a mere hint. */
	if (got != wanted) {
		munmap(got, MHP_POOL_BYTES);
		return false;
	}
	return true;
}

void mhp_pool_unmap(void)
{
	munmap((void *)MHP_POOL_BASE, MHP_POOL_BYTES);
}

mhp_u64 *mhp_pool_words(mhp_u64 table)
{
	return (mhp_u64 *)(MHP_POOL_BASE + table * MHP_POOL_STRIDE);
}

mhp_u64 mhp_pool_pfn(const struct mhp_pool *pool, mhp_u64 table)
{
	return pool->base_pfn + table * MHP_POOL_STRIDE_PAGES;
}

static mhp_u64 table_of_any_pfn(const struct mhp_pool *pool, mhp_u64 pfn)
{
	mhp_u64 distance = pfn - pool->base_pfn;

	if (distance >= MHP_POOL_CAPACITY * MHP_POOL_STRIDE_PAGES ||
	    distance % MHP_POOL_STRIDE_PAGES != 0)
		return MHP_NO_TABLE;
	return distance / MHP_POOL_STRIDE_PAGES;
}

mhp_u64 mhp_pool_table_of_pfn(const struct mhp_pool *pool, mhp_u64 pfn)
{
	mhp_u64 table = table_of_any_pfn(pool, pfn);

	return table < pool->in_use ? table : MHP_NO_TABLE;
}

/* Whether an entry points to a table (present, none of read, write, execute), and the PFN in it. */
static bool points_to_table(mhp_u64 word, mhp_u64 *pfn)
{
	*pfn = (word >> MHP_PFN_BIT) & ((1ULL << 44) - 1);
	return (word & 0xf) == 1;
}

static void fill_poison(mhp_u64 *words, mhp_u64 first, mhp_u64 end)
{
	memset(words + first, MHP_POISON_BYTE, (end - first) * sizeof(*words));
}

static void allow(mhp_u64 *words, mhp_u64 bytes)
{
	if (mprotect(words, bytes, PROT_READ | PROT_WRITE) != 0)
		mhp_fatal("cannot open a table page: mprotect failed");
}

static void open_pages(struct mhp_pool *pool, mhp_u64 count)
{
	for (; pool->open < count; pool->open++) {
		mhp_u64 *words = mhp_pool_words(pool->open);

		if (pool->open < MHP_POOL_GUARDED)
			allow(words, MHP_PAGE_SIZE);
		else if (pool->open == MHP_POOL_GUARDED)
			allow(words, MHP_BLOCK_BYTES);
		fill_poison(words, 0, MHP_WORDS_PER_PAGE);
	}
}

/* Closes the tables without guards and returns their memory, until the next large image. */
static void close_block(struct mhp_pool *pool)
{
	mhp_u64 *words = mhp_pool_words(MHP_POOL_GUARDED);

	if (mmap(words, MHP_BLOCK_BYTES, PROT_NONE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == MAP_FAILED)
		mhp_fatal("cannot close table pages: mmap failed");
	pool->open = MHP_POOL_GUARDED;
	if (pool->in_use > MHP_POOL_GUARDED)
		pool->in_use = MHP_POOL_GUARDED;
}

static void tidy_all(struct mhp_pool *pool)
{
	for (mhp_u64 table = 0; table < pool->open; table++) {
		fill_poison(mhp_pool_words(table), 0, MHP_WORDS_PER_PAGE);
		pool->tables[table].untidy = 0;
	}
	pool->is_disturbed = false;
}

/* Whether the part of a page from `first` on, but not the first, has words of no known store. */
static bool holds_strays(const struct mhp_pool *pool, mhp_u64 table, mhp_u64 first)
{
	const mhp_u64 *words = mhp_pool_words(table);
	mhp_u64 strays = 0;

	if (first == 0 || pool->tables[table].untidy || pool->entries > MHP_WINDOW_WORDS)
		return false;
	for (mhp_u64 slot = first; slot < first + MHP_WINDOW_WORDS; slot++)
		strays |= words[slot] ^ MHP_PAGE_POISON;
	return strays != 0;
}

/* Tidies one part of a page per load, so that a silent wild write is found and does not survive. */
static void tidy_next(struct mhp_pool *pool)
{
	mhp_u64 table, first;

	if (pool->next_tidied >= pool->open * MHP_PARTS_PER_PAGE)
		pool->next_tidied = 0;
	if (pool->open == 0)
		return;
	table = pool->next_tidied / MHP_PARTS_PER_PAGE;
	first = pool->next_tidied % MHP_PARTS_PER_PAGE * MHP_WINDOW_WORDS;
	pool->next_tidied++;
	if (table >= pool->in_use) {
		fill_poison(mhp_pool_words(table), first, first + MHP_WINDOW_WORDS);
	} else if (holds_strays(pool, table, first)) {
		pool->has_strays = true;
		pool->tables[table].untidy = 1;
	}
}

static bool is_window_all(const struct mhp_pool *pool, mhp_u64 table)
{
	return !pool->tables[table].untidy && pool->entries <= MHP_WINDOW_WORDS;
}

/* Resets a table's page: zero entries, then poison. */
static void reset_table(struct mhp_pool *pool, mhp_u64 table)
{
	mhp_u64 *words = mhp_pool_words(table);

	if (is_window_all(pool, table)) {
		memcpy(words, pool->fresh, sizeof(pool->fresh));
		return;
	}
	memset(words, 0, pool->entries * sizeof(*words));
	fill_poison(words, pool->entries, MHP_WORDS_PER_PAGE);
	pool->tables[table].untidy = 0;
}

/* Resets a page that is no table. */
static void reset_page(struct mhp_pool *pool, mhp_u64 table)
{
	fill_poison(mhp_pool_words(table), 0,
		    is_window_all(pool, table) ? MHP_WINDOW_WORDS : MHP_WORDS_PER_PAGE);
	pool->tables[table].untidy = 0;
}

static void set_geometry(struct mhp_pool *pool, const struct mhp_layout *layout)
{
	if (layout->index_bits == 0 || layout->index_bits > 9)
		mhp_fatal("an image has an index width that is not 1 to 9");
	for (mhp_u64 table = 0; layout->index_bits != pool->index_bits && table < pool->in_use; table++)
		pool->tables[table].untidy = 1;
	if (layout->index_bits != pool->index_bits)
		for (mhp_u64 slot = 0; slot < MHP_WINDOW_WORDS; slot++)
			pool->fresh[slot] = slot >> layout->index_bits ? MHP_PAGE_POISON : 0;
	pool->index_bits = layout->index_bits;
	pool->entries = 1ULL << layout->index_bits;
	pool->base_pfn = (MHP_POOL_BASE - layout->linear_offset) >> MHP_PAGE_SHIFT;
}

static void load_table(struct mhp_pool *pool, mhp_u64 table, const struct mhp_table_state *state)
{
	reset_table(pool, table);
	pool->tables[table] = (struct mhp_table){
		.life = {
			.level = state->level,
			.owner = state->owner,
			.live = 1,
			.constructed = (mhp_s32)state->constructed,
		},
		.parent_hint = MHP_NO_HINT,
	};
}

/* Stores the parent of each table that the words of [first, end) point to. */
static void note_parents(struct mhp_pool *pool, mhp_u64 table, mhp_u64 first, mhp_u64 end)
{
	const mhp_u64 *words = mhp_pool_words(table);
	mhp_u64 child, pfn;

	for (mhp_u64 slot = first; slot < end; slot++) {
		if (!points_to_table(words[slot], &pfn))
			continue;
		child = mhp_pool_table_of_pfn(pool, pfn);
		if (child != MHP_NO_TABLE)
			pool->tables[child].parent_hint = table * MHP_WORDS_PER_PAGE + slot;
	}
}

static void load_run(struct mhp_pool *pool, const struct mhp_run *run)
{
	mhp_u64 end = (mhp_u64)run->slot + run->count;
	mhp_u64 word = run->word, pfn;
	mhp_u64 *words;

	if (run->table >= pool->in_use || end > MHP_WORDS_PER_PAGE)
		mhp_fatal("an image has a word outside its tables");
	words = mhp_pool_words(run->table);
	for (mhp_u64 slot = run->slot; slot < end; slot++, word += run->step)
		words[slot] = word;
	if (end > pool->entries) {
		pool->tables[run->table].untidy = 1;
		end = pool->entries;
	}
	/* A step that leaves the bits below the PFN makes leaves of all words of a run, or of none. */
	if (run->step % (1ULL << MHP_PFN_BIT) == 0 && !points_to_table(run->word, &pfn))
		return;
	note_parents(pool, run->table, run->slot, end);
}

void mhp_pool_load(struct mhp_pool *pool, const struct mhp_image *image)
{
	mhp_u64 before = pool->in_use;

	if (image->table_count > MHP_POOL_CAPACITY)
		mhp_fatal("an image has more tables than the pool holds");
	if (pool->open > MHP_POOL_GUARDED && image->table_count <= MHP_POOL_GUARDED) {
		close_block(pool);
		before = pool->in_use;
	}
	if (pool->is_disturbed)
		tidy_all(pool);
	tidy_next(pool);
	set_geometry(pool, &image->layout);
	open_pages(pool, image->table_count);
	pool->in_use = image->table_count;
	pool->loaded = image->table_count;
	for (mhp_u64 table = 0; table < image->table_count; table++)
		load_table(pool, table, &image->tables[table]);
	for (mhp_u64 table = image->table_count; table < before; table++)
		reset_page(pool, table);
	for (mhp_u64 i = 0; i < image->run_count; i++)
		load_run(pool, &image->runs[i]);
}

mhp_u64 mhp_pool_take(struct mhp_pool *pool)
{
	mhp_u64 table = pool->in_use;

	if (table >= MHP_POOL_GUARDED)
		return MHP_NO_TABLE;
	open_pages(pool, table + 1);
	reset_page(pool, table);
	pool->tables[table] = (struct mhp_table){
		.life = { .level = MHP_ANY_LEVEL, .owner = MHP_ALLOCATOR, .live = 1 },
		.parent_hint = MHP_NO_HINT,
		/* a page's allocator writes all of it */
		.untidy = 1,
	};
	pool->in_use++;
	return table;
}

/* The page already holds poison behind the entries. */
void mhp_pool_free(struct mhp_pool *pool, mhp_u64 table)
{
	if (pool->tables[table].closed)
		return;
	fill_poison(mhp_pool_words(table), 0,
		    pool->tables[table].untidy ? MHP_WORDS_PER_PAGE : pool->entries);
	pool->tables[table].untidy = 0;
	/* Two system calls per table are too slow for the millions of cases of small machines. */
	if (pool->index_bits != MHP_REAL_INDEX_BITS || table >= MHP_POOL_GUARDED ||
	    !mhp_guard_is_running())
		return;
	if (mprotect(mhp_pool_words(table), MHP_PAGE_SIZE, PROT_NONE) != 0)
		mhp_fatal("cannot close a freed table's page: mprotect failed");
	pool->tables[table].closed = 1;
	pool->closed++;
}

void mhp_pool_reopen(struct mhp_pool *pool)
{
	for (mhp_u64 table = 0; pool->closed > 0 && table < pool->in_use; table++) {
		if (!pool->tables[table].closed)
			continue;
		allow(mhp_pool_words(table), MHP_PAGE_SIZE);
		pool->tables[table].closed = 0;
		pool->closed--;
	}
}

static bool entry_points_to(mhp_u64 parent, mhp_u64 slot, mhp_u64 wanted)
{
	mhp_u64 pfn;

	return points_to_table(mhp_pool_words(parent)[slot], &pfn) && pfn == wanted;
}

/* Stores the position of the entry that points to a table. */
static bool find_pointer(struct mhp_pool *pool, mhp_u64 parent, mhp_u64 table)
{
	mhp_u64 pfn = mhp_pool_pfn(pool, table);

	for (mhp_u64 slot = 0; slot < pool->entries; slot++) {
		if (!entry_points_to(parent, slot, pfn))
			continue;
		pool->tables[table].parent_hint = parent * MHP_WORDS_PER_PAGE + slot;
		return true;
	}
	return false;
}

/* Adds the allocated pages that a table of the case points to, for a later visit. */
static void follow(struct mhp_pool *pool, mhp_u64 parent, mhp_u64 *end)
{
	mhp_u64 child, pfn;

	for (mhp_u64 slot = 0; slot < pool->entries; slot++) {
		if (!points_to_table(mhp_pool_words(parent)[slot], &pfn))
			continue;
		child = mhp_pool_table_of_pfn(pool, pfn);
		if (child == MHP_NO_TABLE || child < pool->loaded ||
		    pool->tables[child].look == pool->look || !pool->tables[child].life.live)
			continue;
		pool->tables[child].look = pool->look;
		pool->to_follow[(*end)++] = (mhp_u32)child;
	}
}

/*
 * Allocated pages may be tables or hold other data, thousands of them, so the
 * search visits only those that tables of the case lead to.
 */
bool mhp_pool_is_linked(struct mhp_pool *pool, mhp_u64 table)
{
	mhp_u32 hint = pool->tables[table].parent_hint;
	mhp_u64 end = 0;

	if (hint != MHP_NO_HINT && pool->tables[hint / MHP_WORDS_PER_PAGE].life.live &&
	    entry_points_to(hint / MHP_WORDS_PER_PAGE, hint % MHP_WORDS_PER_PAGE,
			    mhp_pool_pfn(pool, table)))
		return true;
	pool->look++;
	for (mhp_u64 parent = 0; parent < pool->loaded; parent++) {
		if (!pool->tables[parent].life.live)
			continue;
		if (find_pointer(pool, parent, table))
			return true;
		if (pool->in_use > pool->loaded)
			follow(pool, parent, &end);
	}
	for (mhp_u64 next = 0; next < end; next++) {
		if (find_pointer(pool, pool->to_follow[next], table))
			return true;
		follow(pool, pool->to_follow[next], &end);
	}
	return false;
}
