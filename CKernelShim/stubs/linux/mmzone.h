/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicated in meaning: the numbers of sections, orders and nodes. */
#ifndef STUB_LINUX_MMZONE_H
#define STUB_LINUX_MMZONE_H

#include <linux/pfn.h>

#define SECTION_SIZE_BITS 27
#define PFN_SECTION_SHIFT (SECTION_SIZE_BITS - PAGE_SHIFT)
#define PAGES_PER_SECTION (1UL << PFN_SECTION_SHIFT)
#define SUBSECTION_SHIFT 21
#define PFN_SUBSECTION_SHIFT (SUBSECTION_SHIFT - PAGE_SHIFT)
#define PAGES_PER_SUBSECTION (1UL << PFN_SUBSECTION_SHIFT)
#define STRUCT_PAGE_MAX_SHIFT 6
#define MAX_PAGE_ORDER 10
#define MAX_ORDER MAX_PAGE_ORDER
#define pfn_to_section_nr(pfn) ((pfn) >> PFN_SECTION_SHIFT)
#define section_nr_to_pfn(section) ((section) << PFN_SECTION_SHIFT)
#define pfn_to_nid(pfn) ((void)(pfn), 0)
#define page_to_nid(page) ((void)(page), 0)
#define NUMA_NO_NODE (-1)
#define MAX_NUMNODES 1
#define numa_node_id() 0

#endif
