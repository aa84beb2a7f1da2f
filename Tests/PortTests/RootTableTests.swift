// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Port

@Suite("The preallocation of root entries")
struct RootTableTests {
  private let slot: UInt64 = 1 << 30

  @Test("Each empty slot of the range gets a table; on Sv39 a constructed PMD table")
  func fills() throws {
    var bench = try Bench("sv39")
    let start: UInt64 = 0xffff_ffc5_0000_0000
    let there = bench.table(.pmd)
    bench.link(0, 277, to: there)
    bench.call(.preallocatePgdPagesRange, start, start + 3 * slot)
    let outcome = bench.run()
    // (0xffffffc500000000 >> 30) & 511 is 276.
    #expect(outcome.tables[0][276] == bench.pfn(2) << 10 | 1)
    #expect(outcome.tables[0][277] == bench.pfn(1) << 10 | 1)
    #expect(outcome.tables[0][278] == bench.pfn(3) << 10 | 1)
    #expect(outcome.tables[0].filter { $0 != 0 }.count == 3)
    #expect(outcome.tables[2].allSatisfy { $0 == 0 })
    #expect(outcome.lives[2] == PageLife(level: 1, owner: 0, live: 1, constructed: 1))
  }

  @Test("On Sv48 and Sv57 the table has no constructor", arguments: ["sv48", "sv57"])
  func upperTables(mode: String) throws {
    var bench = try Bench(mode)
    let start = bench.layout.pageOffset
    bench.call(.preallocatePgdPagesRange, start, start + 1)
    #expect(bench.run().kinds == [.allocate])
  }

  @Test("The walk over the last slot stops at the end of the address space")
  func wraps() throws {
    var bench = try Bench("sv39")
    bench.call(.preallocatePgdPagesRange, 0 &- slot - 1, 0 &- 1)
    let outcome = bench.run()
    #expect(outcome.ending == Ending(.finished))
    #expect(outcome.tables[0][510] != 0 && outcome.tables[0][511] != 0)
    #expect(outcome.tables[0].filter { $0 != 0 }.count == 2)
  }

  @Test(
    "A leaf or a word that is not present stays",
    arguments: [0x12_3400 << 10 | 0xe7, 3 << 7] as [UInt64])
  func kept(word: UInt64) throws {
    var bench = try Bench("sv39")
    bench.set(0, 276, word)
    bench.call(.preallocatePgdPagesRange, 0xffff_ffc5_0000_0000, 0xffff_ffc5_4000_0000)
    let outcome = bench.run()
    #expect(outcome.tables[0][276] == word && outcome.deeds == [])
  }

  @Test("A failed allocation of any table is a panic", arguments: 0...2)
  func outOfMemory(budget: Int) throws {
    var bench = try Bench("sv48")
    bench.image.allocationBudget = UInt32(budget)
    let start = bench.layout.vmemmapStart
    bench.call(.preallocatePgdPagesRange, start, start + 3 << 39)
    let outcome = bench.run()
    #expect(outcome.ending == Ending(.panic))
    #expect(outcome.tables.count == 1 + budget)
  }

  // vmalloc has 64 slots (half of 128 GiB), vmemmap 4, the linear map those from 0xffffffd6 to 0xfffffff7,
  // modules 2.
  @Test("pgtable_cache_init fills vmalloc, modules, the memmap and the linear map")
  func cacheInit() throws {
    var bench = try Bench("sv39")
    bench.call(.pgtableCacheInit)
    let outcome = bench.run()
    // 1 GiB per slot: [0xffffffc6, 0xffffffd6) is 64 GiB, [0xffffffc5, 0xffffffc6) is 4, then 132 up to
    // 0xfffffff700000000, and the two below 0xffffffff80000000.
    let filled = outcome.tables[0].indices.filter { outcome.tables[0][$0] != 0 }
    #expect(filled == Array(276..<476) + [508, 509])
    #expect(outcome.tables.count == 1 + filled.count)
  }
}
