// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Parts of memory sections: one bit per sub-section, by section number.
struct SectionParts {
  private(set) var bits: [UInt64: UInt64] = [:]

  subscript(number: UInt64) -> UInt64 {
    get { bits[number] ?? 0 }
    set { bits[number] = newValue == 0 ? nil : newValue }
  }

  var isEmpty: Bool { bits.isEmpty }

  /// Whether a leaf maps memmap of one of the parts.
  func touches(_ leaf: TranslationMap.Leaf, in layout: AddressLayout) -> Bool {
    let first = Self.pfn(of: leaf, in: layout)
    let pages = leaf.size / AddressLayout.structPageSize
    guard pages < SectionState.pages else {
      return bits.keys.contains { ($0 << SectionState.pagesShift) &- first < pages }
    }
    // A page-sized leaf maps less than a sub-section's memmap.
    let mask = SectionState.bits(
      pfn: first & ~(SectionState.subsectionPages - 1),
      pages: max(pages, SectionState.subsectionPages))
    return self[first >> SectionState.pagesShift] & mask != 0
  }

  /// Whether all the memmap that a leaf maps belongs to the parts.
  func covers(_ leaf: TranslationMap.Leaf, in layout: AddressLayout) -> Bool {
    let first = Self.pfn(of: leaf, in: layout)
    let pages = leaf.size / AddressLayout.structPageSize
    // A leaf that maps less than a sub-section's memmap lies within one part.
    guard pages >= SectionState.subsectionPages else { return touches(leaf, in: layout) }
    guard pages >= SectionState.pages else {
      let mask = SectionState.bits(pfn: first, pages: pages)
      return self[first >> SectionState.pagesShift] & mask == mask
    }
    let sections = first >> SectionState.pagesShift..<(first &+ pages) >> SectionState.pagesShift
    return sections.allSatisfy { self[$0] == .max }
  }

  /// The first page whose `struct page` a leaf maps.
  private static func pfn(of leaf: TranslationMap.Leaf, in layout: AddressLayout) -> UInt64 {
    let distance = AddressSpan(layout).offset(of: leaf.offset &- layout.vmemmapStart)
    return layout.vmemmapStartPFN &+ distance / AddressLayout.structPageSize
  }
}

/// The required change of the memmap in `arch_add_memory` or `arch_remove_memory` with a live core. It
/// follows from the sections that are present before and after: added memory has a memmap, removed
/// memory has none, and boot memory keeps its own until no part of its section is present.
struct ExpectedMemmap {
  /// Parts that became present, without those of boot-time sections.
  private(set) var added = SectionParts()
  /// Parts that are no longer present and whose memmap must be removed.
  private(set) var removed = SectionParts()
  /// Parts that must have a memmap after the call.
  private(set) var needed = SectionParts()
  /// Sections with the complete memmap of boot memory before the call.
  private(set) var boot = SectionParts()
  private let layout: AddressLayout

  init(before: [SectionState], after: [SectionState], layout: AddressLayout) {
    self.layout = layout
    let old = Dictionary(before.map { ($0.number, $0) }) { first, _ in first }
    let new = Dictionary(after.map { ($0.number, $0) }) { first, _ in first }
    for number in Set(old.keys).union(new.keys) {
      let (had, has) = (old[number]?.subsections ?? 0, new[number]?.subsections ?? 0)
      let wasEarly = old[number]?.isEarly == true
      if wasEarly { boot[number] = .max }
      if new[number]?.isEarly == true {
        needed[number] = .max
        continue
      }
      needed[number] = has
      added[number] = has & ~had
      removed[number] = wasEarly ? .max & ~has : had & ~has
    }
  }

  /// Whether a leaf maps a part of the memmap.
  func holds(_ leaf: TranslationMap.Leaf) -> Bool {
    AddressSpan(layout).offset(of: leaf.offset &- layout.vmemmapStart)
      < layout.vmemmapEnd &- layout.vmemmapStart
  }

  /// Whether an entry of a table translates memmap that must be removed.
  func isRemoved(below table: PageTableWalk.Table) -> Bool {
    let size = layout.size(of: table.level) << layout.indexBits
    return removed.bits.keys.contains { number in
      memmap(of: number) &- table.address < size
    }
  }

  /// The first address in the memmap of the added parts that none of these leaves maps; nil if there is
  /// none.
  func firstUnmapped(among leaves: [TranslationMap.Leaf]) -> UInt64? {
    var whole = SectionParts()
    var pages: Set<UInt64> = []
    for leaf in leaves where holds(leaf) {
      if leaf.size == AddressLayout.pageSize {
        pages.insert(leaf.address)
      } else {
        for number in added.bits.keys where memmap(of: number) &- leaf.address < leaf.size {
          whole[number] = .max
        }
      }
    }
    let bytes = SectionState.subsectionPages * AddressLayout.structPageSize
    for (number, bits) in added.bits.sorted(by: { $0.key < $1.key }) {
      let missing = bits & ~whole[number]
      for bit in 0..<64 as Range<UInt64> where missing >> bit & 1 == 1 {
        let start = memmap(of: number) &+ bit * bytes
        for page in stride(from: start, to: start &+ bytes, by: Int(AddressLayout.pageSize))
        where !pages.contains(page) {
          return page
        }
      }
    }
    return nil
  }

  /// The start of a section's memmap.
  private func memmap(of number: UInt64) -> UInt64 {
    layout.structPage(ofPFN: number << SectionState.pagesShift)
  }
}

extension JudgedCall {
  /// The required change of the memmap; nil unless the core is live and the call adds or removes memory.
  var memmapDuties: ExpectedMemmap? {
    guard image.hasLiveCore, function == .archAddMemory || function == .archRemoveMemory else {
      return nil
    }
    return ExpectedMemmap(before: before.sections, after: after.sections, layout: layout)
  }

  /// Whether an address is in the memmap of memory that a failed add left present.
  func isLeftPresent(memmapAt address: UInt64) -> Bool {
    guard let duties = memmapDuties else { return false }
    let pfn =
      layout.vmemmapStartPFN &+ (address &- layout.vmemmapStart)
      / AddressLayout.structPageSize
    return duties.added[pfn >> SectionState.pagesShift] != 0
  }
}
