/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How often this thread has asked the C library for memory. The benchmark
 * package's own counter needs an interposer that is a trait of it and a package
 * more; here the program itself takes malloc's place, glibc's behind it.
 */
#ifndef MHP_ALLOCATION_COUNT_H
#define MHP_ALLOCATION_COUNT_H

unsigned long mhp_allocation_count(void);

#endif
