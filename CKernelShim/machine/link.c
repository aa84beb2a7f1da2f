// SPDX-License-Identifier: GPL-2.0-only
/*
 * Applies a mapped object's relocations: the few kinds in code that uses no
 * library and no thread-local data. It never writes outside of the object, and
 * binds no symbol to this process.
 */
#include "object.h"

#include <elf.h>
#include <string.h>

#if defined(__x86_64__)
#define MHP_RELATIVE R_X86_64_RELATIVE
static const mhp_u32 symbolic[] = { R_X86_64_64, R_X86_64_GLOB_DAT, R_X86_64_JUMP_SLOT };
#elif defined(__aarch64__)
#define MHP_RELATIVE R_AARCH64_RELATIVE
static const mhp_u32 symbolic[] = { R_AARCH64_ABS64, R_AARCH64_GLOB_DAT, R_AARCH64_JUMP_SLOT };
#elif defined(__riscv)
#define MHP_RELATIVE R_RISCV_RELATIVE
static const mhp_u32 symbolic[] = { R_RISCV_64, R_RISCV_JUMP_SLOT };
#else
#error "say which relocations are here"
#endif

/* glibc before 2.36 does not define it. */
#ifndef DT_RELRSZ
#define DT_RELRSZ 35
#endif

#define MHP_SYMBOLIC_KINDS (sizeof(symbolic) / sizeof(symbolic[0]))

/* The contents of the dynamic section: addresses within the object, and sizes in bytes. */
struct dynamic {
	mhp_u64 relocations, relocation_bytes;
	mhp_u64 jumps, jump_bytes;
	mhp_u64 names, name_bytes;
	mhp_u64 initialisers, initialiser_bytes;
	mhp_u64 initialiser;
};

struct symbols {
	const Elf64_Sym *first;
	mhp_u64 count;
	const char *names;
	mhp_u64 name_bytes;
};

void *mhp_object_part(const struct mhp_object *object, mhp_u64 start, mhp_u64 bytes,
		      bool is_written)
{
	for (mhp_u64 i = 0; i < object->segment_count; i++) {
		const struct mhp_segment *segment = &object->segments[i];
		mhp_u64 distance = start - segment->start;

		if (start < segment->start || distance > segment->bytes ||
		    bytes > segment->bytes - distance || (is_written && !segment->is_writable))
			continue;
		return object->memory + start;
	}
	return NULL;
}

/* The same for an array of eight-byte members. */
static const void *table_part(const struct mhp_object *object, mhp_u64 start, mhp_u64 bytes)
{
	return start % sizeof(mhp_u64) == 0 ? mhp_object_part(object, start, bytes, false) : NULL;
}

static const char *read_entry(const Elf64_Dyn *entry, struct dynamic *dynamic)
{
	const mhp_u64 value = entry->d_un.d_val;

	switch (entry->d_tag) {
	case DT_NEEDED: case DT_FILTER: case DT_AUXILIARY:
		return "it needs a library";
	case DT_RPATH: case DT_RUNPATH: case DT_AUDIT: case DT_DEPAUDIT: case DT_CONFIG:
		return "it sets a library search path";
	case DT_REL: case DT_TEXTREL: case DT_RELRSZ:
		return "it has relocations of a kind that no subject has";
	case DT_RELA: dynamic->relocations = value; break;
	case DT_RELASZ: dynamic->relocation_bytes = value; break;
	case DT_JMPREL: dynamic->jumps = value; break;
	case DT_PLTRELSZ: dynamic->jump_bytes = value; break;
	case DT_STRTAB: dynamic->names = value; break;
	case DT_STRSZ: dynamic->name_bytes = value; break;
	case DT_INIT: dynamic->initialiser = value; break;
	case DT_INIT_ARRAY: dynamic->initialisers = value; break;
	case DT_INIT_ARRAYSZ: dynamic->initialiser_bytes = value; break;
	}
	return NULL;
}

static const char *read_dynamic(const struct mhp_object *object, mhp_u64 start, mhp_u64 bytes,
				struct dynamic *dynamic)
{
	const Elf64_Dyn *entries = table_part(object, start, bytes);
	const char *why = NULL;

	if (!entries)
		return "it is cut short";
	for (mhp_u64 i = 0; i < bytes / sizeof(*entries) && !why; i++) {
		if (entries[i].d_tag == DT_NULL)
			break;
		why = read_entry(&entries[i], dynamic);
	}
	return why;
}

