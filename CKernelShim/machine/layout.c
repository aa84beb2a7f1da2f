// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pins every layout that Swift or a compiled subject mirrors. A change here
 * requires a new MHP_ABI_VERSION. The numbers of functions, events and endings
 * are compared with Swift's by LayoutAgreementTests.
 */
#include "machine.h"

#define MHP_PIN(type, size) \
	_Static_assert(sizeof(struct type) == (size), "size of struct " #type)
#define MHP_PIN_AT(type, member, offset) \
	_Static_assert(offsetof(struct type, member) == (offset), #type "." #member)

_Static_assert(sizeof(mhp_u8) == 1, "u8");
_Static_assert(sizeof(mhp_u16) == 2, "u16");
_Static_assert(sizeof(mhp_u32) == 4, "u32");
_Static_assert(sizeof(mhp_s32) == 4, "s32");
_Static_assert(sizeof(mhp_u64) == 8, "u64");
_Static_assert(sizeof(void *) == 8, "addresses are 64 bits wide");

MHP_PIN(mhp_event, 40);
MHP_PIN_AT(mhp_event, detail, 4);
MHP_PIN_AT(mhp_event, a, 8);
MHP_PIN_AT(mhp_event, d, 32);

MHP_PIN(mhp_operation, 72);
MHP_PIN_AT(mhp_operation, is_vmemmap, 4);
MHP_PIN_AT(mhp_operation, node, 8);
MHP_PIN_AT(mhp_operation, altmap, 12);
MHP_PIN_AT(mhp_operation, pgmap, 16);
MHP_PIN_AT(mhp_operation, table, 20);
MHP_PIN_AT(mhp_operation, parent_table, 24);
MHP_PIN_AT(mhp_operation, parent_slot, 28);
MHP_PIN_AT(mhp_operation, start, 32);
MHP_PIN_AT(mhp_operation, end, 40);
MHP_PIN_AT(mhp_operation, protection, 48);
MHP_PIN_AT(mhp_operation, physical, 56);
MHP_PIN_AT(mhp_operation, block_size, 64);

MHP_PIN(mhp_ending, 24);
MHP_PIN_AT(mhp_ending, operation, 4);
MHP_PIN_AT(mhp_ending, table, 8);
MHP_PIN_AT(mhp_ending, slot, 12);
MHP_PIN_AT(mhp_ending, address, 16);

MHP_PIN(mhp_altmap, 48);
MHP_PIN_AT(mhp_altmap, end_pfn, 8);
MHP_PIN_AT(mhp_altmap, reserve, 16);
MHP_PIN_AT(mhp_altmap, free, 24);
MHP_PIN_AT(mhp_altmap, align, 32);
MHP_PIN_AT(mhp_altmap, alloc, 40);

MHP_PIN(mhp_section, 24);
MHP_PIN_AT(mhp_section, subsections, 8);
MHP_PIN_AT(mhp_section, is_early, 16);

MHP_PIN(mhp_layout, 96);
MHP_PIN_AT(mhp_layout, levels, 8);
MHP_PIN_AT(mhp_layout, linear_offset, 32);
MHP_PIN_AT(mhp_layout, vmemmap_start, 56);
MHP_PIN_AT(mhp_layout, kernel_image_offset, 80);
MHP_PIN_AT(mhp_layout, linear_size, 88);

MHP_PIN(mhp_machine, 712);
MHP_PIN_AT(mhp_machine, l4_enabled, 96);
MHP_PIN_AT(mhp_machine, l5_enabled, 97);
MHP_PIN_AT(mhp_machine, debug_pagealloc, 98);
MHP_PIN_AT(mhp_machine, live_core, 99);
MHP_PIN_AT(mhp_machine, spellings, 100);
MHP_PIN_AT(mhp_machine, root, 104);
MHP_PIN_AT(mhp_machine, max_pfn, 112);
MHP_PIN_AT(mhp_machine, max_low_pfn, 120);
MHP_PIN_AT(mhp_machine, altmaps, 128);
MHP_PIN_AT(mhp_machine, events, 512);
MHP_PIN_AT(mhp_machine, event_count, 520);
MHP_PIN_AT(mhp_machine, event_capacity, 528);
MHP_PIN_AT(mhp_machine, clear, 536);
MHP_PIN_AT(mhp_machine, returned, 656);
MHP_PIN_AT(mhp_machine, add_section, 664);
MHP_PIN_AT(mhp_machine, remove_section, 672);
MHP_PIN_AT(mhp_machine, get_page, 680);
MHP_PIN_AT(mhp_machine, vmemmap_shift, 688);
MHP_PIN_AT(mhp_machine, clear_reserved, 696);
MHP_PIN_AT(mhp_machine, uniprocessor, 704);

MHP_PIN(mhp_subject, 48);
MHP_PIN_AT(mhp_subject, index_bits, 4);
MHP_PIN_AT(mhp_subject, present, 8);
MHP_PIN_AT(mhp_subject, bind, 16);
MHP_PIN_AT(mhp_subject, call, 24);
MHP_PIN_AT(mhp_subject, marks, 32);
MHP_PIN_AT(mhp_subject, mark_count, 40);

MHP_PIN(mhp_table_state, 16);
MHP_PIN_AT(mhp_table_state, owner, 4);
MHP_PIN_AT(mhp_table_state, constructed, 8);

MHP_PIN(mhp_run, 24);
MHP_PIN_AT(mhp_run, slot, 4);
MHP_PIN_AT(mhp_run, count, 6);
MHP_PIN_AT(mhp_run, word, 8);
MHP_PIN_AT(mhp_run, step, 16);

MHP_PIN(mhp_frame_range, 24);
MHP_PIN_AT(mhp_frame_range, count, 8);
MHP_PIN_AT(mhp_frame_range, owner, 16);

MHP_PIN(mhp_image, 224);
MHP_PIN_AT(mhp_image, tables, 96);
MHP_PIN_AT(mhp_image, runs, 104);
MHP_PIN_AT(mhp_image, altmaps, 120);
MHP_PIN_AT(mhp_image, sections, 128);
MHP_PIN_AT(mhp_image, table_count, 136);
MHP_PIN_AT(mhp_image, section_count, 168);
MHP_PIN_AT(mhp_image, max_pfn, 176);
MHP_PIN_AT(mhp_image, add_pages_result, 192);
MHP_PIN_AT(mhp_image, debug_pagealloc, 200);
MHP_PIN_AT(mhp_image, failing_allocation, 204);
MHP_PIN_AT(mhp_image, live_core, 208);
MHP_PIN_AT(mhp_image, vmemmap_shifts, 212);
MHP_PIN_AT(mhp_image, uniprocessor, 216);

MHP_PIN(mhp_page_life, 16);
MHP_PIN_AT(mhp_page_life, owner, 4);
MHP_PIN_AT(mhp_page_life, live, 8);
MHP_PIN_AT(mhp_page_life, constructed, 12);

_Static_assert(MHP_MAX_PGMAPS == 4, "vmemmap_shifts of struct mhp_image");
MHP_PIN_AT(mhp_host, seen, 0);
