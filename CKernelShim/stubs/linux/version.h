/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Customised: the version for the conditions in vendors' texts. The stub
 * headers serve every era, so any version works; -D LINUX_VERSION_CODE=N sets
 * another one.
 */
#ifndef STUB_LINUX_VERSION_H
#define STUB_LINUX_VERSION_H

#define KERNEL_VERSION(major, minor, patch)                                    \
	(((major) << 16) + ((minor) << 8) + ((patch) > 255 ? 255 : (patch)))

#ifndef LINUX_VERSION_CODE
#define LINUX_VERSION_CODE KERNEL_VERSION(6, 12, 0)
#endif

#endif
