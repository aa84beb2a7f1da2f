// SPDX-License-Identifier: GPL-2.0-only
/* YAML texts at the limits, cut off, distorted, or no text at all. */
#include "yaml_fixture.h"

#include <stdlib.h>
#include <string.h>

/* Has every kind of node and scalar, and characters of one to four bytes. */
static const char sample[] =
	"%YAML 1.1\n"
	"---\n"
	"# Our kernel.\n"
	"schema: mhpcheck.expectations/1\n"
	"expected:\n"
	"  - missing: \"*\"   # both\n"
	"    reason: 'it''s late'\n"
	"\n"
	"  - {hazard: H9, \"reason\": \"\\u00e9\\L\\x41\\\n"
	"      \\t\", ? mode : [sv39, [sv48]]}\n"
	"  - difference: !!str remove_p?d\n"
	"    reason: |-\n"
	"      no such\n"
	"        thing\n"
	"    kind: >\n"
	"      folded\n"
	"      text\n"
	"? - a\n"
	"  - \xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7\n"
	": b\n"
	"empty:\n"
	"...\n";

static void the_sample_is_read(void **state)
{
	struct mhp_yaml document = yaml_of(sample);

	(void)state;
	check_yaml(&document);
	assert_int_equal(document.status, MHP_YAML_READ);
	assert_yaml_node(&document, 0, MHP_YAML_MAPPING, 4, 8);
	mhp_yaml_free(&document);
}

/* A text a number of times, and its end; the caller frees it. */
static char *repeated(const char *text, size_t count, const char *end)
{
	size_t length = strlen(text);
	char *all = malloc(count * length + strlen(end) + 1);

	assert_non_null(all);
	for (size_t i = 0; i < count; i++)
		memcpy(all + i * length, text, length);
	strcpy(all + count * length, end);
	return all;
}

static void a_text_nests_up_to_the_limit(void **state)
{
	static const char *const openings[] = { "[", "{a: ", "- ", "? ", "[{? " };

	(void)state;
	for (size_t i = 0; i < sizeof(openings) / sizeof(*openings); i++) {
		char *text = repeated(openings[i], 100000, "");

		assert_yaml_refused(text, MHP_YAML_REFUSED, 1, "depth");
		free(text);
	}
	for (uint32_t depth = MHP_YAML_MOST_DEPTH - 1; depth <= MHP_YAML_MOST_DEPTH + 1; depth++) {
		char *text = repeated("- ", depth, "x");
		struct mhp_yaml document = yaml_of(text);

		check_yaml(&document);
		assert_int_equal(document.status, depth <= MHP_YAML_MOST_DEPTH ? MHP_YAML_READ
									       : MHP_YAML_REFUSED);
		mhp_yaml_free(&document);
		free(text);
	}
}

static void a_text_has_bytes_and_nodes_up_to_the_limits(void **state)
{
	struct mhp_yaml document;
	char *text = repeated("x", MHP_YAML_MOST_BYTES, "x");

	(void)state;
	document = yaml_of_bytes(text, MHP_YAML_MOST_BYTES);
	check_yaml(&document);
	assert_int_equal(document.status, MHP_YAML_READ);
	mhp_yaml_free(&document);
	document = yaml_of_bytes(text, MHP_YAML_MOST_BYTES + 1);
	check_yaml(&document);
	assert_int_equal(document.status, MHP_YAML_TOO_LARGE);
	mhp_yaml_free(&document);
	/* Only the length says so: none of it is read. */
	mhp_yaml_parse((const uint8_t *)text, SIZE_MAX, &document);
	assert_int_equal(document.status, MHP_YAML_TOO_LARGE);
	mhp_yaml_free(&document);
	free(text);

	/* Two nodes for each comma: a key, and the value that is not there. */
	text = repeated(",x", MHP_YAML_MOST_NODES / 2 - 1, "}");
	text[0] = '{';
	document = yaml_of(text);
	check_yaml(&document);
	assert_int_equal(document.status, MHP_YAML_READ);
	assert_int_equal(document.node_count, MHP_YAML_MOST_NODES - 1);
	mhp_yaml_free(&document);
	free(text);

	/* Two nodes for each line, and the mapping itself: one more than there may be. */
	text = repeated("?\n", MHP_YAML_MOST_NODES / 2, "");
	assert_yaml_refused(text, MHP_YAML_TOO_LARGE, 0, NULL);
	free(text);

	/* The escapes that grow most. */
	text = repeated("\\L", MHP_YAML_MOST_BYTES / 2, "");
	text[0] = ' ';
	text[1] = '"';
	text[MHP_YAML_MOST_BYTES - 2] = '"';
	text[MHP_YAML_MOST_BYTES - 1] = ' ';
	document = yaml_of_bytes(text, MHP_YAML_MOST_BYTES);
	check_yaml(&document);
	assert_int_equal(document.status, MHP_YAML_READ);
	assert_int_equal(document.byte_count, 3 * (MHP_YAML_MOST_BYTES / 2 - 2));
	mhp_yaml_free(&document);
	free(text);
}

