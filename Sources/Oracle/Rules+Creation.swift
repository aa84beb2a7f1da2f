// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension JudgedCall {
  /// The violations in the translations after a call that had to map a range.
  func creationViolations(
    _ creation: Creation, _ changes: TranslationChanges
  ) -> [Violation] {
    var found: [Violation] = []
    let range = creation.range
    let isLost = creation.mayOverwrite ? { !range.covers($0) } : { _ in true }
    // A part of a section may get the section's whole leaf.
    let isMeant = function.populates ? range.touches : range.covers
    if let leaf = changes.gone.first(where: isLost) ?? changes.new.first(where: { !isMeant($0) }) {
      found.append(violation(.outsideChanged, evidence(leaf, in: range)))
    } else if function.populates, let leaf = changes.new.first(where: { !range.covers($0) }) {
      // The neighbours lose their memmap when this leaf is removed.
      found.append(violation(.outsideChanged, evidence(leaf, in: range)))
    }
    let new = changes.new.filter(range.touches)
    if let leaf = new.first(where: { !isAsAsked($0, creation) }) {
      found.append(violation(.addUnmapped, evidence(leaf, in: nil)))
    } else if !function.populates, !mayHaveFailed, let address = firstUnmapped(creation) {
      found.append(violation(.addUnmapped, .unmapped(address: address)))
    }
    if let leaf = new.first(where: { !isOfGoodSize($0, creation) }) {
      found.append(violation(.leafSize, evidence(leaf, in: nil)))
    }
    if function.populates, returned?.b == 0, isOfWholePages, let address = firstHole(creation) {
      found.append(violation(.memmapHole, .unmapped(address: address)))
    }
    return found
  }

  /// Bytes from the start of the call's range to a leaf.
  private func distance(to leaf: TranslationMap.Leaf, in creation: Creation) -> UInt64 {
    span.offset(of: leaf.offset &- creation.range.start)
  }

  /// Whether a new leaf maps the required frame with the required protection.
  private func isAsAsked(_ leaf: TranslationMap.Leaf, _ creation: Creation) -> Bool {
    let bits = Architecture.riscv.entryBits
    let distance = distance(to: leaf, in: creation)
    var protections = creation.protection.map { [$0] } ?? []
    if creation.protection == nil {
      protections = protectionsAtBoot(creation.range.start &+ distance)
    }
    guard let physical = creation.physical else {
      return protections.contains(leaf.word & ~bits.pfnMask)
    }
    let pfn =
      physical >> AddressLayout.pageShift &+ distance >> AddressLayout.pageShift
    return protections.contains { leaf.word == bits.leafWord(pfn: pfn, protection: $0) }
  }

  private func isOfGoodSize(_ leaf: TranslationMap.Leaf, _ creation: Creation) -> Bool {
    switch creation.leafSize {
    case .fixed(let size): return leaf.size == size
    case .memmap where kernel.contains(.memmapByPages) && function == .vmemmapPopulate:
      return leaf.level == .pte
    case .memmap where kernel.contains(.populatedIsLeaf) && leaf.table < before.lives.count:
      // The table existed before, and the call fills its holes.
      return leaf.level <= .pmd
    case .memmap:
      let isSurelyThere =
        image.allocationBudget == .max && image.failingAllocation == 0
        || operation.altmap != 0
      return leaf.level == .pmd
        || leaf.level == .pte && (!isSurelyThere || isPartOfLarger(leaf, of: creation.range))
    case .best:
      guard let start = creation.physical else { return true }
      // Bytes within a page count, because they make the address unaligned.
      let distance = distance(to: leaf, in: creation)
      let end =
        function == .archAddMemory ? operation.start &+ operation.end : operation.end
      let physical = start &+ distance
      return leaf.size
        == bestLeafSize(
          physical: physical, virtual: layout.virtual(ofPhysical: physical),
          length: end &- physical)
    }
  }

  /// Whether a page of the memmap lies where a large leaf cannot: the range covers only a part of the
  /// large leaf, or the table existed before.
  private func isPartOfLarger(_ leaf: TranslationMap.Leaf, of range: AddressRange) -> Bool {
    if leaf.table < before.lives.count { return true }
    let size = layout.size(of: .pmd)
    let start = leaf.address & ~(size - 1)
    return !range.covers(
      TranslationMap.Leaf(
        offset: span.offset(of: start), address: start, level: .pmd, size: size, table: leaf.table,
        slot: 0, word: 0))
  }

  /// The first address of the range without a translation. Nil if there is none, if an older entry is in
  /// the way, or if the range has parts of pages, because nobody adds these.
  private func firstUnmapped(_ creation: Creation) -> UInt64? {
    guard isOfWholePages, let address = firstHole(creation) else { return nil }
    return isBlocked(address) ? nil : address
  }

  private var isOfWholePages: Bool {
    (operation.start | operation.end) % AddressLayout.pageSize == 0
  }

  private func firstHole(_ creation: Creation) -> UInt64? {
    let (start, size) = (creation.range.start, creation.range.length)
    let parts = after.translations.leaves.filter(creation.range.touches).map { leaf in
      let end = span.offset(of: leaf.offset &+ leaf.size &- start)
      return (begin: end > leaf.size ? end - leaf.size : 0, end: end == 0 ? span.size : end)
    }
    var reached: UInt64 = 0
    for part in parts.sorted(by: { $0.end < $1.end }) {
      guard part.begin <= reached else { break }
      reached = part.end
    }
    return reached < size ? start &+ reached : nil
  }

  /// Whether a non-zero entry without a live table below it was on the path to an address before the
  /// call.
  private func isBlocked(_ address: UInt64) -> Bool {
    var table = 0
    for level in layout.mode.levels.reversed() {
      let word = before.tables[table][layout.index(of: address, at: level)]
      switch PageTableWalk.kind(
        of: word, at: level, tableCount: before.tables.count, layout: layout)
      {
      case .table(let next): table = next
      case .none: return false
      case .nonPresent, .leaf, .wild: return true
      }
      if before.tables[table].isEmpty { return true }
    }
    return false
  }
}
