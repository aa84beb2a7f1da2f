/* SPDX-License-Identifier: GPL-2.0-only */
/* Made from patches/ by generate.sh; do not edit. */
#define MHP_REFERENCE_SHA256 \
	"949d7ca281670b9c0f7df64630050bc78ea78857719f54e6ae7b11f24201cbea"
