// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// The duty of a function of the surface, and the harm if the function fails to do it.
struct FunctionDuty: Sendable {
  /// The duty, in a few sentences.
  let what: String
  /// The importance of the duty.
  let why: String
  /// The origin of the function.
  let origin: String

  init(of function: KernelFunction) {
    let text = function.isOfHotplug ? Self.removal(function) : Self.creation(function)
    what = text.what
    why = text.why
    origin = Self.origin(of: function)
  }

  /// A duty with its importance.
  typealias Text = (what: String, why: String)

  private static func origin(of function: KernelFunction) -> String {
    switch function {
    case .freePmdTable:
      "Commit c75a74f4ba19 (v6.11) added it; 21f1b85c8912 gave it the parameter is_vmemmap."
    case .removePudMapping, .removeP4dMapping:
      "Commit c75a74f4ba19 (v6.11) added it; a0188cc13369 mended how it finds the entry of a folded "
        + "level."
    case _ where function.isOfHotplug: "Commit c75a74f4ba19 (v6.11) added it."
    case .createLinearMappingRange:
      "It made the linear map at boot; commit 007480fe84a9 gave it the protection and made it serve "
        + "hot-add."
    case .preallocatePgdPagesRange, .pgtableCacheInit:
      "It is for vmalloc and modules in older kernels; commit 66673099f734 added the ranges that memory "
        + "hotplug needs."
    case .vmemmapPopulate:
      "It is older than memory hotplug; commit e3ecf2fdc8f3 made it hand the altmap on."
    case _ where function.isOfGenericCode:
      "Generic code of the kernel (mm/sparse-vmemmap.c), which the architecture calls."
    case .vmemmapSetPmd, .vmemmapCheckPmd:
      "The architecture's hooks of generic code, older than memory hotplug."
    default:
      "It made mappings at boot; commit fe122b89da67 keeps it in memory after boot, for hot-add."
    }
  }
}

extension FunctionDuty {
  /// The functions that commit c75a74f4ba19 adds.
  private static func removal(_ function: KernelFunction) -> Text {
    switch function {
    case .freePteTable:
      (
        "It frees a PTE table of which all 512 entries are zero, and does nothing otherwise. It runs the "
          + "table's destructor, gives the page back (a reserved one by free_reserved_page, others to the "
          + "page allocator), and clears the PMD that led to it, in that order.",
        "A table freed too early takes live mappings with it; one that is kept leaks a page each cycle."
      )
    case .freePmdTable:
      (
        "It frees a PMD table of which all entries are zero, and clears the PUD that led to it. The "
          + "destructor runs only when the table is not of the memmap, whose tables never had a "
          + "constructor.",
        "A destructor too many lowers the count of page tables and stops debug kernels (CVE-2024-56673)."
      )
    case .freePudTable:
      (
        "It frees a PUD table of which all entries are zero, and clears the P4D that led to it. It runs "
          + "no destructor.",
        "It is the highest table that is ever freed: those above are shared with every process's root."
      )
    case .freeVmemmapStorage:
      (
        "It gives back the memory behind a leaf of the memmap. With an altmap the pages are counted back "
          + "to it and none is touched; reserved pages are released one by one; everything else goes to "
          + "the page allocator as the block of that size.",
        "Whoever gets the wrong pages, or pages of a device, uses memory that is somebody else's."
      )
    case .removePteMapping:
      (
        "It clears every present PTE of a range, and frees the page behind each where the range is of "
          + "the memmap. It saves an entry before it clears it, as the page is known from the entry alone.",
        "It is the innermost walk: what it leaves stays mapped, what it clears too much is lost."
      )
    case .removePmdMapping:
      (
        "It walks the PMDs of a range. A leaf is cleared whole, however little of it the range covers, "
          + "and its memory freed where it is of the memmap; a table is walked, then offered to "
          + "free_pte_table.",
        "Nearly all memory is mapped by PMD leaves, so nearly all that removal does is done here."
      )
    case .removePudMapping:
      (
        "It walks the PUDs of a range; where PUDs are folded (Sv39) the entry is the base itself. Leaves "
          + "are cleared and tables offered to free_pmd_table only where PUDs are not folded.",
        "A folded level that is indexed leads out of the table (fixed by a0188cc13369)."
      )
    case .removeP4dMapping:
      (
        "It walks the P4Ds of a range; where P4Ds are folded (Sv39 and Sv48) the entry is the base "
          + "itself. Tables are offered to free_pud_table only where they are not folded.",
        "A folded level that is indexed leads out of the table (fixed by a0188cc13369)."
      )
    case .removePgdMapping:
      (
        "It walks the root's entries of a range [va, end), clamps each step to the end, and hands the "
          + "rest down. Tables that the root leads to are never freed. At the end the TLB is flushed once, "
          + "even for an empty range.",
        "It is the only flush of a removal: without it, harts go on using what is gone."
      )
    case .removeLinearMapping:
      (
        "It removes the linear mapping of physical memory: the range from va(start) to "
          + "va(start + size), not as memmap and without an altmap.",
        "What it leaves mapped can be reached after the memory is gone."
      )
    case .archGetMappableRange:
      (
        "It tells the core which physical addresses can be mapped linearly: from that of PAGE_OFFSET to "
          + "that of the last byte before PAGE_END, both included.",
        "The core refuses memory outside of it before anything is mapped."
      )
    case .archAddMemory:
      (
        "It makes the linear mapping with the caller's protection, then calls __add_pages. When that "
          + "fails it removes the mapping again; when not, max_pfn and max_low_pfn become the end of the "
          + "memory. It flushes in both cases and returns what __add_pages returned.",
        "It is how memory comes in: a mistake shows as lost memory, a fault or an error nobody hears of."
      )
    case .archRemoveMemory:
      (
        "It calls __remove_pages, then removes the linear mapping, then flushes. The altmap goes on to "
          + "the core.",
        "It is how memory goes: in the wrong order the core touches what is unmapped already."
      )
    case .vmemmapFree:
      (
        "It removes a range of the memmap with all the memory behind it: remove_pgd_mapping as memmap, "
          + "with the altmap that it was given.",
        "A section's memmap is 2 MiB: what is not freed here is lost with every removal."
      )
    default: ("", "")
    }
  }
}
