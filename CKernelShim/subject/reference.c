// SPDX-License-Identifier: GPL-2.0-only
/* Picks the embedded reference of an index width: one translation unit each. */
#include "CKernelReference.h"

extern const struct mhp_subject mhp_reference_9;
extern const struct mhp_subject mhp_reference_2;
extern const struct mhp_subject mhp_reference_1;

const struct mhp_subject *mhp_reference(mhp_u64 index_bits)
{
	switch (index_bits) {
	case 9:
		return &mhp_reference_9;
	case 2:
		return &mhp_reference_2;
	case 1:
		return &mhp_reference_1;
	default:
		return (const struct mhp_subject *)0;
	}
}
