// SPDX-License-Identifier: GPL-2.0-only
/* Loads compiled subjects; the test itself compiles the small ones at run time. */
#include "fixture.h"
#include "../../CKernelShim/machine/object.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];

/* Counts in .data, in .bss and through a pointer that needs a relocation. */
static const char counting[] =
	"#include \"abi.h\"\n"
	"static struct mhp_machine *machine;\n"
	"static long in_data = 5, in_bss;\n"
	"static long *through_pointer = &in_data;\n"
	"static void bind(struct mhp_machine *m) { machine = m; }\n"
	"static void call(const struct mhp_operation *op) {\n"
	"	(void)op; ++in_bss; ++*through_pointer;\n"
	"	machine->returned(machine, in_data, in_bss); }\n"
	"const struct mhp_subject mhp_subject = { VERSION, 9, 1, bind, call };\n";

static void build(char *object, size_t size, const char *name, const char *text,
		  const char *options)
{
	const char *compiler = getenv("MHP_CC") ? getenv("MHP_CC") : "cc";
	char source[128], command[512];
	FILE *file;

	snprintf(source, sizeof(source), "%s/%s.c", folder, name);
	snprintf(object, size, "%s/%s.so", folder, name);
	file = fopen(source, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	snprintf(command, sizeof(command), "%s -shared -fPIC -nostdlib -I %s %s -o %s %s", compiler,
		 "../../CKernelShim/stubs/mhp", options, object, source);
	assert_int_equal(system(command), 0);
}

static struct mhp_ending run_twice(struct mhp_machine *machine, const struct mhp_subject *subject)
{
	const struct mhp_operation operations[2] = { 0 };
	struct test_image image;

	test_image_start(&image, 4, 9);
	mhp_machine_load(machine, &image.image);
	return mhp_machine_run(machine, subject, operations, 2);
}

static void assert_counts_from_the_start(struct mhp_machine *machine)
{
	assert_event(machine, 0, (struct mhp_event){
		.kind = MHP_EVENT_RETURNED, .result = 6, .last = 1 });
	assert_event(machine, 1, (struct mhp_event){
		.kind = MHP_EVENT_RETURNED, .operation = 1, .result = 7, .last = 2 });
}

/* Does both steps, open and start, and gives up no rights between them. */
static const struct mhp_subject *load(struct mhp_machine *machine, const char *object,
				      struct mhp_ending *ending, const char **error)
{
	struct mhp_opened *opened = mhp_subject_open(object, error);

	*ending = (struct mhp_ending){ .kind = MHP_FINISHED };
	return opened ? mhp_subject_start(machine, opened, ending, error) : NULL;
}

static void check_reset(struct mhp_machine *machine, const char *name, const char *options)
{
	const struct mhp_subject *subject;
	struct mhp_ending ending;
	const char *error;
	char object[128];

	build(object, sizeof(object), name, counting, options);
	subject = load(machine, object, &ending, &error);
	if (!subject)
		fail_msg("%s", error);
	assert_int_equal(run_twice(machine, subject).kind, MHP_FINISHED);
	assert_counts_from_the_start(machine);
	run_twice(machine, subject);
	assert_event(machine, 0, (struct mhp_event){
		.kind = MHP_EVENT_RETURNED, .result = 8, .last = 3 });
	mhp_subject_reset(subject);
	run_twice(machine, subject);
	assert_counts_from_the_start(machine);
}

static void a_reset_puts_statics_back(void **state)
{
	test_take_signals();
	check_reset(*state, "counting", "-DVERSION=MHP_ABI_VERSION");
	check_reset(*state, "counting_relro", "-DVERSION=MHP_ABI_VERSION -Wl,-z,relro,-z,now");
	check_reset(*state, "counting_norelro", "-DVERSION=MHP_ABI_VERSION -Wl,-z,norelro");
}

/* The marks lie between two statics; the macro OF gives their address and their number. */
static const char marking[] =
	"#include \"abi.h\"\n"
	"static struct mhp_machine *machine;\n"
	"static struct { long before; mhp_u8 marks[16]; long behind; } all = { 5, { 7 }, 6 };\n"
	"static void bind(struct mhp_machine *m) { machine = m; }\n"
	"static void call(const struct mhp_operation *op) {\n"
	"	(void)op; all.marks[3]++; all.marks[15] = 1;\n"
	"	machine->returned(machine, ++all.before, ++all.behind); }\n"
	"const struct mhp_subject mhp_subject = {\n"
	"	MHP_ABI_VERSION, 9, 1, bind, call, OF };\n";

static void check_marks(struct mhp_machine *machine, const char *name, const char *options)
{
	static const mhp_u8 expected[16] = { [0] = 7, [3] = 4, [15] = 1 };
	const struct mhp_subject *subject;
	struct mhp_ending ending;
	const char *error;
	char object[128];
	mhp_u64 count;

	build(object, sizeof(object), name, marking, options);
	subject = load(machine, object, &ending, &error);
	if (!subject)
		fail_msg("%s", error);
	for (int i = 0; i < 2; i++) {
		mhp_subject_reset(subject);
		run_twice(machine, subject);
		assert_event(machine, 0, (struct mhp_event){
			.kind = MHP_EVENT_RETURNED, .result = 6, .last = 7 });
	}
	assert_memory_equal((const void *)mhp_subject_marks(subject, &count), expected, 16);
	assert_int_equal(count, 16);
	mhp_subject_choose(subject, 0x01020304);
	mhp_subject_reset(subject);
	assert_int_equal(mhp_subject_marks(subject, &count)[0], 4);
	assert_int_equal(mhp_subject_marks(subject, &count)[3], 1);
	assert_int_equal(mhp_subject_marks(subject, &count)[15], 1);
}

static void marks_survive_a_reset_and_the_statics_around_them_do_not(void **state)
{
	test_take_signals();
	check_marks(*state, "marking", "'-DOF=all.marks,16'");
	check_marks(*state, "marking_norelro", "'-DOF=all.marks,16' -Wl,-z,norelro");
}

static void a_subject_without_marks_has_none(void **state)
{
	const struct mhp_subject *subject;
	struct mhp_ending ending;
	const char *error;
	char object[128];
	mhp_u64 count = 1;

	build(object, sizeof(object), "unmarked", counting, "-DVERSION=MHP_ABI_VERSION");
	subject = load(*state, object, &ending, &error);
	assert_non_null(subject);
	assert_null((const void *)mhp_subject_marks(subject, &count));
	assert_int_equal(count, 0);
	/* It has no room for a number. */
	mhp_subject_choose(subject, 1);
	assert_null((const void *)mhp_subject_marks(subject, &count));
}

static void assert_refused(struct mhp_machine *machine, const char *object, const char *reason)
{
	const char *error = NULL;
	struct mhp_ending ending;

	assert_null(load(machine, object, &ending, &error));
	assert_non_null(error);
	if (!strstr(error, reason) || !strstr(error, object) || strchr(error, '\n'))
		fail_msg("the message is: %s", error);
}

static void what_is_no_subject_is_refused_with_a_reason(void **state)
{
	char object[128];

	build(object, sizeof(object), "old", counting, "-DVERSION=99");
	assert_refused(*state, object, "another version of the stub headers");
	build(object, sizeof(object), "empty", "int nothing;\n", "");
	assert_refused(*state, object, "exports no mhp_subject");
	build(object, sizeof(object), "wide",
	      "#include \"abi.h\"\nconst struct mhp_subject mhp_subject = { MHP_ABI_VERSION, 12, 0, 0, 0 };\n", "");
	assert_refused(*state, object, "index width");
	build(object, sizeof(object), "hollow",
	      "#include \"abi.h\"\nconst struct mhp_subject mhp_subject = { MHP_ABI_VERSION, 9, 0, 0, 0 };\n", "");
	assert_refused(*state, object, "no entry points");
	assert_refused(*state, "/nonexistent/subject.so", "No such file");
	build(object, sizeof(object), "many", marking, "'-DOF=all.marks,65537'");
	assert_refused(*state, object, "its marks are not in its writable data");
	build(object, sizeof(object), "beyond", marking, "'-DOF=all.marks,60000'");
	assert_refused(*state, object, "its marks are not in its writable data");
	build(object, sizeof(object), "astray", marking, "'-DOF=(mhp_u8 *)8,16'");
	assert_refused(*state, object, "its marks are not in its writable data");
	build(object, sizeof(object), "constant", marking, "'-DOF=(mhp_u8 *)\"no data\",4'");
	assert_refused(*state, object, "its marks are not in its writable data");
}

/* The common code of all objects below. */
#define ENTRY_POINTS \
	"#include \"abi.h\"\n" \
	"static struct mhp_machine *machine;\n" \
	"static void bind(struct mhp_machine *m) { machine = m; }\n" \
	"static long order;\n" \
	"static void call(const struct mhp_operation *op) {\n" \
	"	(void)op; machine->returned(machine, order, 0); }\n" \
	"const struct mhp_subject mhp_subject = { MHP_ABI_VERSION, 9, 1, bind, call };\n"

static void constructors_run_when_it_starts_and_what_they_wrote_stays(void **state)
{
	const struct mhp_subject *subject;
	struct mhp_ending ending;
	const char *error;
	char object[128];

	test_take_signals();
	build(object, sizeof(object), "constructed", ENTRY_POINTS
	      "void old_way(void) { order = order * 10 + 1; }\n"
	      "__attribute__((constructor(200))) static void late(void) { order = order * 10 + 3; }\n"
	      "__attribute__((constructor(101))) static void soon(void) { order = order * 10 + 2; }\n",
	      "-Wl,-init,old_way");
	subject = load(*state, object, &ending, &error);
	assert_non_null(subject);
	for (int i = 0; i < 2; i++) {
		mhp_subject_reset(subject);
		run_twice(*state, subject);
		assert_event(*state, 0, (struct mhp_event){
			.kind = MHP_EVENT_RETURNED, .result = 123 });
	}
}

static void assert_ends(struct mhp_machine *machine, const char *name, const char *text,
			enum mhp_ending_kind kind)
{
	struct mhp_ending ending;
	const char *error = "";
	char object[128];

	test_take_signals();
	build(object, sizeof(object), name, text, "");
	assert_null(load(machine, object, &ending, &error));
	assert_null(error);
	assert_int_equal(ending.kind, kind);
}

static void a_constructor_that_does_not_come_back_is_said_to(void **state)
{
	mhp_guard_set_limit(60);
	assert_ends(*state, "ctor_null", ENTRY_POINTS
		    "__attribute__((constructor)) void f(void) { *(volatile int *)8 = 1; }\n",
		    MHP_WILD_ACCESS);
	assert_ends(*state, "ctor_loop", ENTRY_POINTS
		    "__attribute__((constructor)) void f(void) { for (volatile int i = 0;; i++); }\n",
		    MHP_HANG);
	assert_ends(*state, "ctor_array", ENTRY_POINTS
		    "__attribute__((used, section(\".init_array\"))) static long at[] = { 24 };\n",
		    MHP_WILD_ACCESS);
	mhp_guard_set_limit(1000);
}

static void code_that_would_run_while_it_is_opened_is_refused(void **state)
{
	char object[128];

	build(object, sizeof(object), "ifunc", ENTRY_POINTS
	      "static int one(void) { return 1; }\n"
	      "static int (*pick(void))(void) { *(volatile int *)0 = 1; return one; }\n"
	      "int any(void) __attribute__((ifunc(\"pick\")));\n"
	      "int (*through)(void) = any;\n", "");
	assert_refused(*state, object, "no subject has");
	build(object, sizeof(object), "ifunc_hidden", ENTRY_POINTS
	      "static int one(void) { return 1; }\n"
	      "static int (*pick(void))(void) { *(volatile int *)0 = 1; return one; }\n"
	      "static int any(void) __attribute__((ifunc(\"pick\")));\n"
	      "int (*through)(void) = any;\n", "");
	assert_refused(*state, object, "an indirect function?");
}

static void nothing_of_this_process_is_linked_in(void **state)
{
	const struct mhp_subject *subject;
	struct mhp_ending ending;
	const char *error;
	char object[128];

	test_take_signals();
	build(object, sizeof(object), "libc", ENTRY_POINTS
	      "int system(const char *); int (*through)(const char *) = system;\n",
	      "-Wl,--no-as-needed -lc");
	assert_refused(*state, object, "needs a library");
	build(object, sizeof(object), "undefined", ENTRY_POINTS
	      "int system(const char *); int (*through)(const char *) = system;\n", "");
	assert_refused(*state, object, "needs a symbol that it does not define");
	build(object, sizeof(object), "path", ENTRY_POINTS, "-Wl,-rpath,/nonexistent");
	assert_refused(*state, object, "sets a library search path");
	build(object, sizeof(object), "thread", ENTRY_POINTS "__thread int mine = 1;\n", "");
	assert_refused(*state, object, "thread-local variables");
	/* A weak symbol is NULL, even if this process has a symbol of that name. */
	build(object, sizeof(object), "weak", ENTRY_POINTS
	      "__attribute__((weak)) int system(const char *);\n"
	      "__attribute__((constructor)) static void f(void) { order = system ? 1 : 2; }\n", "");
	subject = load(*state, object, &ending, &error);
	assert_non_null(subject);
	run_twice(*state, subject);
	assert_event(*state, 0, (struct mhp_event){ .kind = MHP_EVENT_RETURNED, .result = 2 });
}

static void relocations_write_to_the_objects_own_data_only(void **state)
{
	/* The linker puts this among the real relocations: an offset, a type and an addend. */
	static const char forged[] = ENTRY_POINTS
		"__attribute__((used, section(\".rela.text.forged\")))\n"
		"static const unsigned long forged[] = { WHERE, 8, 0x1234 };\n";
	char object[128];

#ifndef __x86_64__
	skip();
#endif
	build(object, sizeof(object), "forged", forged, "-DWHERE=0x7fffffff0000");
	assert_refused(*state, object, "outside of its data");
}

static void an_object_cut_short_or_scribbled_on_is_refused_or_mapped(void **state)
{
	static mhp_u8 whole[1 << 16], part[1 << 16];
	struct mhp_object mapped;
	char object[128];
	mhp_u64 random = 42;
	size_t size;
	FILE *file;

	(void)state;
	build(object, sizeof(object), "whole", counting, "-DVERSION=MHP_ABI_VERSION");
	file = fopen(object, "rb");
	assert_non_null(file);
	size = fread(whole, 1, sizeof(whole), file);
	fclose(file);
	assert_in_range(size, 1024, sizeof(whole) - 1);
	for (size_t kept = 0; kept < size; kept += 61) {
		memcpy(part, whole, kept);
		/* An object without the section headers at its end cannot be mapped. */
		assert_non_null(mhp_object_map(part, kept, &mapped));
	}
	for (int round = 0; round < 20000; round++) {
		memcpy(part, whole, size);
		for (int i = 0; i < 1 + round % 4; i++) {
			random = random * 6364136223846793005ULL + 1442695040888963407ULL;
			/* Half of the changes go to the headers. */
			part[(random >> 33) % (round & 1 ? 512 : size)] = (mhp_u8)(random >> 24);
		}
		if (!mhp_object_map(part, size, &mapped))
			mhp_object_unmap(&mapped);
	}
}

static int setup(void **state)
{
	const char *temporary = getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";

	snprintf(folder, sizeof(folder), "%.40s/mhp-loader-XXXXXX", temporary);
	return mkdtemp(folder) ? test_machine_create(state) : -1;
}

static int teardown(void **state)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command) | test_machine_destroy(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reset_puts_statics_back),
		cmocka_unit_test(marks_survive_a_reset_and_the_statics_around_them_do_not),
		cmocka_unit_test(a_subject_without_marks_has_none),
		cmocka_unit_test(constructors_run_when_it_starts_and_what_they_wrote_stays),
		cmocka_unit_test(a_constructor_that_does_not_come_back_is_said_to),
		cmocka_unit_test(code_that_would_run_while_it_is_opened_is_refused),
		cmocka_unit_test(nothing_of_this_process_is_linked_in),
		cmocka_unit_test(relocations_write_to_the_objects_own_data_only),
		cmocka_unit_test(an_object_cut_short_or_scribbled_on_is_refused_or_mapped),
		cmocka_unit_test(what_is_no_subject_is_refused_with_a_reason),
	};

	return cmocka_run_group_tests_name("loader", tests, setup, teardown);
}
