// SPDX-License-Identifier: GPL-2.0-only
/* Loading compiled subjects; the tiny ones here are compiled as the test runs. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];

/* Keeps a count in .data, one in .bss and one behind a pointer that needs a relocation. */
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
	snprintf(command, sizeof(command), "%s -shared -fPIC -I %s %s -o %s %s", compiler,
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
	assert_event(machine, 0, (struct mhp_event){ .kind = MHP_EVENT_RETURNED, .b = 6, .c = 1 });
	assert_event(machine, 1, (struct mhp_event){
		.kind = MHP_EVENT_RETURNED, .a = 1, .b = 7, .c = 2 });
}

static void check_reset(struct mhp_machine *machine, const char *name, const char *options)
{
	const struct mhp_subject *subject;
	const char *error;
	char object[128];

	build(object, sizeof(object), name, counting, options);
	subject = mhp_subject_load(object, &error);
	if (!subject)
		fail_msg("%s", error);
	assert_int_equal(run_twice(machine, subject).kind, MHP_FINISHED);
	assert_counts_from_the_start(machine);
	run_twice(machine, subject);
	assert_event(machine, 0, (struct mhp_event){ .kind = MHP_EVENT_RETURNED, .b = 8, .c = 3 });
	mhp_subject_reset(subject);
	run_twice(machine, subject);
	assert_counts_from_the_start(machine);
}

static void a_reset_puts_statics_back(void **state)
{
	test_take_signals();
	check_reset(*state, "counting", "-DVERSION=1");
	check_reset(*state, "counting_relro", "-DVERSION=1 -Wl,-z,relro,-z,now");
	check_reset(*state, "counting_norelro", "-DVERSION=1 -Wl,-z,norelro");
}

static void assert_refused(const char *object, const char *reason)
{
	const char *error = NULL;

	assert_null(mhp_subject_load(object, &error));
	assert_non_null(error);
	if (!strstr(error, reason) || !strstr(error, object) || strchr(error, '\n'))
		fail_msg("the message is: %s", error);
}

static void what_is_no_subject_is_refused_with_a_reason(void **state)
{
	char object[128];

	(void)state;
	build(object, sizeof(object), "old", counting, "-DVERSION=99");
	assert_refused(object, "another version of the stub headers");
	build(object, sizeof(object), "empty", "int nothing;\n", "");
	assert_refused(object, "exports no mhp_subject");
	build(object, sizeof(object), "wide",
	      "#include \"abi.h\"\nconst struct mhp_subject mhp_subject = { 1, 12, 0, 0, 0 };\n", "");
	assert_refused(object, "index width");
	build(object, sizeof(object), "hollow",
	      "#include \"abi.h\"\nconst struct mhp_subject mhp_subject = { 1, 9, 0, 0, 0 };\n", "");
	assert_refused(object, "no entry points");
	assert_refused("/nonexistent/subject.so", "No such file");
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
		cmocka_unit_test(what_is_no_subject_is_refused_with_a_reason),
	};

	return cmocka_run_group_tests_name("loader", tests, setup, teardown);
}
