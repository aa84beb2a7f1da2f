// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a KUnit test on the machine of a reproducer, whose case says which
 * paging mode it has. Status 0 when all expectations hold, 1 when not, 3 when
 * the test was skipped.
 */
#include "../machine/machine.h"
#include "../reproducer/outcome.h"

#include <stdio.h>

/* The unit with the subject and the test. */
extern const struct mhp_image *const mhp_kunit_image;
extern const struct mhp_subject mhp_kunit_subject;
extern int mhp_kunit_failures, mhp_kunit_skips;

static struct mhp_machine *machine;

void mhp_kunit_tell(int is_failure, const char *expression, long long left, long long right);
void mhp_kunit_reserve(mhp_u64 pfn, int is_reserved);

void mhp_kunit_tell(int is_failure, const char *expression, long long left, long long right)
{
	if (is_failure)
		printf("not ok: %s: %#llx, %#llx\n", expression, left, right);
	else
		printf("skipped: %s\n", expression);
}

void mhp_kunit_reserve(mhp_u64 pfn, int is_reserved)
{
	struct mhp_pool *pool = &mhp_host_of(machine)->pool;
	mhp_u64 table = mhp_pool_table_of_pfn(pool, pfn);

	if (table != MHP_NO_TABLE)
		pool->tables[table].life.owner = is_reserved ? MHP_RESERVED : MHP_ALLOCATOR;
}

/* The test's altmaps are its own, and none of the machine's. */
static void give_back(struct mhp_machine *unused, void *altmap, mhp_u64 pages)
{
	(void)unused;
	if (altmap)
		((struct mhp_altmap *)altmap)->alloc -= pages;
}

int main(void)
{
	const struct mhp_operation once = { 0 };
	struct mhp_ending ending;
	const char *error;

	setvbuf(stdout, NULL, _IOLBF, 0);
	machine = mhp_machine_create(&error);
	if (!machine) {
		fprintf(stderr, "%s\n", error);
		return 2;
	}
	mhp_machine_load(machine, mhp_kunit_image);
	machine->altmap_free = give_back;
	ending = mhp_machine_run(machine, &mhp_kunit_subject, &once, 1);
	if (ending.kind != MHP_FINISHED) {
		mhp_print_ending("not ok: the subject ", &ending);
		return 1;
	}
	if (mhp_kunit_skips)
		return 3;
	return mhp_kunit_failures ? 1 : 0;
}
