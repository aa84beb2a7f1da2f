// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Oracle
@testable import Port

@Suite("The rules of the memory behind the memmap")
struct BackingRuleTests {
  static let wrongDoings = pages + altmaps

  @Test("detect a subject that", arguments: wrongDoings)
  func see(_ wrong: WrongDoing) throws { try wrong.check() }

  /// The pages behind the removed leaf, without the first `skipped`.
  private static func behind(_ deeds: Deeds, from skipped: UInt64 = 0, count: UInt64? = nil)
    -> Violation.Evidence
  {
    .pages(
      pfn: pfn(deeds) + skipped, count: count ?? deeds.layout.leafPages - skipped)
  }

  private static func pfn(_ deeds: Deeds) -> UInt64 {
    Bits.riscv.pfn(of: deeds.first(deeds.table(.pmd), deeds.layout.memmapSlot))
  }

  private static let pages = [
    WrongDoing(
      .freedTwice, "frees the memory behind the memmap twice", widths: [9, 1],
      build: { $0.removeMemmap(backing: .allocator) },
      bend: { $0.insert($0.last.events.filter { $0.kind == EventKind.free.rawValue }) },
      shows: { behind($0) }),
    WrongDoing(
      .wrongAllocator, "frees reserved memory behind the memmap as a block", widths: [9, 1],
      build: { $0.removeMemmap(backing: .reserved) },
      bend: {
        $0.drop(.freeReserved)
        $0.insert([Event(.free, a: pfn($0), b: $0.layout.indexBits)])
      },
      shows: { behind($0) }),
    WrongDoing(
      .wrongAllocator, "releases the page allocator's memory as if it were reserved",
      widths: [9, 1],
      build: { $0.removeMemmap(backing: .allocator) },
      bend: {
        $0.drop(.free)
        $0.insert([Event(.freeReserved, a: pfn($0), c: $0.layout.leafPages)])
      },
      shows: { behind($0) }),
    WrongDoing(
      .wrongAllocator, "frees a device's memory though its altmap is given",
      // The altmap does not get the pages back.
      also: [.altmapUnbalanced],
      build: { $0.removeMemmap(backing: .altmap) },
      bend: {
        $0.drop(.altmapFree)
        $0.last.altmapAllocs = [2 * $0.layout.leafPages]
        $0.insert([Event(.free, a: pfn($0), b: $0.layout.indexBits)])
      },
      shows: { behind($0) }),
    WrongDoing(
      .wrongOrder, "frees a page of the leaf's where it should free the block", widths: [9, 1],
      build: { $0.removeMemmap(backing: .allocator) },
      bend: { $0.change(.free) { $0.b = 0 } },
      shows: { behind($0, count: 1) }),
    WrongDoing(
      .wrongOrder, "frees a block twice the leaf's", widths: [9, 1],
      build: { $0.removeMemmap(backing: .allocator) },
      bend: { $0.change(.free) { $0.b += 1 } },
      shows: { behind($0, count: 2 * $0.layout.leafPages) }),
    WrongDoing(
      .backingLeaked, "keeps the memory behind the memmap", widths: [9, 1],
      build: { $0.removeMemmap(backing: .allocator) },
      bend: { $0.drop(.free) },
      shows: { behind($0) }),
    WrongDoing(
      .backingLeaked, "releases the first of the reserved pages alone", widths: [9, 1],
      build: { $0.removeMemmap(backing: .reserved) },
      bend: { $0.change(.freeReserved) { $0.c = 1 } },
      shows: { behind($0, from: 1) }),
    WrongDoing(
      .freedWhileLinked, "frees the memory behind the memmap before the leaf is cleared",
      build: { $0.removeMemmap(backing: .allocator) },
      bend: {
        let free = $0.drop(.free)
        $0.insert(free, before: .clear)
      },
      shows: { behind($0) }),
    WrongDoing(
      .foreignPageFreed, "frees the memory that the linear map maps", widths: [9, 1],
      build: {
        $0.leaves(2)
        $0.removeLeaf()
      },
      bend: { $0.insert([Event(.free, a: $0.layout.homePFN, b: $0.layout.indexBits)]) },
      shows: { .pages(pfn: $0.layout.homePFN, count: $0.layout.leafPages) }),
    WrongDoing(
      .foreignPageFreed, "releases memory that the call has nothing to do with",
      build: { $0.removeMemmap(backing: .reserved) },
      bend: { $0.insert([Event(.freeReserved, a: pfn($0) - 4, c: 3)]) },
      shows: { .pages(pfn: pfn($0) - 4, count: 3) }),
  ]

  /// A subject that returns another number of pages to an altmap than the leaf has.
  private static func returning(
    _ description: String, _ pages: @escaping @Sendable (AddressLayout) -> UInt64
  ) -> WrongDoing {
    WrongDoing(
      .altmapUnbalanced, description, widths: [9, 1],
      build: { $0.removeMemmap(backing: .altmap) },
      bend: {
        let (had, gets) = (2 * $0.layout.leafPages, pages($0.layout))
        $0.last.altmapAllocs = [had &- gets]
        $0.change(.altmapFree) {
          $0.b = gets
          $0.c = had &- gets
        }
        if gets == 0 { $0.drop(.altmapFree) }
      },
      shows: {
        .altmap(1, expected: $0.layout.leafPages, actual: pages($0.layout))
      })
  }

  private static let altmaps = [
    returning("gives the altmap nothing back") { _ in 0 },
    returning("gives the altmap a page a leaf") { _ in 1 },
    returning("gives the altmap bytes") { $0.size(of: .pmd) },
    returning("gives the altmap a table that was the page allocator's") { $0.leafPages + 1 },
  ]
}
