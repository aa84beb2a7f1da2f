// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opens compiled subjects, starts them, and saves their writable data, so that
 * every case starts from the same statics. The marks of an instrumented subject
 * keep their values. Subjects stay mapped.
 *
 * Between the two steps the process drops its rights, so that a subject's
 * constructors run without them.
 */
#define _GNU_SOURCE
#include "object.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* More than the compiler may write. */
#define MHP_MAX_FILE_BYTES (128L << 20)
/* Each writable segment may be split by its protected part, and one of them by the marks. */
#define MHP_MAX_REGIONS (2 * MHP_MAX_SEGMENTS + 1)

/* A writable part of a mapped object, and a copy of it after the start. */
struct region {
	mhp_u8 *start;
	mhp_u64 bytes;
	mhp_u8 *copy;
};

struct mhp_opened {
	struct mhp_object object;
	/* NULL until it is started */
	const struct mhp_subject *subject;
	struct region regions[MHP_MAX_REGIONS];
	mhp_u64 region_count;
	/*
	 * the subject's marks, from the lowest address of the object; 0 bytes
	 * at 0 if it has none
	 */
	mhp_u64 marks;
	mhp_u64 mark_count;
	struct mhp_opened *next;
	/* for messages */
	char path[256];
};

static struct mhp_opened *all_started;
static char message[512];

static void say(const char **error, const char *path, const char *why)
{
	snprintf(message, sizeof(message), "cannot load the subject %s: %s", path, why);
	*error = message;
}

/* NULL, or the reason why the file could not be read. */
static const char *read_file(const char *path, mhp_u8 **bytes, mhp_u64 *size)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *why = NULL;
	struct stat status;
	mhp_u64 done = 0;

	if (file < 0)
		return strerror(errno);
	if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
		why = "it is not a regular file";
	else if (status.st_size > MHP_MAX_FILE_BYTES)
		why = "it is too large";
	*size = why ? 0 : (mhp_u64)status.st_size;
	*bytes = why ? NULL : malloc(*size + 1);
	if (!why && !*bytes)
		why = "out of memory";
	while (!why && done < *size) {
		ssize_t got = read(file, *bytes + done, *size - done);

		if (got <= 0)
			why = got ? strerror(errno) : "it is cut short";
		else
			done += (mhp_u64)got;
	}
	if (why)
		free(*bytes);
	close(file);
	return why;
}

struct mhp_opened *mhp_subject_open(const char *path, const char **error)
{
	struct mhp_opened *opened = calloc(1, sizeof(*opened));
	mhp_u8 *bytes = NULL;
	mhp_u64 size = 0;
	const char *why = opened ? read_file(path, &bytes, &size) : "out of memory";

	if (!why) {
		why = mhp_object_map(bytes, size, &opened->object);
		free(bytes);
	}
	if (!why && !opened->object.subject) {
		mhp_object_unmap(&opened->object);
		why = "it exports no mhp_subject";
	}
	if (why) {
		free(opened);
		say(error, path, why);
		return NULL;
	}
	snprintf(opened->path, sizeof(opened->path), "%s", path);
	*error = NULL;
	return opened;
}

/* The initialisers as operations, because the machine's guard runs nothing else. */
static const struct mhp_opened *starting;

static void bind_nothing(struct mhp_machine *machine)
{
	(void)machine;
}

/* Passes the arguments that a constructor gets, but without those of this process. */
static void call_initialiser(const struct mhp_operation *operation)
{
	static char *nothing[] = { NULL };
	void (*initialiser)(int, char **, char **);
	const struct mhp_object *object = &starting->object;
	mhp_u64 address = (mhp_u64)object->memory + object->initialiser;

	if (operation->start)
		address = ((const mhp_u64 *)(object->memory + object->initialisers))
			[operation->start - 1];
	/* Old linkers mark ends and gaps with these values. */
	if (address == 0 || address == ~0ULL)
		return;
	initialiser = (void (*)(int, char **, char **))address;
	initialiser(0, nothing, nothing);
}

static struct mhp_ending run_initialisers(struct mhp_machine *machine,
					  const struct mhp_opened *opened)
{
	static const struct mhp_subject initialisers = {
		.bind = bind_nothing, .call = call_initialiser };
	struct mhp_ending ending = { .kind = MHP_FINISHED };
	/* One by one, so that the first initialisers cannot change the number of initialisers. */
	mhp_u64 first = opened->object.initialiser ? 0 : 1;

	starting = opened;
	for (mhp_u64 i = first; i <= opened->object.initialiser_count; i++) {
		const struct mhp_operation operation = { .start = i };

		ending = mhp_machine_run(machine, &initialisers, &operation, 1);
		if (ending.kind != MHP_FINISHED)
			break;
	}
	return ending;
}