static void a_text_that_is_no_text_is_refused(void **state)
{
	static const struct {
		const char *text;
		size_t length;
	} texts[] = {
		{ "a: \0", 4 }, { "\0", 1 }, { "a: b\0c", 6 }, { "a: \x01", 4 }, { "a: \x7f", 4 },
		{ "a: \x80", 4 }, { "a: \xc3", 4 }, { "a: \xc0\x80", 5 }, { "a: \xed\xa0\x80", 6 },
		{ "a: \xf4\x90\x80\x80", 7 }, { "a: \xff\xfe", 5 }, { "\xff\xfe" "a\0", 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct mhp_yaml document = yaml_of_bytes(texts[i].text, texts[i].length);

		check_yaml(&document);
		assert_int_equal(document.status, MHP_YAML_UNREADABLE);
		mhp_yaml_free(&document);
	}
}

static void the_sample_may_end_anywhere(void **state)
{
	(void)state;
	for (size_t length = 0; length < sizeof(sample); length++) {
		struct mhp_yaml document = yaml_of_bytes(sample, length);

		check_yaml(&document);
		mhp_yaml_free(&document);
	}
}

static uint64_t random_number(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Replaces, removes or doubles a few bytes. */
static size_t mutate(char *text, size_t length, size_t room, uint64_t *seed)
{
	static const char signs[] = "[]{},:-?*!|>'\"%#\\ \n\t\r&@`~<=0aA.\x01\x80\xc2\xff";

	for (uint64_t count = 1 + random_number(seed) % 4; count && length; count--) {
		size_t at = random_number(seed) % length;

		switch (random_number(seed) % 4) {
		case 0:
			text[at] = signs[random_number(seed) % sizeof(signs)];
			break;
		case 1:
			memmove(text + at, text + at + 1, length - at - 1);
			length--;
			break;
		case 2:
			if (length == room)
				break;
			memmove(text + at + 1, text + at, length - at);
			text[at] = signs[random_number(seed) % sizeof(signs)];
			length++;
			break;
		default:
			if (random_number(seed) % 4 == 0)
				length = at;
		}
	}
	return length;
}

static void no_mutant_of_the_sample_does_harm(void **state)
{
	uint64_t seed = 0x9e3779b97f4a7c15;
	uint32_t read = 0;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		char text[sizeof(sample) + 8];
		size_t length = sizeof(sample) - 1;
		struct mhp_yaml document;

		memcpy(text, sample, length);
		length = mutate(text, length, sizeof(text), &seed);
		document = yaml_of_bytes(text, length);
		check_yaml(&document);
		read += document.status == MHP_YAML_READ;
		mhp_yaml_free(&document);
	}
	/* Otherwise the test reaches only the refusals. */
	assert_in_range(read, 500, 4500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sample_is_read),
		cmocka_unit_test(a_text_nests_up_to_the_limit),
		cmocka_unit_test(a_text_has_bytes_and_nodes_up_to_the_limits),
		cmocka_unit_test(a_text_that_is_no_text_is_refused),
		cmocka_unit_test(the_sample_may_end_anywhere),
		cmocka_unit_test(no_mutant_of_the_sample_does_harm),
	};

	return cmocka_run_group_tests_name("yaml_hostile", tests, NULL, NULL);
}
