/* SPDX-License-Identifier: GPL-2.0-only */
/* Made from patches/ by generate.sh; do not edit. */
#define MHP_REFERENCE_SHA256 \
	"0d83fa0e9207c0d3578d2ff4799bb5620a07efce5e62c3a583636ab903d2b0cf"
