/* SPDX-License-Identifier: GPL-2.0-only */
/* The configuration that the embedded reference is compiled for. */
#ifndef MHP_SUBJECT_CONFIG_H
#define MHP_SUBJECT_CONFIG_H

#define CONFIG_64BIT 1
#define CONFIG_MMU 1
#define CONFIG_MODULES 1
#define CONFIG_RISCV 1
#define CONFIG_SMP 1
#define CONFIG_MEMORY_HOTPLUG 1
#define CONFIG_MEMORY_HOTREMOVE 1
#define CONFIG_SPARSEMEM 1
#define CONFIG_SPARSEMEM_VMEMMAP 1
#define CONFIG_STRICT_KERNEL_RWX 1
#define CONFIG_TRANSPARENT_HUGEPAGE 1
#define CONFIG_ZONE_DEVICE 1

#endif
