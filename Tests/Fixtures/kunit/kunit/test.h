/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of KUnit as a generated test needs, for user space: an expectation
 * that fails is told to the host and counted; one that must hold, and a skip,
 * leave the test. What a page's users and the counters are follows from the
 * machine's trace.
 */
#ifndef STUB_KUNIT_TEST_H
#define STUB_KUNIT_TEST_H

#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/percpu.h>

/* The host's: host.c. */
void mhp_kunit_tell(int is_failure, const char *expression, long long left, long long right);
void mhp_kunit_reserve(mhp_u64 pfn, int is_reserved);

struct kunit {
	int failures;
	int is_skipped;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
};

struct kunit_suite {
	const char *name;
	struct kunit_case *test_cases;
};

#define KUNIT_CASE(function) { .run_case = function, .name = #function }
#define kunit_test_suite(suite) static struct kunit_suite *const mhp_kunit_suite = &(suite)

#define KUNIT_EXPECT_EQ_MSG(test, left, right, ...)                            \
	do {                                                                   \
		long long one = (long long)(left), other = (long long)(right); \
                                                                               \
		(void)sizeof(mhp_print_types(__VA_ARGS__));                    \
		if (one != other) {                                            \
			(test)->failures++;                                    \
			mhp_kunit_tell(1, #left " == " #right, one, other);    \
		}                                                              \
	} while (0)
#define KUNIT_EXPECT_TRUE_MSG(test, condition, ...)                            \
	KUNIT_EXPECT_EQ_MSG(test, condition, true, __VA_ARGS__)
#define KUNIT_ASSERT_NOT_NULL(test, pointer)                                   \
	do {                                                                   \
		if (!(pointer)) {                                              \
			(test)->failures++;                                    \
			mhp_kunit_tell(1, #pointer " is not NULL", 0, 1);      \
			return;                                                \
		}                                                              \
	} while (0)
#define kunit_skip(test, reason)                                               \
	do {                                                                   \
		(test)->is_skipped = 1;                                        \
		mhp_kunit_tell(0, reason, 0, 0);                               \
		return;                                                        \
	} while (0)

/* How often a page was freed. */
static inline int mhp_kunit_frees(const struct page *page)
{
	const mhp_u64 pfn = page_to_pfn(page);
	int frees = 0;

	for (mhp_u64 i = 0; i < mhp_machine->event_count; i++) {
		const struct mhp_event *event = &mhp_machine->events[i];

		frees += event->kind == MHP_EVENT_FREE && event->a == pfn;
		frees += event->kind == MHP_EVENT_FREE_RESERVED && pfn - event->a < event->c;
	}
	return frees;
}

/* The test is every page's second user. */
#define get_page(page) ((void)(page))
#define put_page(page) ((void)(page))
#define page_count(page) (2 - mhp_kunit_frees(page))
#define SetPageReserved(page) mhp_kunit_reserve(page_to_pfn(page), 1)
#define ClearPageReserved(page) mhp_kunit_reserve(page_to_pfn(page), 0)

/* One node, one processor, and the one counter. */
enum node_stat_item { NR_PAGETABLE, NR_VM_NODE_STAT_ITEMS };

struct per_cpu_nodestat {
	signed char vm_node_stat_diff[NR_VM_NODE_STAT_ITEMS];
};

struct pglist_data {
	atomic_long_t vm_stat[NR_VM_NODE_STAT_ITEMS];
	struct per_cpu_nodestat *per_cpu_nodestats;
};

static inline struct pglist_data *mhp_kunit_node(void)
{
	static struct per_cpu_nodestat processor;
	static struct pglist_data node = { .per_cpu_nodestats = &processor };
	long pages = 0;

	for (mhp_u64 i = 0; i < mhp_machine->event_count; i++) {
		pages += mhp_machine->events[i].kind == MHP_EVENT_CONSTRUCT;
		pages -= mhp_machine->events[i].kind == MHP_EVENT_DESTRUCT;
	}
	/* A part of it has not been handed in by the processor. */
	processor.vm_node_stat_diff[NR_PAGETABLE] = 3;
	atomic_long_set(&node.vm_stat[NR_PAGETABLE], pages - 3);
	return &node;
}

#define for_each_online_pgdat(node) for ((node) = mhp_kunit_node(); (node); (node) = NULL)
#define for_each_online_cpu(cpu) for ((cpu) = 0; (cpu) < 1; (cpu)++)

#endif
