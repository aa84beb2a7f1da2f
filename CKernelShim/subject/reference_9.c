// SPDX-License-Identifier: GPL-2.0-only
/* The embedded reference with 9 index bits a level. */
#define MHP_INDEX_BITS 9
#define MHP_SUBJECT_NAME mhp_reference_9

#include "config.h"
#include "entry_points.h"
#include <mhp/prelude.h>
#include "reference.inc"
#include <mhp/dispatch.h>
