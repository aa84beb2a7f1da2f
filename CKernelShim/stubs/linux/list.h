/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicated in meaning: doubly linked lists, as far as bookkeeping needs them. */
#ifndef STUB_LINUX_LIST_H
#define STUB_LINUX_LIST_H

#include <linux/kernel.h>
#include <linux/types.h>

#define LIST_HEAD_INIT(name) { &(name), &(name) }
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline bool list_empty(const struct list_head *list)
{
	return list->next == list;
}

static inline void list_add(struct list_head *entry, struct list_head *before)
{
	entry->next = before->next;
	entry->prev = before;
	before->next->prev = entry;
	before->next = entry;
}

static inline void list_add_tail(struct list_head *entry, struct list_head *list)
{
	list_add(entry, list->prev);
}

/* The entry has no neighbours afterwards, and following one faults. */
static inline void list_del(struct list_head *entry)
{
	entry->prev->next = entry->next;
	entry->next->prev = entry->prev;
	entry->next = NULL;
	entry->prev = NULL;
}

static inline void list_del_init(struct list_head *entry)
{
	list_del(entry);
	INIT_LIST_HEAD(entry);
}

#define list_entry(pointer, type, member) container_of(pointer, type, member)
#define list_first_entry(list, type, member) list_entry((list)->next, type, member)
#define list_next_entry(at, member) list_entry((at)->member.next, __typeof__(*(at)), member)

#define list_for_each_entry(at, list, member)                                  \
	for (at = list_first_entry(list, __typeof__(*at), member);             \
	     &at->member != (list); at = list_next_entry(at, member))

#define list_for_each_entry_safe(at, next, list, member)                       \
	for (at = list_first_entry(list, __typeof__(*at), member),             \
	    next = list_next_entry(at, member);                                \
	     &at->member != (list); at = next, next = list_next_entry(next, member))

#endif
