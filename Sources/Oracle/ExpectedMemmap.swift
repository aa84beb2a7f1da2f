// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Parts of memory sections: of each, by number, a bit a sub-section.
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
    // A leaf of a page maps less than a sub-section's memmap.
    let mask = SectionState.bits(
      pfn: first & ~(SectionState.subsectionPages - 1),
      pages: max(pages, SectionState.subsectionPages))
    return self[first >> SectionState.pagesShift] & mask != 0
  }

  /// Whether all the memmap that a leaf maps is of the parts.
  func covers(_ leaf: TranslationMap.Leaf, in layout: AddressLayout) -> Bool {
    let first = Self.pfn(of: leaf, in: layout)
    let pages = leaf.size / AddressLayout.structPageSize
    // What maps less than a sub-section's memmap cannot be smaller.
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

/// What a call of `arch_add_memory` or `arch_remove_memory` is to do with the memmap where the core is
/// live. It follows from which sections are present before and after: what was added has a memmap, what
/// was removed has none, boot memory keeps its own until nothing of its section is left.
struct ExpectedMemmap {
  /// What became present, without parts of boot-time sections.
  private(set) var added = SectionParts()
  /// What is present no more, and whose memmap is to go.
  private(set) var removed = SectionParts()
  /// What has a memmap afterwards.
  private(set) var needed = SectionParts()
  /// Sections whose memmap is boot memory's before the call, whole.
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

  /// Whether an entry of a table translates memmap that is to go.
  func isRemoved(below table: PageTableWalk.Table) -> Bool {
    let size = layout.size(of: table.level) << layout.indexBits
    return removed.bits.keys.contains { number in
      memmap(of: number) &- table.address < size
    }
  }

  /// The first address of what was added that no leaf maps, among these; nil when there is none.
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

  /// Where the memmap of a section begins.
  private func memmap(of number: UInt64) -> UInt64 {
    layout.structPage(ofPFN: number << SectionState.pagesShift)
  }
}

extension JudgedCall {
  /// What the call is to do with the memmap; nil unless the core is live and the call is for it.
  var memmapDuties: ExpectedMemmap? {
    guard image.hasLiveCore, function == .archAddMemory || function == .archRemoveMemory else {
      return nil
    }
    return ExpectedMemmap(before: before.sections, after: after.sections, layout: layout)
  }

  /// Whether an address is in the memmap of memory that an add left present, though it failed.
  func isLeftPresent(memmapAt address: UInt64) -> Bool {
    guard let duties = memmapDuties else { return false }
    let pfn =
      layout.vmemmapStartPFN &+ (address &- layout.vmemmapStart)
      / AddressLayout.structPageSize
    return duties.added[pfn >> SectionState.pagesShift] != 0
  }
}
