// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Oracle
@testable import Port

@Suite("The rules of tables")
struct TableRuleTests {
  static let wrongDoings = kept + lost + freed

  @Test("detect a subject that", arguments: wrongDoings)
  func see(_ wrong: WrongDoing) throws { try wrong.check() }

  /// A page whose pte table is freed with it; the pmd table stays.
  private static func removesPage(_ builder: inout ScenarioBuilder) {
    builder.page()
    builder.removePage()
  }

  /// An added page with a pte table of its own, which is freed when the core refuses the page.
  private static func failsToAddPage(_ builder: inout ScenarioBuilder) {
    builder.injected.addPagesResult = -12
    builder.mapLinear(
      physical: builder.layout.home + builder.bytes(.pmd), size: builder.bytes(.pmd), leaf: .pmd,
      protection: Bits.kernel)
    builder.add(builder.layout.home, 0x1000)
  }

  /// The events that destruct and free a table.
  private static func freeing(_ table: Int, _ level: Level, _ deeds: Deeds) -> [Event] {
    [
      Event(.destruct, detail: UInt32(level.rawValue), a: deeds.pfn(table)),
      Event(.free, a: deeds.pfn(table)),
    ]
  }

  /// Reorders the port's deeds as in arm64: the entry, the flush, then the page.
  private static func clearFlushFree(_ deeds: inout Deeds) {
    let late = [deeds.drop(.destruct), deeds.drop(.free) + deeds.drop(.freeReserved)]
    let unlinked = late.joined().map { event in
      Event(
        EventKind(rawValue: event.kind) ?? .free,
        detail: event.kind == EventKind.destruct.rawValue ? event.detail : 0, a: event.a,
        b: event.b, c: event.c)
    }
    deeds.insert(unlinked)
  }

  private static let kept = [
    WrongDoing(
      .tableLeaked, "keeps a pte table that became empty", widths: [9, 1],
      build: removesPage,
      bend: {
        let (pte, pmd, slot) = ($0.table(.pte), $0.table(.pmd), $0.layout.homeSlot)
        for kind in [EventKind.destruct, .free] { $0.drop(kind) }
        $0.dropClears(of: pmd)
        $0.keep(pmd, slot)
        $0.setFree(pte, false)
      },
      shows: { .table($0.table(.pte), level: .pte) }),
    WrongDoing(
      .tableLeaked, "clears the entry of a table and does not free it", widths: [9, 1],
      build: removesPage,
      bend: {
        for kind in [EventKind.destruct, .free] { $0.drop(kind) }
        $0.setFree($0.table(.pte), false)
      },
      shows: { .table($0.table(.pte), level: .pte) }),
    WrongDoing(
      .danglingTable, "frees a table and leaves the entry that leads to it", widths: [9, 1],
      build: removesPage,
      bend: {
        $0.dropClears(of: $0.table(.pmd))
        $0.keep($0.table(.pmd), $0.layout.homeSlot)
      },
      shows: { .link(table: $0.table(.pmd), slot: $0.layout.homeSlot, to: $0.table(.pte)) }),
  ]

  private static let lost = [
    WrongDoing(
      .liveEntryLost, "clears a word that is no mapping", widths: [9, 2],
      build: {
        $0.page(count: 3)
        $0.setWord(.pte, at: $0.layout.homeAddress + 0x1000, to: Bits.swap)
        $0.removePage()
      },
      bend: { $0.clear($0.table(.pte), $0.layout.pageSlot + 1, before: .flush) },
      shows: {
        .entry(table: $0.table(.pte), slot: $0.layout.pageSlot + 1, word: Bits.swap)
      }),
    WrongDoing(
      .liveEntryLost, "frees a table that holds a word which is not present",
      // There is no flush between the clear of its entry and its free, as below.
      also: [.freedBeforeFlush], widths: [9, 1],
      build: {
        $0.page(count: 2)
        $0.setWord(.pte, at: $0.layout.homeAddress + 0x1000, to: Bits.swap)
        $0.removePage()
      },
      bend: {
        let pte = $0.table(.pte)
        $0.clear($0.table(.pmd), $0.layout.homeSlot)
        $0.insert(freeing(pte, .pte, $0))
        $0.setFree(pte, true)
      },
      shows: {
        .entry(table: $0.table(.pte), slot: $0.layout.pageSlot + 1, word: Bits.swap)
      }),
    WrongDoing(
      .liveEntryLost, "frees a table that holds a page beside the range",
      // The page disappears with the table, and the flush came before.
      also: [.outsideChanged, .flushMissing, .freedBeforeFlush],
      build: {
        $0.page(count: 2)
        $0.removePage()
      },
      bend: {
        let pte = $0.table(.pte)
        $0.clear($0.table(.pmd), $0.layout.homeSlot)
        $0.insert(freeing(pte, .pte, $0))
        $0.setFree(pte, true)
      },
      shows: {
        let (pte, slot) = ($0.table(.pte), $0.layout.pageSlot + 1)
        return .entry(table: pte, slot: slot, word: $0.first(pte, slot))
      }),
    WrongDoing(
      .plainStore, "zeroes an entry without the kernel's functions", widths: [9, 1],
      build: {
        $0.leaves(2)
        $0.removeLeaf()
      },
      bend: { $0.dropClears(of: $0.table(.pmd)) },
      shows: {
        .entry(
          table: $0.table(.pmd), slot: $0.layout.homeSlot,
          word: $0.first($0.table(.pmd), $0.layout.homeSlot))
      }),
    WrongDoing(
      .rootTableFreed, "frees the table that the root points to", widths: [9, 1],
      build: {
        $0.mapLinear(
          physical: $0.layout.home, size: 0x1000, leaf: .pte, protection: Bits.kernel)
        $0.removePage()
      },
      bend: {
        let below = belowRoot($0)
        $0.clear(0, $0.layout.slot(.pgd, $0.layout.homeAddress))
        let events = freeing($0.table(below), below, $0)
        $0.insert(below == .pmd ? events : [events[1]])
        $0.setFree($0.table(below), true)
      },
      shows: { .table($0.table(belowRoot($0)), level: belowRoot($0)) }),
  ]

