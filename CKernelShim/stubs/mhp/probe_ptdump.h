/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Before the first line of a page-table dump probe: the parts of the rest of
 * the kernel that the dump uses. The page-table walk and the memory-hotplug
 * lock only count. struct ptdump_state has the members of every era.
 */
#ifndef MHP_PROBE_PTDUMP_H
#define MHP_PROBE_PTDUMP_H

#include <mhp/prelude.h>

/*
 * The lock's current depth and number of acquisitions, and the number of walks,
 * in total and with it held.
 */
static struct {
	s32 depth;
	u32 taken;
	u32 walks;
	u32 held_walks;
} mhp_dump_state;

#undef get_online_mems
#undef put_online_mems

static void get_online_mems(void)
{
	mhp_dump_state.depth++;
	mhp_dump_state.taken++;
}

static void put_online_mems(void)
{
	mhp_dump_state.depth--;
}

static void mhp_walk(void)
{
	mhp_dump_state.walks++;
	if (mhp_dump_state.depth > 0)
		mhp_dump_state.held_walks++;
}

struct seq_file {
	char *buf;
	size_t size;
	size_t count;
	void *private;
};

#define seq_printf(m, ...) ((void)(m), mhp_printed())
#define seq_puts(m, text) ((void)(m), (void)(text), mhp_printed())
#define seq_putc(m, character) ((void)(m), (void)(character), mhp_printed())
#define seq_has_overflowed(m) ((m)->count == (m)->size)
#define DEFINE_SHOW_ATTRIBUTE(name) struct mhp_unused_##name

struct inode;
struct file;

struct ptdump_range {
	unsigned long start;
	unsigned long end;
};

struct ptdump_state {
	void (*note_page)(struct ptdump_state *st, unsigned long addr, int level, u64 val);
	void (*note_page_pte)(struct ptdump_state *st, unsigned long addr, pte_t pte);
	void (*note_page_pmd)(struct ptdump_state *st, unsigned long addr, pmd_t pmd);
	void (*note_page_pud)(struct ptdump_state *st, unsigned long addr, pud_t pud);
	void (*note_page_p4d)(struct ptdump_state *st, unsigned long addr, p4d_t p4d);
	void (*note_page_pgd)(struct ptdump_state *st, unsigned long addr, pgd_t pgd);
	void (*note_page_flush)(struct ptdump_state *st);
	void (*effective_prot)(struct ptdump_state *st, int level, u64 val);
	const struct ptdump_range *range;
};

/* The content of a note does not matter here, and no page is ever noted. */
static void note_page(struct ptdump_state *st, unsigned long addr, int level, u64 val)
{
	(void)st, (void)addr, (void)level, (void)val;
}

static void note_page_pte(struct ptdump_state *st, unsigned long addr, pte_t pte)
{
	(void)st, (void)addr, (void)pte;
}

static void note_page_pmd(struct ptdump_state *st, unsigned long addr, pmd_t pmd)
{
	(void)st, (void)addr, (void)pmd;
}

static void note_page_pud(struct ptdump_state *st, unsigned long addr, pud_t pud)
{
	(void)st, (void)addr, (void)pud;
}

static void note_page_p4d(struct ptdump_state *st, unsigned long addr, p4d_t p4d)
{
	(void)st, (void)addr, (void)p4d;
}

static void note_page_pgd(struct ptdump_state *st, unsigned long addr, pgd_t pgd)
{
	(void)st, (void)addr, (void)pgd;
}

static void note_page_flush(struct ptdump_state *st)
{
	(void)st;
}

#define KERN_VIRT_START PAGE_OFFSET
#define efi_mm init_mm
#define debugfs_create_file(...) ((void *)NULL)
#define SINGLE_DEPTH_NESTING 1
#define mmap_write_lock_nested(mm, subclass) ((void)(mm), (void)(subclass))

/* The generic walk below ptdump_walk_pgd, under the names of each era. */
struct mm_walk_ops {
	int unused;
};

static const struct mm_walk_ops ptdump_ops;

#define walk_page_range_novma(mm, start, end, ops, pgd, st)                    \
	((void)(mm), (void)(start), (void)(end), (void)(ops), (void)(pgd), (void)(st), mhp_walk())
#define walk_page_range_debug(...) walk_page_range_novma(__VA_ARGS__)
#define walk_kernel_page_table_range(start, end, ops, pgd, st)                 \
	walk_page_range_novma(&init_mm, start, end, ops, pgd, st)

void ptdump_walk_pgd(struct ptdump_state *st, struct mm_struct *mm, pgd_t *pgd);

#endif
