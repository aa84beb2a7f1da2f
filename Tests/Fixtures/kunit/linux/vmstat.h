/* SPDX-License-Identifier: GPL-2.0-only */
/* The counters stand in kunit/test.h. */
