/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MHP_VERSION_H
#define MHP_VERSION_H

/* The commit that the program was built from, with "-dirty" if files were changed; empty if it is not known. */
const char *mhp_version_commit(void);

/* The commit's date, YYYY-MM-DD; empty if it is not known. */
const char *mhp_version_date(void);

#endif
