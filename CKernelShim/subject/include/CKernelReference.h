/* SPDX-License-Identifier: GPL-2.0-only */
/* The embedded reference, compiled from patches/ against the stub headers. */
#ifndef CKERNELREFERENCE_H
#define CKERNELREFERENCE_H

#include "CKernelShim.h"
#include "reference_digest.h"

/* NULL for an index width that is not compiled in. */
const struct mhp_subject *mhp_reference(mhp_u64 index_bits);

#endif
