// SPDX-License-Identifier: GPL-2.0-only
/*
 * Turns the events of libyaml's parser into nodes. The parser keeps the levels
 * of a text on a heap, so a deep text costs no stack; the depth is limited for
 * the sake of those who walk the nodes.
 */
#include "mhp_yaml.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct reader {
	struct mhp_yaml *document;
	uint32_t node_room;
	uint32_t byte_room;
	/* The nodes whose ends have not come yet, from the root on. */
	uint32_t open[MHP_YAML_MOST_DEPTH];
	uint32_t depth;
};

/* Returns false, for the caller to return. */
static bool fail(struct reader *reader, enum mhp_yaml_status status)
{
	reader->document->status = status;
	return false;
}

/* The same, about the line of a mark. */
static bool fail_at(struct reader *reader, enum mhp_yaml_status status, const yaml_mark_t *mark,
		    const char *problem)
{
	reader->document->line = mark->line + 1;
	reader->document->problem = problem;
	return fail(reader, status);
}

/* What the parser says of a text that it cannot parse. Its problems are literals and outlive it. */
static bool fail_as(struct reader *reader, const yaml_parser_t *parser)
{
	switch (parser->error) {
	case YAML_SCANNER_ERROR:
	case YAML_PARSER_ERROR:
		return fail_at(reader, MHP_YAML_MALFORMED, &parser->problem_mark, parser->problem);
	default:
		return fail(reader, MHP_YAML_UNREADABLE);
	}
}

/* Adds a node as a child of the innermost open one; NULL if that is not possible. */
static struct mhp_yaml_node *add(struct reader *reader, const yaml_event_t *event,
				 enum mhp_yaml_kind kind)
{
	struct mhp_yaml *document = reader->document;
	struct mhp_yaml_node *node;

	if (document->node_count == MHP_YAML_MOST_NODES) {
		fail(reader, MHP_YAML_TOO_LARGE);
		return NULL;
	}
	if (document->node_count == reader->node_room) {
		uint32_t room = reader->node_room ? 2 * reader->node_room : 64;

		node = realloc(document->nodes, room * sizeof(*node));
		if (!node) {
			fail(reader, MHP_YAML_UNREADABLE);
			return NULL;
		}
		document->nodes = node;
		reader->node_room = room;
	}
	if (reader->depth)
		document->nodes[reader->open[reader->depth - 1]].count++;
	node = &document->nodes[document->node_count++];
	*node = (struct mhp_yaml_node){ .kind = kind, .line = event->start_mark.line + 1 };
	return node;
}

/*
 * An anchor is refused: of a few of them and their aliases a text of one page
 * can make a tree of any size. So no alias has anything to stand for.
 */
static bool has_anchor(struct reader *reader, const yaml_event_t *event, const yaml_char_t *anchor)
{
	if (!anchor)
		return false;
	fail_at(reader, MHP_YAML_REFUSED, &event->start_mark, "anchor");
	return true;
}

static bool take_scalar(struct reader *reader, const yaml_event_t *event)
{
	struct mhp_yaml *document = reader->document;
	size_t length = event->data.scalar.length;
	struct mhp_yaml_node *node;

	if (has_anchor(reader, event, event->data.scalar.anchor))
		return false;
	if (length > reader->byte_room - document->byte_count)
		return fail(reader, MHP_YAML_TOO_LARGE);
	node = add(reader, event, MHP_YAML_SCALAR);
	if (!node)
		return false;
	node->offset = document->byte_count;
	node->length = length;
	memcpy(document->bytes + document->byte_count, event->data.scalar.value, length);
	document->byte_count += length;
	return true;
}

static bool take_start(struct reader *reader, const yaml_event_t *event, enum mhp_yaml_kind kind,
		       const yaml_char_t *anchor)
{
	if (has_anchor(reader, event, anchor))
		return false;
	if (reader->depth == MHP_YAML_MOST_DEPTH)
		return fail_at(reader, MHP_YAML_REFUSED, &event->start_mark, "depth");
	if (!add(reader, event, kind))
		return false;
	reader->open[reader->depth++] = reader->document->node_count - 1;
	return true;
}

/* Takes an event; false if it ends the parsing. */
static bool take(struct reader *reader, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		/* Each document has a node, if only an empty scalar. */
		if (reader->document->node_count)
			return fail_at(reader, MHP_YAML_MALFORMED, &event->start_mark,
				       "but found another document");
		return true;
	case YAML_ALIAS_EVENT:
		return fail_at(reader, MHP_YAML_MALFORMED, &event->start_mark,
			       "found undefined alias");
	case YAML_SCALAR_EVENT:
		return take_scalar(reader, event);
	case YAML_SEQUENCE_START_EVENT:
		return take_start(reader, event, MHP_YAML_SEQUENCE,
				  event->data.sequence_start.anchor);
	case YAML_MAPPING_START_EVENT:
		return take_start(reader, event, MHP_YAML_MAPPING,
				  event->data.mapping_start.anchor);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		/* The parser gives one end for each start. */
		reader->depth--;
		return true;
	case YAML_STREAM_END_EVENT:
		return false;
	default:
		return true;
	}
}

static void read_events(struct reader *reader, const uint8_t *text, size_t length)
{
	yaml_parser_t parser;
	yaml_event_t event;
	bool more;

	if (!yaml_parser_initialize(&parser)) {
		fail(reader, MHP_YAML_UNREADABLE);
		return;
	}
	/* Else a mark at the start of the text would make UTF-16 of it. */
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, text, length);
	do {
		if (!yaml_parser_parse(&parser, &event)) {
			fail_as(reader, &parser);
			break;
		}
		more = take(reader, &event);
		yaml_event_delete(&event);
	} while (more);
	yaml_parser_delete(&parser);
}

static void drop(struct mhp_yaml *document)
{
	free(document->nodes);
	free(document->bytes);
	document->nodes = NULL;
	document->bytes = NULL;
	document->node_count = 0;
	document->byte_count = 0;
}

void mhp_yaml_parse(const uint8_t *text, size_t length, struct mhp_yaml *document)
{
	struct reader reader = { .document = document };

	memset(document, 0, sizeof(*document));
	if (length > MHP_YAML_MOST_BYTES) {
		fail(&reader, MHP_YAML_TOO_LARGE);
		return;
	}
	/* An escape of two characters stands for three bytes at most, other text for what it has. */
	reader.byte_room = 2 * length + 1;
	document->bytes = malloc(reader.byte_room);
	if (!document->bytes) {
		fail(&reader, MHP_YAML_UNREADABLE);
		return;
	}
	/* The parser wants a pointer even to nothing. */
	read_events(&reader, length ? text : (const uint8_t *)"", length);
	if (document->status != MHP_YAML_READ)
		drop(document);
}

void mhp_yaml_free(struct mhp_yaml *document)
{
	drop(document);
}
