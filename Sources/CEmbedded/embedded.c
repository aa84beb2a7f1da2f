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

const char *mhp_embedded_confirm_cases(void)
{
	return (const char *)confirm_cases;
}

const char *mhp_embedded_page_style(void)
{
	return (const char *)page_style;
}

const char *mhp_embedded_page_script(void)
{
	return (const char *)page_script;
}

const char *mhp_embedded_chinese(void)
{
	return (const char *)chinese;
}

const char *mhp_embedded_package_pins(void)
{
	return (const char *)package_pins;
}

const char *mhp_embedded_equivalents(void)
{
	return (const char *)equivalents;
}
