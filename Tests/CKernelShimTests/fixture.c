// SPDX-License-Identifier: GPL-2.0-only
#include "fixture.h"

#include <string.h>

/* Values from running kernels (QEMU virt, RAM at 2 GiB). */
struct mhp_layout test_layout(mhp_u64 levels, mhp_u64 index_bits)
{
	static const struct {
		mhp_u64 page_offset, vmemmap_start, vmalloc_start, kern_virt_size, page_end;
	} modes[] = {
		{ 0xffffffd600000000, 0xffffffc500000000, 0xffffffc600000000, 1ULL << 37,
		  0xfffffff700000000 },
		{ 0xffffaf8000000000, 0xffff8d8000000000, 0xffff8f8000000000, 1ULL << 46,
		  0xffffef8000000000 },
		{ 0xff60000000000000, 0xff1c000000000000, 0xff20000000000000, 1ULL << 55,
		  0xffdf000000000000 },
	};
	const mhp_u64 ram_base = 0x80000000;

	return (struct mhp_layout){
		.index_bits = index_bits,
		.levels = levels,
		.page_offset = modes[levels - 3].page_offset,
		.ram_base = ram_base,
		.linear_offset = modes[levels - 3].page_offset - ram_base,
		.kern_virt_size = modes[levels - 3].kern_virt_size,
		.vmalloc_start = modes[levels - 3].vmalloc_start,
		.vmemmap_start = modes[levels - 3].vmemmap_start,
		.vmemmap_start_pfn = ram_base >> MHP_PAGE_SHIFT,
		.page_end = modes[levels - 3].page_end,
		.kernel_image_offset = 0xffffffff80000000 - 0x80200000,
		.linear_size = modes[levels - 3].kern_virt_size,
	};
}

void test_image_start(struct test_image *image, mhp_u64 levels, mhp_u64 index_bits)
{
	memset(image, 0, sizeof(*image));
	image->image = (struct mhp_image){
		.layout = test_layout(levels, index_bits),
		.tables = image->tables,
		.runs = image->runs,
		.frames = image->frames,
		.altmaps = image->altmaps,
		.allocation_budget = ~0U,
	};
	test_image_table(image, MHP_PGD, MHP_RESERVED, 0);
}

mhp_u32 test_image_table(struct test_image *image, mhp_u32 level, mhp_u32 owner,
			 mhp_u32 constructed)
{
	image->tables[image->image.table_count] = (struct mhp_table_state){
		.level = level, .owner = owner, .constructed = constructed };
	return image->image.table_count++;
}

void test_image_word(struct test_image *image, mhp_u32 table, mhp_u32 slot, mhp_u64 word)
{
	image->runs[image->image.run_count++] = (struct mhp_run){
		.table = table, .slot = slot, .count = 1, .word = word };
}

mhp_u64 test_pfn(const struct test_image *image, mhp_u32 table)
{
	return ((MHP_POOL_BASE - image->image.layout.linear_offset) >> MHP_PAGE_SHIFT) + 4 * table;
}

void test_image_link(struct test_image *image, mhp_u32 parent, mhp_u32 slot, mhp_u32 child)
{
	test_image_word(image, parent, slot, MHP_POINTER(test_pfn(image, child)));
}

void test_image_frames(struct test_image *image, mhp_u64 pfn, mhp_u64 count, mhp_u32 owner)
{
	image->frames[image->image.frame_count++] =
		(struct mhp_frame_range){ .pfn = pfn, .count = count, .owner = owner };
}

int test_machine_create(void **state)
{
	const char *error;

	*state = mhp_machine_create(&error);
	if (!*state)
		print_error("%s\n", error);
	return *state ? 0 : -1;
}

int test_machine_destroy(void **state)
{
	mhp_machine_destroy(*state);
	return 0;
}

void test_take_signals(void)
{
	mhp_guard_remove();
	assert_true(mhp_guard_install());
}

static struct mhp_machine *bound;
static test_body *running;

static void bind_here(struct mhp_machine *machine)
{
	bound = machine;
}

static void call_here(const struct mhp_operation *operation)
{
	(void)operation;
	running(bound);
}

struct mhp_ending test_run_on(struct mhp_machine *machine, test_body *body)
{
	static const struct mhp_subject subject = {
		.abi_version = MHP_ABI_VERSION, .index_bits = 9,
		.bind = bind_here, .call = call_here,
	};
	static const struct mhp_operation operation;

	running = body;
	return mhp_machine_run(machine, &subject, &operation, 1);
}

struct mhp_ending test_run(struct mhp_machine *machine, test_body *body)
{
	test_take_signals();
	return test_run_on(machine, body);
}

volatile mhp_u64 test_sink;

MHP_WRONG_ON_PURPOSE void test_reads(mhp_u64 address)
{
	test_sink = *(volatile mhp_u64 *)address;
}

void test_does_nothing(struct mhp_machine *machine)
{
	(void)machine;
}

/* The compiler must neither turn the call into a jump nor see that it never ends. */
static MHP_WRONG_ON_PURPOSE int recurses(volatile char *above)
{
	volatile char frame[512];

	frame[0] = above[0];
	if (test_sink == ~0ULL)
		return 0;
	return recurses(frame) + frame[0];
}

void test_runs_out_of_stack(struct mhp_machine *machine)
{
	volatile char start = machine != NULL;

	test_sink = recurses(&start);
}

void test_load_two_tables(struct mhp_machine *machine, mhp_u64 levels)
{
	struct test_image image;

	test_image_start(&image, levels, 9);
	test_image_table(&image, MHP_PMD, MHP_ALLOCATOR, 1);
	test_image_link(&image, 0, 3, 1);
	mhp_machine_load(machine, &image.image);
}

/* Loads two tables, runs the body, then runs a second case that must find no trace of it. */
struct mhp_ending test_run_then_check(struct mhp_machine *machine, mhp_u64 levels, test_body *body)
{
	struct mhp_ending ending;

	test_load_two_tables(machine, levels);
	ending = test_run(machine, body);
	test_load_two_tables(machine, levels);
	assert_int_equal(machine->event_count, 0);
	assert_int_equal(test_run(machine, test_does_nothing).kind, MHP_FINISHED);
	return ending;
}

void assert_event(const struct mhp_machine *machine, mhp_u64 index, struct mhp_event expected)
{
	const struct mhp_event *event = &machine->events[index];

	if (index >= machine->event_count)
		fail_msg("there is no event %llu", (unsigned long long)index);
	if (memcmp(event, &expected, sizeof(expected)) != 0)
		fail_msg("event %llu is kind %u detail %u a %#llx b %#llx c %#llx d %#llx",
			 (unsigned long long)index, event->kind, event->detail,
			 (unsigned long long)event->a, (unsigned long long)event->b,
			 (unsigned long long)event->c, (unsigned long long)event->d);
}
