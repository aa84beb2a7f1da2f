// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads compiled subjects and remembers their writable data, so that a case
 * starts from the same statics as the one before it. Subjects stay loaded.
 */
#define _GNU_SOURCE
#include "machine.h"

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MHP_MAX_REGIONS 8

/* A writable part of a loaded object, and a copy of it as loaded. */
struct region {
	mhp_u8 *start;
	mhp_u64 bytes;
	mhp_u8 *copy;
};

struct loaded {
	const struct mhp_subject *subject;
	struct region regions[MHP_MAX_REGIONS];
	mhp_u64 region_count;
	struct loaded *next;
};

static struct loaded *all_loaded;
static char message[512];

struct search {
	mhp_u64 base;
	struct loaded *loaded;
	bool is_complete;
};

static bool add_region(struct loaded *loaded, mhp_u64 start, mhp_u64 end)
{
	struct region *region = &loaded->regions[loaded->region_count];

	if (start >= end)
		return true;
	if (loaded->region_count == MHP_MAX_REGIONS)
		return false;
	region->start = (mhp_u8 *)start;
	region->bytes = end - start;
	region->copy = malloc(region->bytes);
	if (!region->copy)
		return false;
	memcpy(region->copy, region->start, region->bytes);
	loaded->region_count++;
	return true;
}

/* The loader write-protects whole pages of the part it calls RELRO: those hold no statics. */
static void protected_part(const struct dl_phdr_info *object, mhp_u64 *start, mhp_u64 *end)
{
	*start = 0;
	*end = 0;
	for (mhp_u64 i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &object->dlpi_phdr[i];

		if (part->p_type != PT_GNU_RELRO)
			continue;
		*start = (object->dlpi_addr + part->p_vaddr) & ~(MHP_PAGE_SIZE - 1);
		*end = (object->dlpi_addr + part->p_vaddr + part->p_memsz) & ~(MHP_PAGE_SIZE - 1);
	}
}

static int remember_writable(struct dl_phdr_info *object, size_t size, void *argument)
{
	struct search *search = argument;
	mhp_u64 protected_start, protected_end;

	(void)size;
	if (object->dlpi_addr != search->base)
		return 0;
	protected_part(object, &protected_start, &protected_end);
	search->is_complete = true;
	for (mhp_u64 i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &object->dlpi_phdr[i];
		mhp_u64 start = object->dlpi_addr + part->p_vaddr;
		mhp_u64 end = start + part->p_memsz;
		bool is_split = protected_start < end && protected_end > start;

		if (part->p_type != PT_LOAD || !(part->p_flags & PF_W))
			continue;
		search->is_complete &=
			add_region(search->loaded, start, is_split ? protected_start : end) &&
			(!is_split || add_region(search->loaded, protected_end, end));
	}
	return 1;
}

static void forget(struct loaded *loaded)
{
	for (mhp_u64 i = 0; i < loaded->region_count; i++)
		free(loaded->regions[i].copy);
	free(loaded);
}

/* NULL, or what is wrong with a subject's table of entry points. */
static const char *objection(const struct mhp_subject *subject)
{
	if (!subject)
		return "it exports no mhp_subject";
	if (subject->abi_version != MHP_ABI_VERSION)
		return "it was compiled for another version of the stub headers";
	if (subject->index_bits == 0 || subject->index_bits > 9)
		return "its index width is not 1 to 9";
	if (!subject->bind || !subject->call)
		return "it has no entry points";
	return NULL;
}

static const struct mhp_subject *fail(const char **error, const char *path, const char *why)
{
	snprintf(message, sizeof(message), "cannot load the subject %s: %s", path, why);
	*error = message;
	return NULL;
}

const struct mhp_subject *mhp_subject_load(const char *path, const char **error)
{
	void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	struct loaded *loaded;
	struct search search;
	struct link_map *map;
	const char *why;

	if (!object)
		return fail(error, path, dlerror());
	loaded = calloc(1, sizeof(*loaded));
	if (!loaded) {
		dlclose(object);
		return fail(error, path, "out of memory");
	}
	loaded->subject = dlsym(object, "mhp_subject");
	why = objection(loaded->subject);
	if (!why && dlinfo(object, RTLD_DI_LINKMAP, &map) != 0)
		why = "the loader does not say where it is";
	if (!why) {
		search = (struct search){ .base = map->l_addr, .loaded = loaded };
		dl_iterate_phdr(remember_writable, &search);
		if (!search.is_complete)
			why = "its writable data could not be copied";
	}
	if (why) {
		forget(loaded);
		fail(error, path, why);
		dlclose(object);
		return NULL;
	}
	loaded->next = all_loaded;
	all_loaded = loaded;
	*error = NULL;
	return loaded->subject;
}

/* A subject that was not loaded here (the embedded reference) keeps its data. */
void mhp_subject_reset(const struct mhp_subject *subject)
{
	for (struct loaded *loaded = all_loaded; loaded; loaded = loaded->next) {
		if (loaded->subject != subject)
			continue;
		for (mhp_u64 i = 0; i < loaded->region_count; i++) {
			const struct region *region = &loaded->regions[i];

			if (memcmp(region->start, region->copy, region->bytes) != 0)
				memcpy(region->start, region->copy, region->bytes);
		}
		return;
	}
}
