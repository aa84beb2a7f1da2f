// SPDX-License-Identifier: GPL-2.0-only
/* The module's one object: what matters are the files that are copied beside the program. */
#include "CMachineText.h"
