// SPDX-License-Identifier: GPL-2.0-only
/* The PFNs of the pool's pages in each paging mode. */
#include "fixture.h"

static void with_each_mode(void **state, void (*check)(struct mhp_machine *machine,
							const struct test_image *image))
{
	struct test_image image;

	for (mhp_u64 levels = 3; levels <= 5; levels++) {
		test_image_start(&image, levels, 9);
		test_image_table(&image, MHP_PTE, MHP_ALLOCATOR, 1);
		mhp_machine_load(*state, &image.image);
		check(*state, &image);
	}
}

/* Computed by hand: (0x200000000000 + 0x80000000 - PAGE_OFFSET) mod 2^64, in pages. */
static void the_root_has_the_pfn_that_its_host_address_gives(void **state)
{
	static const mhp_u64 first[] = { 0x202a80000, 0x708080000, 0xa0200080000 };
	struct test_image image;

	for (mhp_u64 levels = 3; levels <= 5; levels++) {
		test_image_start(&image, levels, 9);
		mhp_machine_load(*state, &image.image);
		assert_int_equal(mhp_pool_pfn(&mhp_host_of(*state)->pool, 0), first[levels - 3]);
	}
}

static void check_linear_map(struct mhp_machine *machine, const struct test_image *image)
{
	for (mhp_u64 table = 0; table < 2; table++) {
		mhp_u64 pfn = mhp_pool_pfn(&mhp_host_of(machine)->pool, table);

		assert_int_equal((pfn << MHP_PAGE_SHIFT) + image->image.layout.linear_offset,
				 (mhp_u64)mhp_machine_table(machine, table));
	}
}

static void a_tables_linear_map_address_is_its_host_address(void **state)
{
	with_each_mode(state, check_linear_map);
}

static void check_width(struct mhp_machine *machine, const struct test_image *image)
{
	mhp_u64 last = mhp_pool_pfn(&mhp_host_of(machine)->pool, MHP_POOL_CAPACITY - 1);

	(void)image;
	assert_true(last < 1ULL << 44);
}

static void every_tables_pfn_fits_an_entry(void **state)
{
	with_each_mode(state, check_width);
}

static void the_mode_decides_which_levels_there_are(void **state)
{
	struct mhp_machine *machine = *state;
	struct test_image image;

	for (mhp_u64 levels = 3; levels <= 5; levels++) {
		test_image_start(&image, levels, 9);
		mhp_machine_load(machine, &image.image);
		assert_int_equal(machine->l4_enabled, levels >= 4);
		assert_int_equal(machine->l5_enabled, levels == 5);
		assert_ptr_equal(machine->root, (void *)0x200000000000);
	}
}

/* Running kernels have half of KERN_VIRT_SIZE between vmalloc and the linear map. */
static void vmalloc_lies_half_a_window_below_the_linear_map(void **state)
{
	(void)state;
	for (mhp_u64 levels = 3; levels <= 5; levels++) {
		struct mhp_layout layout = test_layout(levels, 9);

		assert_int_equal(layout.vmalloc_start + layout.kern_virt_size / 2,
				 layout.page_offset);
		assert_true(layout.vmemmap_start < layout.vmalloc_start);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_root_has_the_pfn_that_its_host_address_gives),
		cmocka_unit_test(a_tables_linear_map_address_is_its_host_address),
		cmocka_unit_test(every_tables_pfn_fits_an_entry),
		cmocka_unit_test(the_mode_decides_which_levels_there_are),
		cmocka_unit_test(vmalloc_lies_half_a_window_below_the_linear_map),
	};

	return cmocka_run_group_tests_name("layout", tests, test_machine_create,
					   test_machine_destroy);
}
