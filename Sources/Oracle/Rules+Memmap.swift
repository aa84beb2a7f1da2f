// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The memmap of added and removed memory with a live core: present sections have one, absent sections
/// have none.
extension JudgedCall {
  /// The violations in the changes of the memmap by a call that returned.
  func memmapViolations(_ duties: ExpectedMemmap, _ changes: TranslationChanges) -> [Violation] {
    var found: [Violation] = []
    func note(_ rule: OracleRule, _ leaf: TranslationMap.Leaf, isPartial: Bool = false) {
      found.append(
        violation(
          rule,
          .leaf(
            address: leaf.address, level: leaf.level,
            pfn: Architecture.riscv.entryBits.pfn(of: leaf.word), isPartial: isPartial),
          isVmemmap: true))
    }
    func isAdded(_ leaf: TranslationMap.Leaf) -> Bool { duties.added.touches(leaf, in: layout) }
    func isRemoved(_ leaf: TranslationMap.Leaf) -> Bool { duties.removed.touches(leaf, in: layout) }
    func isNeeded(_ leaf: TranslationMap.Leaf) -> Bool { duties.needed.touches(leaf, in: layout) }

    if let leaf = changes.gone.first(where: { !isRemoved($0) || isNeeded($0) }) {
      note(.outsideChanged, leaf, isPartial: isRemoved(leaf))
    }
    if let leaf = after.translations.leaves.first(where: {
      duties.holds($0) && isRemoved($0) && !isNeeded($0)
    }) {
      note(.translationRemains, leaf)
    }
    if function == .archAddMemory, !hasAdded {
      if let leaf = changes.new.first { note(.failedAddLeft, leaf) }
      return found
    }
    if let leaf = changes.new.first(where: { !isAdded($0) }) {
      note(.outsideChanged, leaf)
    } else if let leaf = changes.new.first(where: { !duties.added.covers($0, in: layout) }) {
      // A later removal of this leaf also removes memmap of other memory.
      note(.outsideChanged, leaf, isPartial: true)
    }
    if hasAdded, let address = duties.firstUnmapped(among: after.translations.leaves) {
      found.append(violation(.addUnmapped, .unmapped(address: address), isVmemmap: true))
    }
    return found
  }
}
