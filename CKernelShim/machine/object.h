/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A subject's shared object, mapped without running any of its code and without
 * the dynamic loader.
 */
#ifndef MHP_OBJECT_H
#define MHP_OBJECT_H

#include "machine.h"

#define MHP_MAX_SEGMENTS 16

struct mhp_segment {
	/* from the lowest address of the object, in bytes */
	mhp_u64 start;
	mhp_u64 bytes;
	mhp_u64 file_offset;
	mhp_u64 file_bytes;
	bool is_writable;
	bool is_executable;
};

struct mhp_object {
	mhp_u8 *memory;
	mhp_u64 bytes;
	struct mhp_segment segments[MHP_MAX_SEGMENTS];
	mhp_u64 segment_count;
	/* whole pages that only relocations write; an end of 0 means none */
	mhp_u64 protected_start;
	mhp_u64 protected_end;
	/* the table of entry points; 0 if the object exports none */
	mhp_u64 subject;
	/* functions to call before any other, in order: DT_INIT, then DT_INIT_ARRAY */
	mhp_u64 initialiser;
	mhp_u64 initialisers;
	mhp_u64 initialiser_count;
};

/*
 * Maps the contents of a file. NULL, or the reason for a failure. The file may
 * be removed afterwards.
 */
const char *mhp_object_map(const mhp_u8 *file, mhp_u64 bytes, struct mhp_object *object);
void mhp_object_unmap(struct mhp_object *object);

/*
 * link.c: reads the dynamic section and applies the relocations. NULL, or the
 * reason for a failure.
 */
const char *mhp_object_link(struct mhp_object *object, mhp_u64 dynamic, mhp_u64 dynamic_bytes,
			    mhp_u64 symbols, mhp_u64 symbol_bytes);
/* A part of the object that lies in one segment, or NULL. */
void *mhp_object_part(const struct mhp_object *object, mhp_u64 start, mhp_u64 bytes,
		      bool is_written);

#endif
