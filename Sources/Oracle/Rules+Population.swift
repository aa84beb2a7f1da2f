// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension JudgedCall {
  /// The violations in the location of a populated memmap, and in the result of the call.
  func populationViolations(_ changes: TranslationChanges) -> [Violation] {
    guard function.populates else { return [] }
    return [
      wrongBacking(changes.new), lostBlock, wrongResult,
    ].compactMap { $0 }
  }

  private func pages(of leaf: TranslationMap.Leaf) -> Range<UInt64> {
    let pfn = Architecture.riscv.entryBits.pfn(of: leaf.word)
    return pfn..<pfn + leaf.size >> AddressLayout.pageShift
  }

  /// A leaf in memory that the call must not use, or that another leaf uses.
  private func wrongBacking(_ leaves: [TranslationMap.Leaf]) -> Violation? {
    let backing = leaves.map(pages)
    let wrong = backing.indices.first { index in
      let own = backing[index]
      if operation.altmap != 0 ? !isUnused(own) : !isAllocated(own) { return true }
      return backing[..<index].contains { $0.overlaps(own) }
    }
    return wrong.map {
      violation(
        .memmapBacking,
        .pages(pfn: backing[$0].lowerBound, count: UInt64(backing[$0].count)))
    }
  }

  /// Whether the pages belong to the given altmap and were not handed out before.
  private func isUnused(_ pages: Range<UInt64>) -> Bool {
    let number = Int(operation.altmap) - 1
    guard image.altmaps.indices.contains(number) else { return false }
    let altmap = image.altmaps[number]
    let first = altmap.basePFN &+ altmap.reserve
    let used = before.altmapAllocs[number] &+ before.altmapAligns[number]
    return pages.lowerBound >= first &+ used && pages.upperBound <= first &+ altmap.free
  }

  /// Whether the pages are those of one allocation of the call.
  private func isAllocated(_ pages: Range<UInt64>) -> Bool {
    events.contains {
      $0.kind == EventKind.allocate.rawValue && $0.a == pages.lowerBound
        && $0.b < 64 && UInt64(1) << $0.b == UInt64(pages.count)
    }
  }

  /// A block that was allocated and is neither mapped nor freed.
  private var lostBlock: Violation? {
    let mapped = Set(after.translations.leaves.map { pages(of: $0).lowerBound })
    let freed = Set(events.filter { $0.kind == EventKind.free.rawValue }.map(\.a))
    let lost = events.first {
      // A single page may belong to a table.
      $0.kind == EventKind.allocate.rawValue && $0.b > 0 && $0.b < 64
        && !mapped.contains($0.a) && !freed.contains($0.a)
    }
    return lost.map { violation(.blockLost, .pages(pfn: $0.a, count: 1 << $0.b)) }
  }

  /// The result must be 0, or -ENOMEM if memory may have run out.
  private var wrongResult: Violation? {
    guard let returned else { return nil }
    let outOfMemory = UInt64(bitPattern: -12)
    if returned.b == 0 || returned.b == outOfMemory && mayLackMemory { return nil }
    let expected = mayLackMemory ? outOfMemory : 0
    return violation(
      .populateResult, .number("the return value", expected: expected, actual: returned.b))
  }

  private var mayLackMemory: Bool {
    if image.allocationBudget != .max || image.failingAllocation != 0 { return true }
    let number = Int(operation.altmap) - 1
    guard image.altmaps.indices.contains(number) else { return false }
    let altmap = image.altmaps[number]
    let used = after.altmapAllocs[number] &+ after.altmapAligns[number]
    let block = layout.size(of: .pmd) >> AddressLayout.pageShift
    let next = altmap.basePFN &+ altmap.reserve &+ used
    let lost = (block - next % block) % block
    return used > altmap.free || altmap.free - used < block + lost
  }
}
