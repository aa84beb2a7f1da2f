// SPDX-License-Identifier: GPL-2.0-only

/// The kernel configuration that subjects are compiled under: what a RISC-V kernel with memory
/// hotplug and hot-removal needs, per arch/riscv/Kconfig and mm/Kconfig.
public enum KernelConfiguration {
  /// Each defined as 1.
  public static let enabled = [
    "CONFIG_64BIT",
    "CONFIG_MMU",
    "CONFIG_RISCV",
    "CONFIG_SMP",
    "CONFIG_MEMORY_HOTPLUG",
    "CONFIG_MEMORY_HOTREMOVE",
    "CONFIG_SPARSEMEM",
    "CONFIG_SPARSEMEM_VMEMMAP",
    "CONFIG_ZONE_DEVICE",
    "CONFIG_TRANSPARENT_HUGEPAGE",
    "CONFIG_STRICT_KERNEL_RWX",
    "CONFIG_MODULES",
  ]
}
