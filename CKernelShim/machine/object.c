// SPDX-License-Identifier: GPL-2.0-only
/*
 * Maps a shared object's segments. dlopen would run some of its code
 * (constructors, resolvers of indirect functions) before the process drops its
 * rights, bind it to the process's own libc, and trust its tables.
 */
#define _GNU_SOURCE
#include "object.h"

#include <elf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A function's own table has a few megabytes at most; the address space is limited anyway. */
#define MHP_MAX_OBJECT_BYTES (256UL << 20)

#if defined(__x86_64__)
#define MHP_HOST_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define MHP_HOST_MACHINE EM_AARCH64
#elif defined(__riscv)
#define MHP_HOST_MACHINE EM_RISCV
#else
#error "say which machine's objects run here"
#endif

struct file {
	const mhp_u8 *bytes;
	mhp_u64 size;
};

static const void *file_part(const struct file *file, mhp_u64 offset, mhp_u64 bytes)
{
	if (offset > file->size || bytes > file->size - offset || offset % 8 != 0)
		return NULL;
	return file->bytes + offset;
}

static const char *check_header(const struct file *file)
{
	const Elf64_Ehdr *header = file_part(file, 0, sizeof(*header));

	if (!header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
		return "it is not an ELF file";
	if (header->e_ident[EI_CLASS] != ELFCLASS64 ||
	    header->e_ident[EI_DATA] != ELFDATA2LSB || header->e_machine != MHP_HOST_MACHINE)
		return "it is made for another kind of processor";
	if (header->e_type != ET_DYN)
		return "it is not a shared object";
	if (header->e_phentsize != sizeof(Elf64_Phdr) ||
	    !file_part(file, header->e_phoff, header->e_phnum * sizeof(Elf64_Phdr)))
		return "it is cut short";
	return NULL;
}

/* Segments must be in the order of their addresses, and no two may share a page. */
static const char *add_segment(struct mhp_object *object, const struct file *file,
			       const Elf64_Phdr *part, mhp_u64 page)
{
	struct mhp_segment *segment = &object->segments[object->segment_count];

	if (object->segment_count == MHP_MAX_SEGMENTS)
		return "it has too many segments";
	if (part->p_memsz > MHP_MAX_OBJECT_BYTES ||
	    part->p_vaddr > MHP_MAX_OBJECT_BYTES - part->p_memsz)
		return "its data takes more than 256 MiB";
	if (part->p_filesz > part->p_memsz || part->p_offset > file->size ||
	    part->p_filesz > file->size - part->p_offset)
		return "it is cut short";
	if ((part->p_flags & PF_W) && (part->p_flags & PF_X))
		return "it wants memory that is both written and executed";
	if (object->segment_count && part->p_vaddr < object->bytes)
		return "its segments overlap";
	*segment = (struct mhp_segment){
		.start = part->p_vaddr, .bytes = part->p_memsz,
		.file_offset = part->p_offset, .file_bytes = part->p_filesz,
		.is_writable = part->p_flags & PF_W, .is_executable = part->p_flags & PF_X,
	};
	object->segment_count++;
	object->bytes = (part->p_vaddr + part->p_memsz + page - 1) & ~(page - 1);
	/* The next segment must start on a page of its own. */
	return NULL;
}

static const char *read_segments(struct mhp_object *object, const struct file *file,
				 const Elf64_Phdr **dynamic, mhp_u64 page)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)file->bytes;
	const Elf64_Phdr *parts = file_part(file, header->e_phoff, 0);
	const char *why = NULL;

	for (mhp_u64 i = 0; i < header->e_phnum && !why; i++) {
		switch (parts[i].p_type) {
		case PT_LOAD:
			why = add_segment(object, file, &parts[i], page);
			break;
		case PT_DYNAMIC:
			*dynamic = &parts[i];
			break;
		case PT_TLS:
			why = "it has thread-local variables";
			break;
		case PT_GNU_RELRO:
			/* Whole pages only, because the last one may also hold statics. */
			object->protected_start = parts[i].p_vaddr & ~(page - 1);
			object->protected_end =
				(parts[i].p_vaddr + parts[i].p_memsz) & ~(page - 1);
			break;
		}
	}
	if (!why && !(object->segment_count && *dynamic))
		why = "it has nothing to load";
	return why;
}

