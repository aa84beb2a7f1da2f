// SPDX-License-Identifier: GPL-2.0-only
#include "mhp_embedded.h"

static const unsigned char confirm_cases[] = {
#embed "../Cases/Confirm/cases.json" suffix(, 0)
};

static const unsigned char page_style[] = {
#embed "../Reports/Document/Page/page.css" suffix(, 0)
};

static const unsigned char page_script[] = {
#embed "../Reports/Document/Page/page.js" suffix(, 0)
};

static const unsigned char chinese[] = {
#embed "../Reports/Language/zh.json" suffix(, 0)
};

static const unsigned char package_pins[] = {
#embed "../Lab/Guests/Packages/pins.json" suffix(, 0)
};

static const unsigned char equivalents[] = {
#embed "../Lab/Mutation/equivalents.json" suffix(, 0)
};

#define MHP_EMBEDDED(name)                                                     \
	const char *mhp_embedded_##name(void)                                  \
	{                                                                      \
		return (const char *)name;                                     \
	}

MHP_EMBEDDED(confirm_cases)
MHP_EMBEDDED(page_style)
MHP_EMBEDDED(page_script)
MHP_EMBEDDED(chinese)
MHP_EMBEDDED(package_pins)
MHP_EMBEDDED(equivalents)
