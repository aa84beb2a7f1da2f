// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Port

@Suite("free_pte_table, free_pmd_table, free_pud_table")
struct TableFreeingTests {
  /// A table of a level, in slot 3 of a table above it, and a call of the function that frees it.
  private func bench(
    _ mode: String, _ level: Level, owner: PageOwner = .allocator, isVmemmap: Bool = false
  ) throws -> Bench {
    var bench = try Bench(mode)
    let above: [Level: Level] = [.pte: .pmd, .pmd: .pud, .pud: .p4d]
    let parent = bench.table(try #require(above[level]))
    let table = bench.table(level, owner: owner)
    bench.link(parent, 3, to: table)
    let functions: [Level: KernelFunction] = [
      .pte: .freePteTable, .pmd: .freePmdTable, .pud: .freePudTable,
    ]
    bench.call(try #require(functions[level])) {
      $0.table = UInt32(table)
      $0.parentTable = UInt32(parent)
      $0.parentSlot = 3
      $0.isVmemmap = isVmemmap ? 1 : 0
    }
    return bench
  }

  @Test("An empty PTE table goes: destructor, page, parent entry", arguments: modes)
  func emptyPteTable(mode: String) throws {
    let bench = try bench(mode, .pte)
    let outcome = bench.run()
    #expect(outcome.ending == Ending(.finished))
    #expect(
      outcome.events == [
        Event(.destruct, detail: 0, a: bench.pfn(2)),
        Event(.free, detail: 1, a: bench.pfn(2)),
        Event(.clear, a: 1, b: 3, c: 1),
        returned(),
      ])
    #expect(outcome.tables[1][3] == 0)
    #expect(outcome.lives[2] == PageLife(level: 0, owner: 0, live: 0, constructed: 0))
    #expect(outcome.tables[2].allSatisfy { $0 == pagePoison })
  }

  @Test("A boot-time table goes to free_reserved_page", arguments: modes, [Level.pte, .pmd])
  func reservedTable(mode: String, level: Level) throws {
    let bench = try bench(mode, level, owner: .reserved)
    #expect(
      bench.run().deeds == [
        Event(.destruct, detail: UInt32(level.rawValue), a: bench.pfn(2)),
        Event(.freeReserved, detail: 1, a: bench.pfn(2), c: 1),
        Event(.clear, a: 1, b: 3, c: 1),
      ])
  }

  @Test(
    "A table with any word that is not zero stays: first, middle, last entry, present or not",
    arguments: [0, 200, 511], [0xe7, 0x20, 0x400, 1 << 63] as [UInt64])
  func tableInUse(slot: Int, word: UInt64) throws {
    for level in [Level.pte, .pmd, .pud] {
      var bench = try bench("sv57", level)
      bench.set(2, slot, word)
      let outcome = bench.run()
      #expect(outcome.events == [returned()], "\(level.name)")
      #expect(outcome.lives[2].live == 1, "\(level.name)")
      #expect(outcome.tables[1][3] != 0, "\(level.name)")
    }
  }

  @Test("The destructor of a vmemmap PMD table runs only without 21f1b85c8912", arguments: modes)
  func vmemmapPmdTable(mode: String) throws {
    let bench = try bench(mode, .pmd, isVmemmap: true)
    #expect(bench.run(fixes: .latest).kinds == [.free, .clear])
    #expect(bench.run(fixes: .noVmemmapPmdDestructor).kinds == [.free, .clear])
    #expect(bench.run(fixes: .foldedEntryIsBase).kinds == [.destruct, .free, .clear])
    #expect(bench.run(fixes: .asMerged).kinds == [.destruct, .free, .clear])
  }

  @Test("The destructor of a linear PMD table always runs", arguments: modes)
  func linearPmdTable(mode: String) throws {
    for fixes in [UpstreamFixes.latest, .asMerged] {
      let outcome = try bench(mode, .pmd).run(fixes: fixes)
      #expect(outcome.kinds == [.destruct, .free, .clear])
      #expect(outcome.deeds.first?.detail == UInt32(Level.pmd.rawValue))
    }
  }

  @Test("A PUD table has no destructor", arguments: ["sv48", "sv57"])
  func pudTable(mode: String) throws {
    let bench = try bench(mode, .pud)
    #expect(
      bench.run().deeds == [
        Event(.free, detail: 1, a: bench.pfn(2)), Event(.clear, a: 1, b: 3, c: 1),
      ])
  }

  @Test("On Sv39 p4d_clear does nothing, so the parent of a PUD table stays")
  func pudTableOnSv39() throws {
    let outcome = try bench("sv39", .pud).run()
    #expect(outcome.kinds == [.free])
    #expect(outcome.tables[1][3] != 0)
  }

  @Test("A destructor without a constructor leaves the page's count at -1 (hazard H2)")
  func unbalancedDestructor() throws {
    var bench = try bench("sv39", .pte)
    bench.image.tables[2].constructed = 0
    #expect(bench.run().lives[2].constructed == -1)
  }

  @Test("A page that no live table points to is freed as not linked")
  func unlinkedPage() throws {
    var bench = try bench("sv39", .pte)
    // The parent entry is a leaf on the page: the same PFN, but no pointer to a table.
    bench.leaf(1, 3, pfn: bench.pfn(2))
    #expect(bench.run().deeds[1] == Event(.free, detail: 0, a: bench.pfn(2)))
  }

  @Test("A page with a second parent entry is linked, wherever that entry is")
  func secondParent() throws {
    var bench = try bench("sv39", .pte)
    bench.link(0, 17, to: 2)
    bench.set(0, 17, 0)
    bench.link(0, 400, to: 2)
    bench.leaf(1, 3, pfn: bench.pfn(2))
    #expect(bench.run().deeds[1] == Event(.free, detail: 1, a: bench.pfn(2)))
  }
}