  private static func belowRoot(_ deeds: Deeds) -> Level {
    deeds.layout.mode.levels.last { $0 < .pgd } ?? .pmd
  }

  private static let freed = [
    WrongDoing(
      .freedTwice, "frees a table's page twice", widths: [9, 1],
      build: removesPage,
      bend: { $0.insert([Event(.free, a: $0.pfn($0.table(.pte)))]) },
      shows: { .table($0.table(.pte), level: nil) }),
    WrongDoing(
      .freedWhileLinked, "frees a table's page before it clears the entry",
      also: [.freedBeforeFlush], like: .h8, widths: [9, 1],
      build: removesPage, mend: clearFlushFree,
      bend: {
        let parent = $0.drop(.clear) { [pmd = $0.table(.pmd)] in $0.a == UInt64(pmd) }
        $0.change(.free) { $0.detail = 1 }
        $0.insert(parent)
      },
      shows: { .table($0.table(.pte), level: .pte) }),
    WrongDoing(
      .wrongAllocator, "gives a table of boot time to the page allocator", widths: [9, 1],
      build: {
        $0.page(kind: .constructedBoot)
        $0.removePage()
      },
      bend: {
        $0.drop(.freeReserved)
        $0.insert([Event(.free, a: $0.pfn($0.table(.pte)))])
      },
      shows: { .table($0.table(.pte), level: nil) }),
    WrongDoing(
      .wrongAllocator, "releases the page allocator's table as if it were reserved",
      widths: [9, 1],
      build: removesPage,
      bend: {
        $0.drop(.free)
        $0.insert([Event(.freeReserved, a: $0.pfn($0.table(.pte)), c: 1)])
      },
      shows: { .table($0.table(.pte), level: nil) }),
    WrongDoing(
      .wrongOrder, "frees two pages for one table", widths: [9, 1],
      build: removesPage,
      bend: { $0.change(.free) { $0.b = 1 } },
      shows: { .pages(pfn: $0.pfn($0.table(.pte)), count: 2) }),
    WrongDoing(
      .tableCount, "frees a table without its destructor", widths: [9, 1],
      build: removesPage,
      bend: { $0.drop(.destruct) },
      shows: { .balance($0.table(.pte), level: .pte, count: 1) }),
    WrongDoing(
      .tableCount, "runs the destructor twice", like: .h2, widths: [9, 1],
      build: removesPage,
      bend: {
        $0.insert($0.last.events.filter { $0.kind == EventKind.destruct.rawValue }, before: .free)
      },
      shows: { .balance($0.table(.pte), level: .pte, count: -1) }),
    WrongDoing(
      .tableCount, "runs the destructor for the memmap's pmd table, which had no constructor",
      like: .h2,
      // On Sv39 the root points to the pmd table, which therefore stays.
      modes: ["sv48", "sv57"], widths: [9, 1],
      build: {
        $0.map(.vmemmap, .pmd, at: $0.layout.memmap)
        $0.remove(.vmemmap, from: $0.layout.memmap, bytes: $0.bytes(.pmd))
      },
      bend: { $0.insert([freeing($0.table(.pmd), .pmd, $0)[0]], before: .free) },
      shows: { .balance($0.table(.pmd), level: .pmd, count: -1) }),
    WrongDoing(
      .tableCount, "frees a failed add's table without its destructor", widths: [9, 1],
      build: failsToAddPage,
      bend: { $0.drop(.destruct) },
      shows: { .balance($0.image.tables.count, level: .pte, count: 1) }),
    WrongDoing(
      .wrongAllocator, "releases a failed add's table as if it were reserved", widths: [9, 1],
      build: failsToAddPage,
      bend: { deeds in
        let pfn = deeds.pfn(deeds.image.tables.count)
        deeds.drop(.free)
        deeds.insert([Event(.freeReserved, a: pfn, c: 1)])
      },
      shows: { .table($0.image.tables.count, level: nil) }),
    WrongDoing(
      .usedAfterFree, "clears entries of a table that it has freed", widths: [9, 1],
      build: removesPage,
      bend: {
        $0.insert([
          Event(.clear, a: UInt64($0.table(.pte)), b: UInt64($0.layout.pageSlot), c: 1)
        ])
      },
      shows: { .entry(table: $0.table(.pte), slot: $0.layout.pageSlot, word: 0) }),
    WrongDoing(
      .usedAfterFree, "runs the destructor after the free",
      // At the time of the free it has not run yet.
      also: [.tableCount], widths: [9, 1],
      build: removesPage,
      bend: {
        let destructor = $0.drop(.destruct)
        $0.insert(destructor)
      },
      shows: { .table($0.table(.pte), level: nil) }),
  ]
}
