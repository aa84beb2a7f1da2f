// SPDX-License-Identifier: GPL-2.0-only
/* The nodes of a YAML text, and what is said of a text that is wrong. */
#include "yaml_fixture.h"

static void a_scalar_is_its_text_without_quotes_and_escapes(void **state)
{
	static const struct {
		const char *text;
		const char *value;
	} scalars[] = {
		{ "plain words # a comment", "plain words" },
		{ "'it''s'", "it's" },
		{ "\"a\\tb\\\"\\u00e9\\L\"", "a\tb\"\xc3\xa9\xe2\x80\xa8" },
		{ "a\nb\n\nc", "a b\nc" },
		{ "\"a\n  b\"", "a b" },
		{ "|\n  a\n   b\n", "a\n b\n" },
		{ ">-\n  a\n  b\n", "a b" },
		{ "!!int 'x'", "x" },
		{ "R & D", "R & D" },
		{ "~", "~" },
		{ "\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(scalars) / sizeof(*scalars); i++) {
		struct mhp_yaml document = yaml_of(scalars[i].text);

		check_yaml(&document);
		assert_int_equal(document.node_count, 1);
		assert_yaml_scalar(&document, 0, 1, scalars[i].value);
		mhp_yaml_free(&document);
	}
}

static void nodes_come_in_the_order_of_the_text_with_their_lines(void **state)
{
	struct mhp_yaml document = yaml_of("a: 1\nb:\n  - {c: d}\n  - [e, f]\n? [g]\n:\n");

	(void)state;
	check_yaml(&document);
	assert_int_equal(document.node_count, 14);
	assert_yaml_node(&document, 0, MHP_YAML_MAPPING, 1, 6);
	assert_yaml_scalar(&document, 1, 1, "a");
	assert_yaml_scalar(&document, 2, 1, "1");
	assert_yaml_scalar(&document, 3, 2, "b");
	assert_yaml_node(&document, 4, MHP_YAML_SEQUENCE, 3, 2);
	assert_yaml_node(&document, 5, MHP_YAML_MAPPING, 3, 2);
	assert_yaml_scalar(&document, 6, 3, "c");
	assert_yaml_scalar(&document, 7, 3, "d");
	assert_yaml_node(&document, 8, MHP_YAML_SEQUENCE, 4, 2);
	assert_yaml_scalar(&document, 9, 4, "e");
	assert_yaml_scalar(&document, 10, 4, "f");
	assert_yaml_node(&document, 11, MHP_YAML_SEQUENCE, 5, 1);
	assert_yaml_scalar(&document, 12, 5, "g");
	assert_yaml_bytes(&document, 13, 6, "", 0);
	mhp_yaml_free(&document);
}

static void a_text_without_a_document_has_no_nodes(void **state)
{
	static const char *const texts[] = { "", "\n\n", "# a comment\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct mhp_yaml document = yaml_of(texts[i]);

		check_yaml(&document);
		assert_int_equal(document.status, MHP_YAML_READ);
		assert_int_equal(document.node_count, 0);
		mhp_yaml_free(&document);
	}
}

static void nothing_needs_no_pointer_and_is_freed_twice(void **state)
{
	struct mhp_yaml document;

	(void)state;
	mhp_yaml_parse(NULL, 0, &document);
	check_yaml(&document);
	assert_int_equal(document.status, MHP_YAML_READ);
	mhp_yaml_free(&document);
	mhp_yaml_free(&document);
}

static void a_malformed_text_is_refused_with_its_line(void **state)
{
	(void)state;
	assert_yaml_refused("a: [\n", MHP_YAML_MALFORMED, 2,
			    "did not find expected node content");
	assert_yaml_refused("a: 1\n\tb: 2\n", MHP_YAML_MALFORMED, 2, NULL);
	assert_yaml_refused("a: 1\nb: *\n", MHP_YAML_MALFORMED, 2,
			    "did not find expected alphabetic or numeric character");
	assert_yaml_refused("a: \"\n", MHP_YAML_MALFORMED, 2, NULL);
	assert_yaml_refused("a: \"\\ud800\"\n", MHP_YAML_MALFORMED, 1, NULL);
	assert_yaml_refused("%FOO\n---\na: b\n", MHP_YAML_MALFORMED, 1,
			    "found unknown directive name");
}

static void an_alias_stands_for_nothing(void **state)
{
	(void)state;
	assert_yaml_refused("a: 1\nb: *x\n", MHP_YAML_MALFORMED, 2, "found undefined alias");
	assert_yaml_refused("*x\n", MHP_YAML_MALFORMED, 1, "found undefined alias");
	assert_yaml_refused("*x : 1\n", MHP_YAML_MALFORMED, 1, "found undefined alias");
}

static void an_anchor_is_refused_wherever_it_stands(void **state)
{
	(void)state;
	assert_yaml_refused("a: &x 1\nb: *x\n", MHP_YAML_REFUSED, 1, "anchor");
	assert_yaml_refused("a:\n  - &x [1]\n", MHP_YAML_REFUSED, 2, "anchor");
	assert_yaml_refused("a: b\n&x c: d\n", MHP_YAML_REFUSED, 2, "anchor");
	assert_yaml_refused("&x\na: b\n", MHP_YAML_REFUSED, 1, "anchor");
	assert_yaml_refused("!t &x a", MHP_YAML_REFUSED, 1, "anchor");
	assert_yaml_refused("{\"a\":&x b}", MHP_YAML_REFUSED, 1, "anchor");
	/* Each further line of this kind would multiply the nodes by nine. */
	assert_yaml_refused("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n",
			    MHP_YAML_REFUSED, 1, "anchor");
}

static void a_second_document_is_refused(void **state)
{
	(void)state;
	assert_yaml_refused("a: b\n---\nc: d\n", MHP_YAML_MALFORMED, 2,
			    "but found another document");
	assert_yaml_refused("---\n---\n", MHP_YAML_MALFORMED, 2, "but found another document");
	assert_yaml_refused("a\n...\n\n---\nb\n...\n", MHP_YAML_MALFORMED, 4,
			    "but found another document");
}

static void a_scalar_may_contain_nul_bytes_as_escapes(void **state)
{
	struct mhp_yaml document = yaml_of("- \"a\\0b\\x00\"\n- c\n");

	(void)state;
	check_yaml(&document);
	assert_yaml_bytes(&document, 1, 1, "a\0b\0", 4);
	assert_yaml_scalar(&document, 2, 2, "c");
	mhp_yaml_free(&document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scalar_is_its_text_without_quotes_and_escapes),
		cmocka_unit_test(nodes_come_in_the_order_of_the_text_with_their_lines),
		cmocka_unit_test(a_text_without_a_document_has_no_nodes),
		cmocka_unit_test(nothing_needs_no_pointer_and_is_freed_twice),
		cmocka_unit_test(a_malformed_text_is_refused_with_its_line),
		cmocka_unit_test(an_alias_stands_for_nothing),
		cmocka_unit_test(an_anchor_is_refused_wherever_it_stands),
		cmocka_unit_test(a_second_document_is_refused),
		cmocka_unit_test(a_scalar_may_contain_nul_bytes_as_escapes),
	};

	return cmocka_run_group_tests_name("yaml_nodes", tests, NULL, NULL);
}
