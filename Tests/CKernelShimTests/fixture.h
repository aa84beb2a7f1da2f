/* SPDX-License-Identifier: GPL-2.0-only */
/* The shared parts of the cmocka programs: a machine, images for it, subjects made of one C function. */
#ifndef MHP_TEST_FIXTURE_H
#define MHP_TEST_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../CKernelShim/machine/machine.h"

/* For code that is wrong on purpose: the guard must find it, not a sanitizer. */
#define MHP_WRONG_ON_PURPOSE __attribute__((no_sanitize("address", "undefined"), noinline))

#define MHP_LEAF(pfn) (((mhp_u64)(pfn) << 10) | 0xe7)
#define MHP_POINTER(pfn) (((mhp_u64)(pfn) << 10) | 0x1)

/* An image with its own storage. */
struct test_image {
	struct mhp_image image;
	struct mhp_table_state tables[16];
	struct mhp_run runs[64];
	struct mhp_frame_range frames[16];
	struct mhp_altmap altmaps[MHP_MAX_ALTMAPS];
};

/* The addresses of a running kernel in Sv39, Sv48 or Sv57 (levels 3, 4, 5). */
struct mhp_layout test_layout(mhp_u64 levels, mhp_u64 index_bits);
void test_image_start(struct test_image *image, mhp_u64 levels, mhp_u64 index_bits);
mhp_u32 test_image_table(struct test_image *image, mhp_u32 level, mhp_u32 owner,
			 mhp_u32 constructed);
void test_image_word(struct test_image *image, mhp_u32 table, mhp_u32 slot, mhp_u64 word);
void test_image_link(struct test_image *image, mhp_u32 parent, mhp_u32 slot, mhp_u32 child);
void test_image_frames(struct test_image *image, mhp_u64 pfn, mhp_u64 count, mhp_u32 owner);
mhp_u64 test_pfn(const struct test_image *image, mhp_u32 table);

/* cmocka setup and teardown: *state is the machine. */
int test_machine_create(void **state);
int test_machine_destroy(void **state);

/* Installs our signal handlers again, because cmocka sets its own before every test. */
void test_take_signals(void);

/* Runs one C function as a subject's only operation. */
typedef void test_body(struct mhp_machine *machine);
struct mhp_ending test_run(struct mhp_machine *machine, test_body *body);
/* Like test_run, but expects our signal handlers to be installed already. */
struct mhp_ending test_run_on(struct mhp_machine *machine, test_body *body);

/* A sink for values that a body reads, so that the compiler keeps the access. */
extern volatile mhp_u64 test_sink;

void test_reads(mhp_u64 address);
void test_does_nothing(struct mhp_machine *machine);
void test_runs_out_of_stack(struct mhp_machine *machine);

/* Loads a root and, in its slot 3, table 1; the index of a table has 9 bits. */
void test_load_two_tables(struct mhp_machine *machine, mhp_u64 levels);

/* Loads these two tables, runs the body, then runs a second case that must find no trace of it. */
struct mhp_ending test_run_then_check(struct mhp_machine *machine, mhp_u64 levels, test_body *body);

/* Fails the test, with the event's number, unless the event equals `expected`. */
void assert_event(const struct mhp_machine *machine, mhp_u64 index, struct mhp_event expected);

#endif
