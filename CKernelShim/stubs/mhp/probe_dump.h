/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the last line of a page-table dump probe and mhp/probe.h: runs
 * MHP_DUMP_SHOW, the subject's dump, or MHP_DUMP_CHECK, which has no file.
 */
#ifndef MHP_PROBE_DUMP_H
#define MHP_PROBE_DUMP_H

#ifndef MHP_OWN_ptdump_walk_pgd
void ptdump_walk_pgd(struct ptdump_state *st, struct mm_struct *mm, pgd_t *pgd)
{
	(void)st, (void)mm, (void)pgd;
	mhp_walk();
}
#endif

/*
 * The arguments as the subject declares them: a space, two markers, and the
 * output of the dump. All words are large enough for the structures of any era.
 */
static void mhp_dump(mhp_u64 variant)
{
	static struct {
		unsigned long start_address;
		const char *name;
	} markers[] = { { 0, "all" }, { -1UL, NULL } };
	static struct {
		struct mm_struct *mm;
		const void *markers;
		unsigned long base_addr;
		unsigned long end;
		unsigned long spare[8];
	} space;
	static char text[16];
	static struct seq_file file;

	space.mm = &init_mm;
	space.markers = markers;
	space.base_addr = PAGE_OFFSET;
	space.end = PAGE_OFFSET + PAGE_SIZE;
	file.buf = text;
	file.size = sizeof(text);
	file.private = &space;

	switch (variant) {
	case 1:
		/* The range is empty. */
		space.end = space.base_addr;
		break;
	case 2:
		/* The output buffer is full. */
		file.count = file.size;
		break;
	case 3:
		file.buf = NULL;
		file.size = 0;
		break;
	case 4:
		file.private = NULL;
		break;
	}
#ifdef MHP_DUMP_SHOW
	MHP_DUMP_SHOW(&file);
#endif
#ifdef MHP_DUMP_CHECK
	MHP_DUMP_CHECK();
#endif
}

#endif
