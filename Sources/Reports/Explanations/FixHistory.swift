// SPDX-License-Identifier: GPL-2.0-only

import Port
import Subjects

/// The kernels that have a fix, as seen in Debian's sources and on its running kernels.
enum FixHistory {
  /// The releases that have the fix, in one sentence.
  static func releases(of fix: UpstreamFixes) -> String {
    switch fix {
    case .noVmemmapPmdDestructor:
      "It is in 6.12.6 and later; v6.11 as first released, and backports of it, lack it."
    case .foldedEntryIsBase: "It is in 6.12.103 and later, and in 7.2."
    default: ""
    }
  }
}

extension SeriesCommit {
  /// The change that the commit makes, in a sentence.
  var brings: String {
    switch self {
    case .altmap: "vmemmap_populate hands the altmap that it gets on to the generic code."
    case .preallocation:
      "The root's empty slots of the memmap, the linear map and KASAN's shadow get their tables at boot."
    case .sections:
      "The functions that make mappings move from __init to __meminit: they stay in memory after boot."
    case .protection: "create_linear_mapping_range takes a protection, and serves hot-add."
    case .kernelAddress: "pfn_to_kaddr: the address in the linear map of a page frame."
    case .hotplug:
      "The fourteen functions that add and remove memory: arch_add_memory, arch_remove_memory, "
        + "arch_get_mappable_range, vmemmap_free and what they call."
    case .dumpLock: "The dump of the page tables holds the memory-hotplug lock for reading."
    case .enabling:
      "Kconfig: RISCV selects ARCH_ENABLE_MEMORY_HOTPLUG and ARCH_ENABLE_MEMORY_HOTREMOVE."
    case .virtioMem: "Kconfig: virtio-mem can be built for RISC-V."
    case .zoneDevice:
      "ZONE_DEVICE can be chosen: a bit in the PTE marks device memory. Later kernels need it no more."
    case .daxVmemmap: "Kconfig: RISCV selects ARCH_WANT_OPTIMIZE_DAX_VMEMMAP."
    case .merge: "The merge of the series: all of its commits together."
    case .destructorFix:
      "free_pmd_table learns whether the table is of the memmap, and leaves out its destructor."
    case .foldingFix:
      "At a folded level the entry is the base itself, and is not indexed once more."
    }
  }
}
