/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reference's four external functions under names of their own in each
 * unit: three units of one text cannot share a program otherwise.
 */
#ifndef ENTRY_POINTS_H
#define ENTRY_POINTS_H

#define MHP_JOIN(bits, name) mhp_##bits##_##name
#define MHP_NAME(bits, name) MHP_JOIN(bits, name)

#define arch_get_mappable_range MHP_NAME(MHP_INDEX_BITS, arch_get_mappable_range)
#define arch_add_memory MHP_NAME(MHP_INDEX_BITS, arch_add_memory)
#define arch_remove_memory MHP_NAME(MHP_INDEX_BITS, arch_remove_memory)
#define vmemmap_free MHP_NAME(MHP_INDEX_BITS, vmemmap_free)

#endif
