// SPDX-License-Identifier: GPL-2.0-only
#include "allocation_count.h"

#include <errno.h>
#include <stddef.h>

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *memory, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);

static __thread unsigned long count;

unsigned long mhp_allocation_count(void)
{
	return count;
}

void *malloc(size_t bytes)
{
	count++;
	return __libc_malloc(bytes);
}

void *calloc(size_t elements, size_t bytes)
{
	count++;
	return __libc_calloc(elements, bytes);
}

void *realloc(void *memory, size_t bytes)
{
	count++;
	return __libc_realloc(memory, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
	count++;
	return __libc_memalign(alignment, bytes);
}

int posix_memalign(void **memory, size_t alignment, size_t bytes)
{
	void *got;

	count++;
	got = __libc_memalign(alignment, bytes);
	if (!got)
		return ENOMEM;
	*memory = got;
	return 0;
}