static const char *copy_segments(struct mhp_object *object, const struct file *file, mhp_u64 page)
{
	object->memory = mmap(NULL, object->bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (object->memory == MAP_FAILED)
		return "out of memory";
	for (mhp_u64 i = 0; i < object->segment_count; i++) {
		const struct mhp_segment *segment = &object->segments[i];
		mhp_u64 start = segment->start & ~(page - 1);

		if (mprotect(object->memory + start, segment->start + segment->bytes - start,
			     PROT_READ | PROT_WRITE) != 0)
			return "out of memory";
		if (segment->file_bytes)
			memcpy(object->memory + segment->start, file->bytes + segment->file_offset,
			       segment->file_bytes);
	}
	return NULL;
}

/* The exported symbols. Only section headers give their number. */
static bool find_symbols(const struct file *file, mhp_u64 *symbols, mhp_u64 *bytes)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)file->bytes;
	const Elf64_Shdr *sections =
		file_part(file, header->e_shoff, header->e_shnum * sizeof(*sections));

	if (!sections || header->e_shentsize != sizeof(*sections))
		return false;
	for (mhp_u64 i = 0; i < header->e_shnum; i++) {
		if (sections[i].sh_type != SHT_DYNSYM)
			continue;
		*symbols = sections[i].sh_addr;
		*bytes = sections[i].sh_size;
		return sections[i].sh_entsize == sizeof(Elf64_Sym);
	}
	return false;
}

static const char *protect(const struct mhp_object *object, mhp_u64 page)
{
	for (mhp_u64 i = 0; i < object->segment_count; i++) {
		const struct mhp_segment *segment = &object->segments[i];
		mhp_u8 *start = object->memory + (segment->start & ~(page - 1));
		mhp_u8 *end = object->memory + segment->start + segment->bytes;
		int access = PROT_READ | (segment->is_writable ? PROT_WRITE : 0) |
			     (segment->is_executable ? PROT_EXEC : 0);

		if (segment->is_executable)
			__builtin___clear_cache((char *)start, (char *)end);
		if (mprotect(start, end - start, access) != 0)
			return "this system does not let its code be executed";
	}
	if (object->protected_start < object->protected_end &&
	    mprotect(object->memory + object->protected_start,
		     object->protected_end - object->protected_start, PROT_READ) != 0)
		return "out of memory";
	return NULL;
}

const char *mhp_object_map(const mhp_u8 *bytes, mhp_u64 size, struct mhp_object *object)
{
	const struct file file = { .bytes = bytes, .size = size };
	const mhp_u64 page = sysconf(_SC_PAGESIZE);
	const Elf64_Phdr *dynamic = NULL;
	mhp_u64 symbols = 0, symbol_bytes = 0;
	const char *why;

	*object = (struct mhp_object){ .memory = MAP_FAILED };
	why = check_header(&file);
	if (!why)
		why = read_segments(object, &file, &dynamic, page);
	if (!why && object->protected_end > object->bytes)
		why = "it is cut short";
	if (!why && !find_symbols(&file, &symbols, &symbol_bytes))
		why = "it has no table of symbols";
	if (!why)
		why = copy_segments(object, &file, page);
	if (!why)
		why = mhp_object_link(object, dynamic->p_vaddr, dynamic->p_memsz, symbols,
				      symbol_bytes);
	if (!why)
		why = protect(object, page);
	if (why)
		mhp_object_unmap(object);
	return why;
}

void mhp_object_unmap(struct mhp_object *object)
{
	if (object->memory != MAP_FAILED)
		munmap(object->memory, object->bytes);
	object->memory = MAP_FAILED;
}
