// SPDX-License-Identifier: GPL-2.0-only

/// A commit of the series "riscv: Memory Hot(Un)Plug support" or one that followed it.
public enum SeriesCommit: String, CaseIterable, Sendable {
  case altmap = "e3ecf2fdc8f3"
  case preallocation = "66673099f734"
  case sections = "fe122b89da67"
  case protection = "007480fe84a9"
  case kernelAddress = "6e6c5e21b8cb"
  case hotplug = "c75a74f4ba19"
  case dumpLock = "37992b7f1097"
  case enabling = "f8c2a240556e"
  case virtioMem = "0546d7043e55"
  case zoneDevice = "216e04bf1e4d"
  case daxVmemmap = "4705c1571ad3"
  case merge = "60a6707f582e"
  case destructorFix = "21f1b85c8912"
  case foldingFix = "a0188cc13369"

  /// The commit's abbreviated hash, twelve digits.
  public var hash: String { rawValue }

  /// Whether the merge contains it.
  public var isMerged: Bool {
    switch self {
    case .merge, .destructorFix, .foldingFix: false
    default: true
    }
  }

  /// The commit's subject line.
  public var title: String {
    switch self {
    case .altmap: "riscv: mm: Properly forward vmemmap_populate() altmap parameter"
    case .preallocation: "riscv: mm: Pre-allocate vmemmap/direct map/kasan PGD entries"
    case .sections: "riscv: mm: Change attribute from __init to __meminit for page functions"
    case .protection: "riscv: mm: Refactor create_linear_mapping_range() for memory hot add"
    case .kernelAddress: "riscv: mm: Add pfn_to_kaddr() implementation"
    case .hotplug: "riscv: mm: Add memory hotplugging support"
    case .dumpLock: "riscv: mm: Take memory hotplug read-lock during kernel page table dump"
    case .enabling: "riscv: Enable memory hotplugging for RISC-V"
    case .virtioMem: "virtio-mem: Enable virtio-mem for RISC-V"
    case .zoneDevice: "riscv: mm: Add support for ZONE_DEVICE"
    case .daxVmemmap: "riscv: Enable DAX VMEMMAP optimization"
    case .merge: "Merge patch series 'riscv: Memory Hot(Un)Plug support'"
    case .destructorFix: "riscv: mm: Do not call pmd dtor on vmemmap page table teardown"
    case .foldingFix: "Fix out-of-bounds page-table walk during memory hot-remove"
    }
  }

  /// The fault of a kernel without the commit, in one sentence.
  public var loss: String {
    switch self {
    case .altmap:
      "the memmap of a device's memory is allocated from RAM although it should lie on the device, "
        + "and a removal returns pages to an altmap that did not allocate them"
    case .preallocation:
      "memory added under a root entry that was empty at boot is missing in page tables that were "
        + "copied before: the first access from such a process is an oops"
    case .sections:
      "hot-add calls functions whose memory was freed after boot"
    case .protection:
      "hot-added memory cannot be mapped with the protection that the caller requests, and no code "
        + "outside of boot can create the linear mapping"
    case .kernelAddress:
      "generic code that turns a PFN into an address (KASAN's shadow of hot-added memory) does not "
        + "compile"
    case .hotplug:
      "memory can neither be added nor removed"
    case .dumpLock:
      "a dump of the kernel's page tables walks tables that a removal frees under it"
    case .enabling:
      "MEMORY_HOTPLUG cannot be chosen, so none of the code is built"
    case .virtioMem:
      "the driver that virtual machines resize their memory with cannot be chosen"
    case .zoneDevice:
      "ZONE_DEVICE cannot be chosen: no device memory with struct pages (pmem, DAX, P2P)"
    case .daxVmemmap:
      "DAX devices keep the whole memmap, although a hundredth is enough"
    case .merge:
      "see the rows that are missing"
    case .destructorFix:
      "the page-table count falls with each removal, and debug kernels stop with a VM_BUG "
        + "(CVE-2024-56673)"
    case .foldingFix:
      "on Sv39 and Sv48 a removal reads, and may clear, memory beyond the end of the root table"
    }
  }

  /// A case of the catalogue that shows the fault: `mhpcheck replay ID@MODE SUBJECT`.
  public var scenario: String? {
    switch self {
    case .destructorFix: "vmemmap-free/a-section@sv48"
    case .foldingFix: "vmemmap-free/a-section@sv39"
    default: nil
    }
  }
}
