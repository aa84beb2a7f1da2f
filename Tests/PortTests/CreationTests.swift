// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Port

@Suite("Creation of the linear map")
struct CreationTests {
  private func add(_ mode: String, at start: UInt64, _ size: UInt64) throws -> Bench {
    var bench = try Bench(mode)
    bench.call(.archAddMemory, start, size) { $0.protection = 0xe7 }
    return bench
  }

  @Test("Sv39: a page takes a PMD and a PTE table, both constructed, and maps 4 KiB")
  func pageOnSv39() throws {
    let bench = try add("sv39", at: 0x8020_3000, 4096)
    let outcome = bench.run()
    #expect(
      Array(outcome.events[..<4]) == [
        Event(.allocate, a: bench.pfn(1)), Event(.construct, detail: 1, a: bench.pfn(1)),
        Event(.allocate, a: bench.pfn(2)), Event(.construct, detail: 0, a: bench.pfn(2)),
      ])
    #expect(outcome.tables[0][344] == bench.pfn(1) << 10 | 1)
    #expect(outcome.tables[1][1] == bench.pfn(2) << 10 | 1)
    #expect(outcome.tables[2][3] == 0x80203 << 10 | 0xe7)
    #expect(outcome.tables[2].filter { $0 != 0 }.count == 1)
    #expect(outcome.lives[2] == PageLife(level: 0, owner: 0, live: 1, constructed: 1))
  }

  @Test("Sv57: the PUD and P4D tables have no constructor and no known level")
  func pageOnSv57() throws {
    let outcome = try add("sv57", at: 0x8020_3000, 4096).run()
    #expect(
      Array(outcome.kinds[..<6]) == [
        .allocate, .allocate, .allocate, .construct, .allocate, .construct,
      ])
    #expect(outcome.lives[1].level == 255 && outcome.lives[2].level == 255)
    #expect(outcome.lives[3].level == 1 && outcome.lives[4].level == 0)
  }

  @Test(
    "The block is the largest that alignment and size allow",
    arguments: [
      ("sv39", 1 << 32, 1 << 30, Level.pmd), ("sv48", 1 << 32, 1 << 30, .pud),
      ("sv57", 1 << 32, 1 << 30, .pud), ("sv57", 0x80_8000_0000, 1 << 39, .pud),
      ("sv57", 1 << 39, 1 << 39, .pud), ("sv48", 1 << 32, (1 << 30) - 4096, .pmd),
      ("sv48", 0x1_0020_0000, 1 << 21, .pmd), ("sv48", 0x1_0000_1000, 1 << 21, .pte),
    ] as [(String, UInt64, UInt64, Level)])
  func blockSizes(mode: String, start: UInt64, size: UInt64, level: Level) throws {
    let bench = try add(mode, at: start, size)
    let walk = PageTableWalk(bench.run().tables, layout: bench.layout)
    let first = try #require(walk.entries.first { $0.kind == .leaf })
    #expect(first.level == level)
    #expect(first.word == (start >> 12) << 10 | 0xe7)
    #expect(first.address == bench.layout.virtual(ofPhysical: start))
  }

  @Test("Sv57 maps 512 GiB as one P4D leaf when RAM starts at such a boundary")
  func p4dLeaf() throws {
    var bench = try add("sv57", at: 1 << 39, 1 << 39)
    bench.image.layout = AddressLayout(mode: bench.layout.mode, ramBase: 1 << 39)
    let outcome = bench.run()
    #expect(outcome.tables[1][0] == 1 << 37 | 0xe7)
    #expect(outcome.tables.count == 2)
  }

  @Test("With debug_pagealloc everything is mapped in pages")
  func debugPagealloc() throws {
    var bench = try add("sv39", at: 0x8020_0000, 2 << 20)
    bench.image.isDebugPagealloc = true
    let outcome = bench.run()
    #expect(outcome.tables.count == 3)
    #expect(outcome.tables[2][511] == 0x803ff << 10 | 0xe7)
  }

  @Test("Existing entries are not overwritten, and need no allocation", arguments: modes)
  func existing(mode: String) throws {
    var bench = try add(mode, at: 0x8000_0000, 4 << 20)
    let pmdTable = bench.path(to: .pmd, for: bench.layout.pageOffset)
    bench.set(pmdTable, 0, 0x20)
    let outcome = bench.run()
    #expect(outcome.tables[pmdTable][0] == 0x20)
    #expect(outcome.tables[pmdTable][1] == 0x80200 << 10 | 0xe7)
    #expect(outcome.kinds == [.addPages, .flush])
  }

  @Test(
    "Out of memory is a BUG, and the tables made so far stay (hazard H5)",
    arguments: [0, 1] as [UInt32])
  func outOfMemory(budget: UInt32) throws {
    var bench = try add("sv39", at: 0x8020_3000, 4096)
    bench.image.allocationBudget = budget
    let outcome = bench.run()
    #expect(outcome.ending == Ending(.bug))
    #expect(outcome.kinds.filter { $0 == .allocate }.count == Int(budget))
    #expect(outcome.tables.count == 1 + Int(budget))
  }

  @Test("A new table of a small geometry is zeroed, but poisoned behind its entries")
  func smallTable() throws {
    var bench = try Bench("sv39", indexBits: 1)
    bench.call(.archAddMemory, 0x8000_0000, 4096) { $0.protection = 0xe7 }
    let outcome = bench.run()
    #expect(outcome.tables.count == 3)
    #expect(outcome.tables[2][..<2] == [0x80000 << 10 | 0xe7, 0])
    #expect(outcome.tables[2][2...].allSatisfy { $0 == pagePoison })
  }
}
