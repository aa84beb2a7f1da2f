/* SPDX-License-Identifier: GPL-2.0-only */
/* The shared parts of the cmocka programs about YAML. */
#ifndef MHP_TEST_YAML_FIXTURE_H
#define MHP_TEST_YAML_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../Sources/CYAML/include/mhp_yaml.h"

/* Parses a copy that ends with the text, so that the sanitizer sees each byte read beyond it. */
struct mhp_yaml yaml_of_bytes(const char *text, size_t length);
struct mhp_yaml yaml_of(const char *text);

/* Fails the test unless what is true of every answer is true of this one. */
void check_yaml(const struct mhp_yaml *document);

/* Fail the test unless the node with a number is as given. */
void assert_yaml_node(const struct mhp_yaml *document, uint32_t number, enum mhp_yaml_kind kind,
		      uint32_t line, uint32_t count);
void assert_yaml_bytes(const struct mhp_yaml *document, uint32_t number, uint32_t line,
		       const char *text, size_t length);
void assert_yaml_scalar(const struct mhp_yaml *document, uint32_t number, uint32_t line,
			const char *text);

/* Fails the test unless the text is refused in this way; NULL stands for any problem. */
void assert_yaml_refused(const char *text, enum mhp_yaml_status status, uint32_t line,
			 const char *problem);

#endif