static bool add_region(struct mhp_opened *opened, mhp_u64 start, mhp_u64 end)
{
	struct region *region = &opened->regions[opened->region_count];
	mhp_u64 marks_end = opened->marks + opened->mark_count;

	if (opened->mark_count && opened->marks < end && marks_end > start)
		return add_region(opened, start, opened->marks) &&
		       add_region(opened, marks_end, end);
	if (start >= end)
		return true;
	region->start = opened->object.memory + start;
	region->bytes = end - start;
	region->copy = malloc(region->bytes);
	if (!region->copy)
		return false;
	memcpy(region->copy, region->start, region->bytes);
	opened->region_count++;
	return true;
}

static bool remember_writable(struct mhp_opened *opened)
{
	const struct mhp_object *object = &opened->object;

	for (mhp_u64 i = 0; i < object->segment_count; i++) {
		mhp_u64 start = object->segments[i].start;
		mhp_u64 end = start + object->segments[i].bytes;
		bool is_split = object->protected_start < end && object->protected_end > start;

		if (!object->segments[i].is_writable)
			continue;
		if (!add_region(opened, start, is_split ? object->protected_start : end) ||
		    (is_split && !add_region(opened, object->protected_end, end)))
			return false;
	}
	return true;
}

/* Finds the marks; all of them must lie in one writable segment. */
static bool find_marks(struct mhp_opened *opened, const struct mhp_subject *subject)
{
	const struct mhp_object *object = &opened->object;
	mhp_u64 start = (mhp_u64)subject->marks - (mhp_u64)object->memory;

	if (!subject->mark_count)
		return true;
	if (subject->mark_count > MHP_MAX_MARKS ||
	    !mhp_object_part(object, start, subject->mark_count, true))
		return false;
	opened->marks = start;
	opened->mark_count = subject->mark_count;
	return true;
}

static void forget(struct mhp_opened *opened)
{
	for (mhp_u64 i = 0; i < opened->region_count; i++)
		free(opened->regions[i].copy);
	mhp_object_unmap(&opened->object);
	free(opened);
}

/* NULL, or the defect in a subject's table of entry points. */
static const char *objection(const struct mhp_subject *subject)
{
	if (subject->abi_version != MHP_ABI_VERSION)
		return "it was compiled for another version of the stub headers";
	if (subject->index_bits == 0 || subject->index_bits > 9)
		return "its index width is not 1 to 9";
	if (!subject->bind || !subject->call)
		return "it has no entry points";
	return NULL;
}

const struct mhp_subject *mhp_subject_start(struct mhp_machine *machine,
					    struct mhp_opened *opened,
					    struct mhp_ending *ending, const char **error)
{
	const struct mhp_subject *subject =
		(const struct mhp_subject *)(opened->object.memory + opened->object.subject);
	const char *why;

	*error = NULL;
	*ending = run_initialisers(machine, opened);
	if (ending->kind != MHP_FINISHED) {
		forget(opened);
		return NULL;
	}
	why = objection(subject);
	if (!why && !find_marks(opened, subject))
		why = "its marks are not in its writable data";
	if (!why && !remember_writable(opened))
		why = "its writable data could not be copied";
	if (why) {
		say(error, opened->path, why);
		forget(opened);
		return NULL;
	}
	opened->subject = subject;
	opened->next = all_started;
	all_started = opened;
	return subject;
}

/* NULL for a subject that was not loaded here: the embedded reference. */
static const struct mhp_opened *find_started(const struct mhp_subject *subject)
{
	const struct mhp_opened *opened = all_started;

	while (opened && opened->subject != subject)
		opened = opened->next;
	return opened;
}

void mhp_subject_reset(const struct mhp_subject *subject)
{
	const struct mhp_opened *opened = find_started(subject);

	for (mhp_u64 i = 0; opened && i < opened->region_count; i++) {
		const struct region *region = &opened->regions[i];

		if (memcmp(region->start, region->copy, region->bytes) != 0)
			memcpy(region->start, region->copy, region->bytes);
	}
}

const volatile mhp_u8 *mhp_subject_marks(const struct mhp_subject *subject, mhp_u64 *count)
{
	const struct mhp_opened *opened = find_started(subject);

	*count = opened ? opened->mark_count : 0;
	return *count ? opened->object.memory + opened->marks : NULL;
}

void mhp_subject_choose(const struct mhp_subject *subject, mhp_u32 number)
{
	const struct mhp_opened *opened = find_started(subject);

	if (opened && opened->mark_count >= sizeof(number))
		memcpy(opened->object.memory + opened->marks, &number, sizeof(number));
}
