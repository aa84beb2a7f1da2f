// SPDX-License-Identifier: GPL-2.0-only

#include "mhp_version.h"

const char *mhp_version_commit(void)
{
	return MHPCHECK_COMMIT;
}

const char *mhp_version_date(void)
{
	return MHPCHECK_DATE;
}
