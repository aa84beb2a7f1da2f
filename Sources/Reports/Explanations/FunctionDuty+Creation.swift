// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

extension FunctionDuty {
  /// The creation side: functions that are older than commit c75a74f4ba19, which other commits of its series
  /// change.
  static func creation(_ function: KernelFunction) -> Text {
    switch function {
    case .bestMapSize:
      (
        "It says how large the next leaf may be: the largest of P4D (Sv57), PUD (Sv48 and Sv57) and PMD "
          + "for which both addresses are aligned and the length suffices, else a page. With "
          + "debug_pagealloc it is always a page.",
        "A leaf that is too large maps what was not asked for."
      )
    case .createPteMapping:
      (
        "It writes the PTE of an address if that is zero, and changes nothing that stands there. Any "
          + "size but a page is a BUG.",
        "An entry that is overwritten takes a mapping from its user."
      )
    case .createPmdMapping: level("PMD", below: "PTE table")
    case .createPudMapping: level("PUD", below: "PMD table")
    case .createP4dMapping: level("P4D", below: "PUD table")
    case .createPgdMapping:
      (
        "It writes a leaf into the root when that is the size asked for, if the entry is zero. Otherwise "
          + "it finds or makes the table below - the next level that the mode does not fold - and goes on "
          + "there. Nothing that stands there is overwritten, and nothing is flushed.",
        "Every new mapping goes through it."
      )
    case .createLinearMappingRange:
      (
        "It maps physical memory linearly from start to end, in steps of a fixed size or of "
          + "best_map_size, with the protection that is handed over, or with that of the address where "
          + "none is.",
        "Hot-added memory is reached through what it makes."
      )
    case .pgprotFromVa:
      (
        "It gives the protection that an address is to have: read and execute for the kernel's text, read "
          + "alone for the image of it in the linear map, read and write for all other memory.",
        "Memory that can be written and run is what attackers need."
      )
    case .allocPteLate: allocates("PTE", "It runs the constructor for it.")
    case .allocPmdLate: allocates("PMD", "It runs the constructor for it.")
    case .allocPudLate:
      allocates("PUD", "Later kernels run a constructor for it, older ones none.")
    case .allocP4dLate:
      allocates("P4D", "Later kernels run a constructor for it, older ones none.")
    case .getPteVirtLate: finds("PTE")
    case .getPmdVirtLate: finds("PMD")
    case .getPudVirtLate: finds("PUD")
    case .getP4dVirtLate: finds("P4D")
    case .preallocatePgdPagesRange:
      (
        "It gives every empty slot of the root in a range [start, end) a table of the next level, leaves "
          + "the others, stops at the top of the address space, and panics when memory is out.",
        "Roots of processes are copies: a slot that is filled after the copy is missing in them."
      )
    case .pgtableCacheInit:
      (
        "It preallocates the root's slots at boot: for vmalloc and modules, and with memory hotplug also "
          + "for the memmap, the linear map and KASAN's shadow.",
        "Without it the first access to hot-added memory from an older process is an oops."
      )
    case .vmemmapSetPmd:
      (
        "It makes a PMD a leaf of the memmap over the block that it is given.",
        "Generic code hands it each new 2 MiB of memmap."
      )
    case .vmemmapCheckPmd:
      (
        "It says whether a PMD of the memmap is in use already, in which case nothing is to be allocated "
          + "for it; for a leaf it verifies the node.",
        "A yes for a table of single pages leaves a hole in the memmap: upstream's text says so of "
          + "whatever stands there."
      )
    case .vmemmapPopulate:
      (
        "It populates the memmap of a range of page frames, in 2 MiB leaves, on a node. The altmap that "
          + "it gets goes on: the memory for the memmap comes from it.",
        "Without the altmap a device's memmap takes RAM, which may not be there."
      )
    case .vmemmapPopulateHugepages:
      (
        "For each 2 MiB of memmap it finds or makes the tables above, skips what is in use, takes a block "
          + "from the altmap or the page allocator, and has the architecture link it. Where there is no "
          + "block it falls back on single pages, unless an altmap was given.",
        "It decides what memory the memmap lies in, and so what has to be given back to whom."
      )
    default: ("", "")
    }
  }

  private static func level(_ name: String, below table: String) -> Text {
    (
      "It writes a \(name) leaf when that is the size asked for, if the entry is zero. Otherwise it finds "
        + "the \(table) below, or allocates, links and zeroes one, and goes on there. Nothing that stands "
        + "there is overwritten, and nothing is flushed.",
      "A leaf over a table, or a new table in place of an old one, loses all that was mapped."
    )
  }

  private static func allocates(_ name: String, _ constructor: String) -> Text {
    (
      "It takes a page for a \(name) table and returns its physical address. \(constructor) When memory "
        + "is out it is a BUG.",
      "A constructor that is missing, or has no destructor as its counterpart, moves the count of page "
        + "tables; and the BUG stops a machine that was only asked for memory (hazard H5)."
    )
  }

  private static func finds(_ name: String) -> Text {
    (
      "It gives the virtual address of a \(name) table whose physical address is known, in the linear map.",
      "What it gives is written to: at a wrong address that is somebody else's memory."
    )
  }
}
