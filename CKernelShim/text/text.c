// SPDX-License-Identifier: GPL-2.0-only
/* The module's only object; its purpose is the files that are copied beside the program. */
#include "CMachineText.h"
