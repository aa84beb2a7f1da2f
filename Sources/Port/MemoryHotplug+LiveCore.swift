// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// `__add_pages` and `__remove_pages`: always recorded. With a live core they also do the work of
/// mm/memory_hotplug.c and mm/sparse.c, section by section.
extension MemoryHotplug {
  private static var exists: Int32 { -17 }
  private static var invalid: Int32 { -22 }

  /// `__add_pages`: returns the injected error, if any. Otherwise, a live core adds sections up to the
  /// first failure, and the earlier ones stay (hazard H11).
  static func addPages(
    _ node: Int32, _ pfn: UInt64, _ pages: UInt64, _ parameters: HotplugParameters,
    on machine: inout Machine
  ) throws(Halt) -> Int32 {
    let result = try machine.addPages(
      node: node, pfn: pfn, pages: pages, parameters: parameters)
    guard result == 0, machine.hasLiveCore else { return result }
    if parameters.protection == 0 {
      try machine.warn()
      return invalid
    }
    guard machine.accepts(altmap: parameters.altmap, pfn: pfn, pages: pages) else {
      return invalid
    }
    if isMisaligned(pfn, pages) {
      try machine.warn()
      return invalid
    }
    var next = pfn
    while next < pfn &+ pages {
      try machine.step()
      let part = partOfSection(next, pfn &+ pages)
      let error = try addSection(node, next, part, from: pfn, parameters, on: &machine)
      if error != 0 { return error }
      next &+= part
    }
    return 0
  }

  /// `__remove_pages`: a live core removes the range's part of each section's memmap.
  static func removePages(
    _ pfn: UInt64, _ pages: UInt64, _ altmap: UInt32, _ pgmap: UInt32, on machine: inout Machine
  ) throws(Halt) {
    try machine.removePages(pfn: pfn, pages: pages, altmap: altmap, pgmap: pgmap)
    guard machine.hasLiveCore else { return }
    if isMisaligned(pfn, pages) { return try machine.warn() }
    var next = pfn
    while next < pfn &+ pages {
      try machine.step()
      let part = partOfSection(next, pfn &+ pages)
      try removeSection(next, part, altmap, on: &machine)
      next &+= part
    }
  }

  /// `sparse_add_section`: a memmap that cannot be populated completely is removed again together with
  /// the section. `first` is the start of the added memory.
  private static func addSection(
    _ node: Int32, _ pfn: UInt64, _ pages: UInt64, from first: UInt64,
    _ parameters: HotplugParameters, on machine: inout Machine
  ) throws(Halt) -> Int32 {
    switch machine.addSection(pfn: pfn, pages: pages) {
    case .isThere: return 0
    case .isPresent: return exists
    case .noRoom: return outOfMemory
    case .populate: break
    }
    let error = try populateSectionMemmap(
      node, pfn, pages, from: first, parameters, on: &machine)
    if error == 0 { return 0 }
    try removeSection(pfn, pages, parameters.altmap, on: &machine)
    return outOfMemory
  }

  /// `__populate_section_memmap`.
  private static func populateSectionMemmap(
    _ node: Int32, _ pfn: UInt64, _ pages: UInt64, from first: UInt64,
    _ parameters: HotplugParameters, on machine: inout Machine
  ) throws(Halt) -> Int32 {
    let memmap = memmap(pfn, pages, on: machine)
    if vmemmapCanOptimize(parameters.altmap, parameters.pgmap, on: machine) {
      return try vmemmapPopulateCompoundPages(
        pfn, from: first, memmap.start, memmap.end, node, parameters.pgmap, on: &machine)
    }
    return try vmemmapPopulate(memmap.start, memmap.end, node, parameters.altmap, on: &machine)
  }

  /// `sparse_remove_section`: boot-time memory keeps its memmap until no part of its section is present;
  /// its memmap never belongs to an altmap.
  private static func removeSection(
    _ pfn: UInt64, _ pages: UInt64, _ altmap: UInt32, on machine: inout Machine
  ) throws(Halt) {
    switch machine.removeSection(pfn: pfn, pages: pages) {
    case .notThere: try machine.warn()
    case .keep: break
    case .free:
      let memmap = memmap(pfn, pages, on: machine)
      try vmemmapFree(memmap.start, memmap.end, altmap, on: &machine)
    case .freeBoot:
      let first = pfn & ~(SectionState.pages - 1)
      let memmap = memmap(first, SectionState.pages, on: machine)
      try vmemmapFree(memmap.start, memmap.end, 0, on: &machine)
    }
  }

  private static func memmap(
    _ pfn: UInt64, _ pages: UInt64, on machine: borrowing Machine
  ) -> (start: UInt64, end: UInt64) {
    let start = machine.layout.structPage(ofPFN: pfn)
    return (start, start &+ pages &* AddressLayout.structPageSize)
  }

  /// `check_pfn_span`: only whole sub-sections are added and removed.
  private static func isMisaligned(_ pfn: UInt64, _ pages: UInt64) -> Bool {
    (pfn | pages) & (SectionState.subsectionPages - 1) != 0
  }

  /// Pages from a PFN to the end of the range or of the section, whichever comes first.
  private static func partOfSection(_ pfn: UInt64, _ end: UInt64) -> UInt64 {
    min(end, (pfn | (SectionState.pages - 1)) &+ 1) &- pfn
  }
}
