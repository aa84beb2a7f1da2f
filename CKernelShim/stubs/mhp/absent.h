/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Behind the subject: for functions in the subject's text that its
 * configuration leaves out, calls from here on use a stand-in.
 */
#ifndef MHP_ABSENT_H
#define MHP_ABSENT_H

#include <mhp/own.h>

#if defined(MHP_OWN_alloc_pte_late) && !defined(MHP_HAVE_alloc_pte_late)
#define alloc_pte_late mhp_alloc_pte_late
#endif
#if defined(MHP_OWN_alloc_pmd_late) && !defined(MHP_HAVE_alloc_pmd_late)
#define alloc_pmd_late mhp_alloc_pmd_late
#endif
#if defined(MHP_OWN_alloc_pud_late) && !defined(MHP_HAVE_alloc_pud_late)
#define alloc_pud_late mhp_alloc_pud_late
#endif
#if defined(MHP_OWN_alloc_p4d_late) && !defined(MHP_HAVE_alloc_p4d_late)
#define alloc_p4d_late mhp_alloc_p4d_late
#endif
#if defined(MHP_OWN_get_pte_virt_late) && !defined(MHP_HAVE_get_pte_virt_late)
#define get_pte_virt_late mhp_get_pte_virt_late
#endif
#if defined(MHP_OWN_get_pmd_virt_late) && !defined(MHP_HAVE_get_pmd_virt_late)
#define get_pmd_virt_late mhp_get_pmd_virt_late
#endif
#if defined(MHP_OWN_get_pud_virt_late) && !defined(MHP_HAVE_get_pud_virt_late)
#define get_pud_virt_late mhp_get_pud_virt_late
#endif
#if defined(MHP_OWN_get_p4d_virt_late) && !defined(MHP_HAVE_get_p4d_virt_late)
#define get_p4d_virt_late mhp_get_p4d_virt_late
#endif
#if defined(MHP_OWN_vmemmap_set_pmd) && !defined(MHP_HAVE_vmemmap_set_pmd)
#define vmemmap_set_pmd mhp_vmemmap_set_pmd
#endif
#if defined(MHP_OWN_vmemmap_check_pmd) && !defined(MHP_HAVE_vmemmap_check_pmd)
#define vmemmap_check_pmd mhp_vmemmap_check_pmd
#endif

#endif
