/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The files that the program has within it, as text that ends with a NUL byte.
 * Swift's own way to embed a file makes a literal of it with an element for
 * each byte, which takes the Swift compiler minutes.
 */
#ifndef MHP_EMBEDDED_H
#define MHP_EMBEDDED_H

/* Sources/Cases/Confirm/cases.json */
const char *mhp_embedded_confirm_cases(void);
/* Sources/Reports/Document/Page/page.css */
const char *mhp_embedded_page_style(void);
/* Sources/Reports/Document/Page/page.js */
const char *mhp_embedded_page_script(void);
/* Sources/Reports/Language/zh.json */
const char *mhp_embedded_chinese(void);
/* Sources/Lab/Guests/Packages/pins.json */
const char *mhp_embedded_package_pins(void);
/* Sources/Lab/Mutation/equivalents.json */
const char *mhp_embedded_equivalents(void);

#endif
