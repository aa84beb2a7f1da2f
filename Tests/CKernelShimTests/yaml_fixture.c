// SPDX-License-Identifier: GPL-2.0-only
#include "yaml_fixture.h"

#include <stdlib.h>
#include <string.h>

struct mhp_yaml yaml_of_bytes(const char *text, size_t length)
{
	struct mhp_yaml document;
	uint8_t *copy = malloc(length ? length : 1);

	assert_non_null(copy);
	memcpy(copy, text, length);
	mhp_yaml_parse(copy, length, &document);
	free(copy);
	return document;
}

struct mhp_yaml yaml_of(const char *text)
{
	return yaml_of_bytes(text, strlen(text));
}

/* The end of a node with all of its children; every number that the node has is looked at. */
static uint32_t walk(const struct mhp_yaml *document, uint32_t number, uint32_t depth)
{
	const struct mhp_yaml_node *node;
	uint32_t next = number + 1;

	assert_true(number < document->node_count);
	node = &document->nodes[number];
	assert_true(node->line >= 1);
	if (node->kind == MHP_YAML_SCALAR) {
		assert_int_equal(node->count, 0);
		assert_true(node->offset <= document->byte_count);
		assert_true(node->length <= document->byte_count - node->offset);
		return next;
	}
	assert_true(node->kind == MHP_YAML_SEQUENCE || node->kind == MHP_YAML_MAPPING);
	assert_true(node->kind == MHP_YAML_SEQUENCE || node->count % 2 == 0);
	assert_true(depth < MHP_YAML_MOST_DEPTH);
	for (uint32_t i = 0; i < node->count; i++)
		next = walk(document, next, depth + 1);
	return next;
}

void check_yaml(const struct mhp_yaml *document)
{
	if (document->status == MHP_YAML_READ) {
		assert_null(document->problem);
		if (document->node_count)
			assert_int_equal(walk(document, 0, 0), document->node_count);
		return;
	}
	assert_null(document->nodes);
	assert_null(document->bytes);
	assert_int_equal(document->node_count, 0);
	assert_int_equal(document->byte_count, 0);
	if (document->status == MHP_YAML_MALFORMED || document->status == MHP_YAML_REFUSED) {
		assert_non_null(document->problem);
		assert_true(document->line >= 1);
	}
}

void assert_yaml_node(const struct mhp_yaml *document, uint32_t number, enum mhp_yaml_kind kind,
		      uint32_t line, uint32_t count)
{
	assert_true(number < document->node_count);
	assert_int_equal(document->nodes[number].kind, kind);
	assert_int_equal(document->nodes[number].line, line);
	assert_int_equal(document->nodes[number].count, count);
}

void assert_yaml_bytes(const struct mhp_yaml *document, uint32_t number, uint32_t line,
		       const char *text, size_t length)
{
	assert_yaml_node(document, number, MHP_YAML_SCALAR, line, 0);
	assert_int_equal(document->nodes[number].length, length);
	if (length)
		assert_memory_equal(document->bytes + document->nodes[number].offset, text, length);
}

void assert_yaml_scalar(const struct mhp_yaml *document, uint32_t number, uint32_t line,
			const char *text)
{
	assert_yaml_bytes(document, number, line, text, strlen(text));
}

void assert_yaml_refused(const char *text, enum mhp_yaml_status status, uint32_t line,
			 const char *problem)
{
	struct mhp_yaml document = yaml_of(text);

	check_yaml(&document);
	assert_int_equal(document.status, status);
	assert_int_equal(document.line, line);
	if (problem)
		assert_string_equal(document.problem, problem);
	mhp_yaml_free(&document);
}
