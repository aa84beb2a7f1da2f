// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The page tables before the operations: those of boot, and those of earlier hot-adds.
extension RandomScene {
  /// Sets up the linear map and the memmap of a region.
  mutating func setUp(_ index: Int) {
    let region = regions[index]
    let isBoot = region.kind == .boot
    // Boot maps its memory before preallocate_pgd_pages_range runs. In a few cases the preallocated tables
    // are missing, so that the first add makes them.
    if !isBoot, random.percent(94) { preallocate(region) }
    if region.isMapped { mapLinear(region, kind: isBoot ? .boot : .linear) }
    // An absent region may have a memmap too: in the kernel __add_pages populates it, here the core only
    // records the call.
    if random.percent(region.isMapped ? 88 : 70) {
      mapMemmap(index, kind: isBoot ? .boot : .vmemmap)
    }
  }

  /// Makes the tables below the root for the linear map and the memmap of a region.
  private mutating func preallocate(_ region: MemoryRegion) {
    let level = layout.mode.levels.dropLast().last ?? .pmd
    for byte in [region.start, region.end - 1] {
      _ = tables.table(level, for: layout.virtual(ofPhysical: byte), kind: .linear)
      _ = tables.table(
        level, for: layout.structPage(ofPFN: byte >> AddressLayout.pageShift), kind: .linear)
    }
  }

  /// Maps a region in the linear map with the best leaf sizes. Sometimes 2 MiB of it are split into pages, as
  /// set_memory_ro and similar calls do.
  private mutating func mapLinear(_ region: MemoryRegion, kind: ScenarioBuilder.TableKind) {
    let bits = Architecture.riscv.entryBits
    let protection = random.weighted(
      (82, bits.kernel), (6, Bits.readOnly), (6, Bits.noCache), (6, Bits.notGlobal))
    var from = region.start
    let chunks = region.size / MemoryRegion.subsection
    // A split gibibyte costs a table and 511 leaves.
    let isLarge = layout.mode.isL4Enabled && region.size >= layout.size(of: .pud)
    if chunks > 0, random.percent(isLarge ? 10 : 30) {
      let first = (region.start + MemoryRegion.subsection - 1) & ~(MemoryRegion.subsection - 1)
      let split = first + random.below(chunks) * MemoryRegion.subsection
      if split + MemoryRegion.subsection <= region.end {
        mapRuns(from: from, to: split, protection: protection, kind: kind)
        from = split + MemoryRegion.subsection
        mapRuns(from: split, to: from, byPages: true, protection: protection, kind: kind)
      }
    }
    mapRuns(from: from, to: region.end, protection: protection, kind: kind)
  }

  private mutating func mapRuns(
    from start: UInt64, to end: UInt64, byPages: Bool = false, protection: UInt64,
    kind: ScenarioBuilder.TableKind
  ) {
    let runs = linear.runs(from: start, to: end, byPages: byPages)
    for run in runs {
      tables.map(
        run.level, at: layout.virtual(ofPhysical: run.start), count: run.count,
        pfn: run.start >> AddressLayout.pageShift, protection: protection, kind: kind)
    }
    linear.map(runs)
  }

  /// Maps the memmap of a region: by 2 MiB leaves; by pages, as if memory was short or because the region is
  /// small; or by both. The memmap of boot memory is reserved; a device may hold its own.
  private mutating func mapMemmap(_ index: Int, kind: ScenarioBuilder.TableKind) {
    let region = regions[index]
    let large = layout.size(of: .pmd)
    let range = memmap(from: region.start, to: region.end)
    let pages = (range.upperBound - range.lowerBound) >> AddressLayout.pageShift
    let isSmall = pages < large >> AddressLayout.pageShift
    let byPages = isSmall ? random.percent(70) : random.percent(16)
    var from = range.lowerBound
    let split = byPages ? min(range.upperBound, (from & ~(large - 1)) + large) : from
    let leaves = (range.upperBound - min(range.upperBound, split) + large - 1) / large
    let leafPages = layout.size(of: .pmd) >> AddressLayout.pageShift
    let own = (split - from) >> AddressLayout.pageShift + leaves * leafPages
    var pfn: UInt64
    // The device must have room for the leaf after the pages that its driver keeps.
    if region.kind == .device, random.percent(75),
      own + 2 * leafPages <= region.size >> AddressLayout.pageShift || own == pages
    {
      pfn = takeFromAltmap(index, pages: own, aligned: leaves > 0 ? leafPages : 1)
    } else {
      let isReserved = region.kind == .boot || random.percent(6)
      pfn = self.pages(own, aligned: leaves > 0 ? leafPages : 1, isReserved: isReserved)
    }
    if leaves > 0 {
      let first = max(from, split) & ~(large - 1)
      tables.map(
        .pmd, at: first, count: leaves, pfn: pfn, protection: Bits.kernel, kind: kind)
      pfn += leaves * leafPages
    }
    if from < split {
      let count = (split - from) >> AddressLayout.pageShift
      tables.map(.pte, at: from, count: count, pfn: pfn, protection: Bits.kernel, kind: kind)
      from = split
    }
  }

  /// Gives a region an altmap that has handed out `pages` pages. Returns the first of these PFNs.
  private mutating func takeFromAltmap(
    _ index: Int, pages: UInt64, aligned: UInt64
  ) -> UInt64 {
    let region = regions[index]
    let base = region.start >> AddressLayout.pageShift
    // Two pages for the namespace label, as of_pmem keeps them; more for a filesystem.
    let reserve = random.one(of: 0, 2, 2, random.below(32))
    let first = (base + reserve + aligned - 1) / aligned * aligned
    let end = region.end >> AddressLayout.pageShift
    altmaps.append(
      Scenario.Altmap(
        basePFN: base, endPFN: end - 1, reserve: reserve,
        free: first - base - reserve + pages + random.below(64), align: first - base - reserve,
        alloc: pages))
    frames.append(Scenario.Frames(pfn: first, count: pages, owner: .altmap))
    regions[index].altmap = altmaps.count
    return first
  }

  /// The virtual addresses of the `struct page`s of a physical range, rounded to whole pages.
  func memmap(from start: UInt64, to end: UInt64) -> Range<UInt64> {
    let page = AddressLayout.pageSize
    let first = layout.structPage(ofPFN: start >> AddressLayout.pageShift) & ~(page - 1)
    let last = layout.structPage(ofPFN: (end + page - 1) >> AddressLayout.pageShift)
    return first..<max(first, (last + page - 1) & ~(page - 1))
  }
}
