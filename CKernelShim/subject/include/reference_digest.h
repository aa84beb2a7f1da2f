/* SPDX-License-Identifier: GPL-2.0-only */
/* Made from patches/ by generate.sh; do not edit. */
#define MHP_REFERENCE_SHA256 \
	"3cf28b599d5310bbd2a7f012ab08b7244d36c55f478efac80065ad0db9ec49f1"
