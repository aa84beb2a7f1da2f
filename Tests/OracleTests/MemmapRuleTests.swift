// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Oracle
@testable import Port

@Suite("The rules of the memmap's creation")
struct MemmapRuleTests {
  @Test("detect a subject that", arguments: wrongDoings)
  func see(_ wrong: WrongDoing) throws { try wrong.check() }

  /// The PFN in a section's leaf at the end.
  private static func pfn(_ section: Int, _ deeds: Deeds) -> UInt64 {
    let word = deeds.last.tables[deeds.table(.pmd)][deeds.layout.memmapSlot + section]
    return Architecture.riscv.entryBits.pfn(of: word)
  }

  static let wrongDoings = [
    WrongDoing(
      .memmapHole, "passes over a section that has no memmap", widths: [9, 2],
      build: { $0.populateTwo() },
      bend: { deeds in
        let block = pfn(1, deeds)
        deeds.drop(.allocate) { $0.a == block }
        deeds.set(deeds.table(.pmd), deeds.layout.memmapSlot + 1, to: 0)
      },
      shows: { .unmapped(address: $0.layout.memmap + $0.layout.size(of: .pmd)) }),
    WrongDoing(
      .memmapBacking, "maps one block for two sections", widths: [9, 2],
      build: { $0.populateTwo() },
      bend: { deeds in
        let block = pfn(1, deeds)
        deeds.drop(.allocate) { $0.a == block }
        let first = deeds.last.tables[deeds.table(.pmd)][deeds.layout.memmapSlot]
        deeds.set(deeds.table(.pmd), deeds.layout.memmapSlot + 1, to: first)
      },
      shows: { .pages(pfn: pfn(0, $0), count: $0.layout.leafPages) }),
    WrongDoing(
      .memmapBacking, "maps pages that the device has handed out", widths: [9, 2],
      build: { $0.populateTwo(altmap: $0.altmap(alloc: 2 * $0.layout.leafPages)) },
      bend: {
        let used = $0.image.altmaps[0].basePFN
        $0.set($0.table(.pmd), $0.layout.memmapSlot, to: used << 10 | Bits.kernel)
      },
      shows: { .pages(pfn: $0.image.altmaps[0].basePFN, count: $0.layout.leafPages) }),
    WrongDoing(
      .memmapBacking, "takes memory where a device's is given", also: [.altmapUnbalanced],
      widths: [9, 2],
      build: { $0.populateTwo(altmap: $0.altmap(alloc: 0)) },
      bend: {
        let pages = $0.layout.leafPages
        let block = Blocks.pfns(in: $0.layout).lowerBound
        let order = UInt64(pages.trailingZeroBitCount)
        $0.insert([Event(.allocate, a: block, b: order)])
        $0.set($0.table(.pmd), $0.layout.memmapSlot, to: block << 10 | Bits.kernel)
        $0.last.altmapAllocs[0] = pages
      },
      shows: {
        .pages(pfn: Blocks.pfns(in: $0.layout).lowerBound, count: $0.layout.leafPages)
      }),
    WrongDoing(
      .altmapUnbalanced, "charges the altmap for one section of two", widths: [9, 2],
      build: { $0.populateTwo(altmap: $0.altmap(alloc: 0)) },
      bend: { $0.last.altmapAllocs[0] = $0.layout.leafPages },
      shows: {
        .altmap(1, expected: 0 &- 2 * $0.layout.leafPages, actual: 0 &- $0.layout.leafPages)
      }),
    WrongDoing(
      .blockLost, "allocates a block and forgets it", widths: [9, 2],
      build: { $0.populateTwo() },
      bend: {
        let last = Blocks.pfns(in: $0.layout).upperBound - 4
        $0.insert([Event(.allocate, a: last, b: 2)])
      },
      shows: { .pages(pfn: Blocks.pfns(in: $0.layout).upperBound - 4, count: 4) }),
    WrongDoing(
      .populateResult, "says -ENOMEM where there was memory", widths: [9, 2],
      build: { $0.populateTwo() },
      bend: { $0.change(.returned) { $0.b = UInt64(bitPattern: -12) } },
      shows: { _ in
        .number("the return value", expected: 0, actual: UInt64(bitPattern: -12))
      }),
    WrongDoing(
      .populateResult, "says -EEXIST for a device without room", widths: [9, 2],
      build: { $0.populateTwo(altmap: $0.altmap(alloc: 0, free: 1)) },
      bend: { $0.change(.returned) { $0.b = UInt64(bitPattern: -17) } },
      shows: { _ in
        .number(
          "the return value", expected: UInt64(bitPattern: -12), actual: UInt64(bitPattern: -17))
      }),
    WrongDoing(
      .memmapHole, "says nothing of a device without room", widths: [9, 2],
      build: { $0.populateTwo(altmap: $0.altmap(alloc: 0, free: $0.layout.leafPages)) },
      bend: { $0.change(.returned) { $0.b = 0 } },
      shows: { .unmapped(address: $0.layout.memmap + $0.layout.size(of: .pmd)) }),
    WrongDoing(
      .addUnmapped, "maps the memmap read-only", widths: [9, 2],
      build: { $0.populateTwo() },
      bend: { deeds in
        let (table, slot) = (deeds.table(.pmd), deeds.layout.memmapSlot)
        deeds.set(table, slot, to: deeds.last.tables[table][slot] & ~Bits.riscv.write)
      },
      shows: {
        .leaf(
          address: $0.layout.canonical($0.layout.memmap), level: .pmd, pfn: pfn(0, $0),
          isPartial: false)
      }),
    WrongDoing(
      .backingLeaked, "keeps single pages of a memmap that goes",
      build: {
        _ = $0.table(.pmd, for: $0.layout.memmap, kind: .vmemmap)
        $0.injected.failingAllocation = 1
        $0.populate($0.layout.memmap, $0.layout.memmap + 0x1000)
        $0.remove(.vmemmap, from: $0.layout.memmap, bytes: 0x1000)
      },
      bend: { deeds in
        let page = deeds.pfn(deeds.image.tables.count + 1)
        deeds.drop(.free) { $0.a == page }
        deeds.last.lives[deeds.image.tables.count + 1].live = 1
      },
      shows: { .pages(pfn: $0.pfn($0.image.tables.count + 1), count: 1) }),
  ]
}

extension ScenarioBuilder {
  /// Populates the memmap of two sections; their pmd table exists beforehand.
  fileprivate mutating func populateTwo(altmap: Int? = nil) {
    _ = table(.pmd, for: layout.memmap, kind: .vmemmap)
    populate(layout.memmap, layout.memmap + bytes(.pmd, 2), altmap: altmap)
  }
}