/* The address of a symbol; 0 for a weak one without a definition, as with any linker. */
static const char *find_symbol(const struct mhp_object *object, const struct symbols *symbols,
			       mhp_u64 number, mhp_u64 *address)
{
	const Elf64_Sym *symbol = &symbols->first[number];

	if (number >= symbols->count)
		return "a relocation names a symbol that it does not have";
	*address = 0;
	if (ELF64_ST_TYPE(symbol->st_info) == STT_GNU_IFUNC ||
	    ELF64_ST_TYPE(symbol->st_info) == STT_TLS)
		return "it has a symbol of a kind that no subject has";
	if (symbol->st_shndx != SHN_UNDEF)
		*address = symbol->st_shndx == SHN_ABS ?
				   symbol->st_value :
				   (mhp_u64)object->memory + symbol->st_value;
	else if (number && ELF64_ST_BIND(symbol->st_info) != STB_WEAK)
		return "it needs a symbol that it does not define";
	return NULL;
}

static const char *relocate(const struct mhp_object *object, const struct symbols *symbols,
			    const Elf64_Rela *relocation)
{
	const mhp_u32 kind = ELF64_R_TYPE(relocation->r_info);
	mhp_u64 address = (mhp_u64)object->memory;
	/* It may be unaligned, in a packed structure. */
	void *word = mhp_object_part(object, relocation->r_offset, sizeof(address), true);
	bool is_known = kind == MHP_RELATIVE;
	const char *why;

	for (mhp_u64 i = 0; i < MHP_SYMBOLIC_KINDS && !is_known; i++)
		is_known = kind == symbolic[i];
	if (!is_known)
		return "it has a relocation of a kind that no subject has (an indirect function?)";
	if (!word)
		return "it has a relocation outside of its data";
	if (kind != MHP_RELATIVE) {
		why = find_symbol(object, symbols, ELF64_R_SYM(relocation->r_info), &address);
		if (why)
			return why;
	}
	address += relocation->r_addend;
	memcpy(word, &address, sizeof(address));
	return NULL;
}

static const char *relocate_all(const struct mhp_object *object, const struct symbols *symbols,
				mhp_u64 start, mhp_u64 bytes)
{
	const Elf64_Rela *relocations = table_part(object, start, bytes);
	const char *why = NULL;

	if (!bytes)
		return NULL;
	if (!relocations)
		return "it is cut short";
	for (mhp_u64 i = 0; i < bytes / sizeof(*relocations) && !why; i++)
		why = relocate(object, symbols, &relocations[i]);
	return why;
}

/* Runs before any relocation is applied, because a relocation may overwrite the names. */
static mhp_u64 find_subject(const struct mhp_object *object, const struct symbols *symbols)
{
	static const char wanted[] = "mhp_subject";

	for (mhp_u64 i = 0; i < symbols->count; i++) {
		const Elf64_Sym *symbol = &symbols->first[i];

		if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx == SHN_ABS ||
		    symbol->st_name > symbols->name_bytes ||
		    symbols->name_bytes - symbol->st_name < sizeof(wanted) ||
		    memcmp(symbols->names + symbol->st_name, wanted, sizeof(wanted)) != 0)
			continue;
		if (table_part(object, symbol->st_value, sizeof(struct mhp_subject)))
			return symbol->st_value;
	}
	return 0;
}

const char *mhp_object_link(struct mhp_object *object, mhp_u64 start, mhp_u64 bytes,
			    mhp_u64 symbol_table, mhp_u64 symbol_bytes)
{
	struct dynamic dynamic = { 0 };
	struct symbols symbols;
	const char *why = read_dynamic(object, start, bytes, &dynamic);

	if (why)
		return why;
	symbols.first = table_part(object, symbol_table, symbol_bytes);
	symbols.count = symbol_bytes / sizeof(*symbols.first);
	symbols.names = mhp_object_part(object, dynamic.names, dynamic.name_bytes, false);
	symbols.name_bytes = dynamic.name_bytes;
	if (!symbols.first || !symbols.names)
		return "it is cut short";
	object->subject = find_subject(object, &symbols);
	object->initialiser = dynamic.initialiser;
	object->initialisers = dynamic.initialisers;
	object->initialiser_count = dynamic.initialiser_bytes / sizeof(mhp_u64);
	if (dynamic.initialiser_bytes &&
	    !table_part(object, dynamic.initialisers, dynamic.initialiser_bytes))
		return "it is cut short";
	why = relocate_all(object, &symbols, dynamic.relocations, dynamic.relocation_bytes);
	return why ? why : relocate_all(object, &symbols, dynamic.jumps, dynamic.jump_bytes);
}
