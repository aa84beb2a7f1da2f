// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Oracle

extension Hazard.ID {
  /// The systems that the hazard affects, or its harm.
  var reason: String {
    switch self {
    case .h1:
      "Two devices, or two namespaces of one, whose memory shares a section of 128 MiB: removing one "
        + "takes the other's memmap."
    case .h2:
      "The count of page tables falls with each cycle of adding and removing, below zero in the end, and "
        + "debug kernels stop with a VM_BUG."
    case .h3:
      "Memory above the new max_pfn is passed over, until the machine is started again, by all that ask "
        + "max_pfn."
    case .h4:
      "Memory that lies beyond what Sv39 can map is not refused, and mapped at an address that is not "
        + "its own."
    case .h5:
      "A machine that is short of memory, and is given some, stops where it could have refused it."
    case .h6: "A machine on Sv57 whose RAM begins at a multiple of 512 GiB."
    case .h7:
      "Memory that was there at boot and is removed: a DIMM that shares a large leaf with another takes "
        + "the other's mapping along."
    case .h8:
      "It takes another hart at the right moment: it then reads or writes what is somebody else's memory."
    case .h9:
      "The count of page tables rises with each cycle, for ever; it can be seen from /proc/vmstat."
    case .h10:
      "Sections that were added with different altmaps and are removed in one call, or with none."
    case .h11:
      "After a failed add the memmap of some sections stays and is not used; adding the memory again "
        + "finds it in the way."
    }
  }
}
