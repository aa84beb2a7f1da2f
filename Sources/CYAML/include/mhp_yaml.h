/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A YAML text as a flat array of nodes, as libyaml's parser gives them. Users
 * write the texts, so there is a limit to everything. Tags are not looked at,
 * and nothing says which style a node was written in: no file of ours depends
 * on either.
 */
#ifndef MHP_YAML_H
#define MHP_YAML_H

#include <stddef.h>
#include <stdint.h>

/* The limits. No file of ours nests more than two levels. */
#define MHP_YAML_MOST_BYTES (1 << 20)
#define MHP_YAML_MOST_NODES (1 << 20)
#define MHP_YAML_MOST_DEPTH 64

enum mhp_yaml_status {
	/* There are nodes; none if the text has no document. */
	MHP_YAML_READ,
	/* `line` and `problem` say what is wrong. */
	MHP_YAML_MALFORMED,
	/* The text is no UTF-8, or has a character that YAML forbids; or memory ran out. */
	MHP_YAML_UNREADABLE,
	/* The text exceeds the limit of bytes or of nodes. */
	MHP_YAML_TOO_LARGE,
	/* The text exceeds the limit of depth, or has an anchor; `line` says where. */
	MHP_YAML_REFUSED,
};

enum mhp_yaml_kind {
	MHP_YAML_SCALAR,
	MHP_YAML_SEQUENCE,
	MHP_YAML_MAPPING,
};

/* A node. Its children follow it, each with all of its own. */
struct mhp_yaml_node {
	enum mhp_yaml_kind kind;
	/* The line that it starts in, from 1. */
	uint32_t line;
	/* Its children; in a mapping, keys and values in turn. */
	uint32_t count;
	/* A scalar's text, quotes and escapes resolved, among the document's bytes. */
	uint32_t offset;
	uint32_t length;
};

struct mhp_yaml {
	enum mhp_yaml_status status;
	/* The line of what is wrong, from 1; 0 if there is none. */
	uint32_t line;
	/* A text that lives forever; NULL if the status says everything. */
	const char *problem;
	/* NULL unless the text was read. */
	struct mhp_yaml_node *nodes;
	uint32_t node_count;
	/* UTF-8 without a NUL byte at the end; the scalars may contain any. */
	uint8_t *bytes;
	uint32_t byte_count;
};

/*
 * Parses a text, which need not end with a NUL byte, and fills in the document.
 * The text has one document at most. mhp_yaml_free() gives back what it holds.
 */
void mhp_yaml_parse(const uint8_t *text, size_t length, struct mhp_yaml *document);
void mhp_yaml_free(struct mhp_yaml *document);

#endif
