// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Port

@Suite("The entry points for generic code")
struct EntryPointTests {
  @Test(
    "The mappable range ends on Sv39 by the kernel image's formula (hazard H4)",
    arguments: [
      ("sv39", 0xffff_fff8_001f_ffff), ("sv48", 0x4000_7fff_ffff),
      ("sv57", 0x7f_0000_7fff_ffff),
    ] as [(String, UInt64)])
  func mappableRange(mode: String, end: UInt64) throws {
    var bench = try Bench(mode)
    bench.call(.archGetMappableRange)
    #expect(bench.run().events == [returned(0, 0x8000_0000, end)])
  }

  /// Adds 128 MiB at 4 GiB, where a PMD table exists.
  private func add(_ mode: String, result: Int32 = 0) throws -> Bench {
    var bench = try Bench(mode)
    _ = bench.path(to: .pmd, for: bench.layout.virtual(ofPhysical: 1 << 32))
    bench.image.maxPFN = 0x200000
    bench.image.maxLowPFN = 0x200000
    bench.image.addPagesResult = result
    bench.call(.archAddMemory, 1 << 32, 128 << 20) {
      $0.node = -1
      $0.protection = 0xa3
      $0.altmap = 2
      $0.pgmap = 3
    }
    return bench
  }

  static let added = Event(
    .addPages, detail: 0xffff_ffff, a: 0x100000, b: 0x8000, c: 0xa3, d: 3 << 32 | 2)

  @Test("An add maps with the caller's protection, adds the pages and flushes", arguments: modes)
  func addMemory(mode: String) throws {
    let bench = try add(mode)
    let outcome = bench.run()
    #expect(outcome.events == [Self.added, flush, returned()])
    let pmdTable = outcome.tables[bench.image.tables.count - 1]
    #expect(
      pmdTable[..<64].enumerated().allSatisfy { slot, word in
        word == (0x100000 + UInt64(slot) << 9) << 10 | 0xa3
      })
    #expect(pmdTable[64...].allSatisfy { $0 == 0 })
  }

  @Test("Adding below the top of RAM lowers max_pfn (hazard H3)", arguments: modes)
  func maxPFN(mode: String) throws {
    let outcome = try add(mode).run()
    #expect(outcome.maxPFN == 0x108000)
    #expect(outcome.maxLowPFN == 0x108000)
  }

  @Test("max_pfn is rounded up to a whole page")
  func oddSize() throws {
    var bench = try Bench("sv39")
    bench.call(.archAddMemory, 1 << 32, 1)
    let outcome = bench.run()
    #expect(outcome.maxPFN == 0x100001)
  }

  @Test(
    "A failed add leaves no mapping and no max_pfn, and returns the error", arguments: modes,
    [-17, -12, -22] as [Int32])
  func failedAdd(mode: String, result: Int32) throws {
    let bench = try add(mode, result: result)
    let outcome = bench.run()
    let pmdTable = bench.image.tables.count - 1
    let removed = Event(.clear, a: UInt64(pmdTable), b: 0, c: 64)
    #expect(Array(outcome.events[..<2]) == [Self.added, removed])
    #expect(Array(outcome.deeds.suffix(2)) == [flush, flush])
    #expect(outcome.events.last == returned(0, UInt64(bitPattern: Int64(result)), 0))
    #expect(outcome.maxPFN == 0x200000 && outcome.maxLowPFN == 0x200000)
    #expect(outcome.tables[pmdTable].allSatisfy { $0 == 0 || $0 == pagePoison })
  }

  @Test("A removal takes the pages first, then the mapping, and flushes twice", arguments: modes)
  func removeMemory(mode: String) throws {
    var bench = try add(mode)
    bench.image.operations = []
    let pmdTable = bench.image.tables.count - 1
    bench.leaf(pmdTable, 0, pfn: 0x100000)
    bench.leaf(pmdTable, 2, pfn: 0x100400)
    bench.call(.archRemoveMemory, 1 << 32, 2 << 20) {
      $0.altmap = 1
      $0.pgmap = 4
    }
    #expect(
      bench.run().events == [
        Event(.removePages, a: 0x100000, b: 0x200, d: 4 << 32 | 1),
        Event(.clear, a: UInt64(pmdTable), b: 0, c: 1), flush, flush, returned(),
      ])
  }

  @Test("An add and a removal leave the root unchanged, except for the table below it")
  func thereAndBack() throws {
    for mode in modes {
      var bench = try Bench(mode)
      _ = bench.path(to: bench.layout.mode.levels.reversed()[1], for: bench.layout.pageOffset)
      bench.call(.archAddMemory, 0x8800_0000, 0x300_1000) { $0.protection = 0xe7 }
      bench.call(.archRemoveMemory, 0x8800_0000, 0x300_1000)
      let outcome = bench.run()
      #expect(outcome.ending == Ending(.finished), "\(mode)")
      #expect(outcome.tables[1].allSatisfy { $0 == 0 }, "\(mode)")
      #expect(outcome.lives.dropFirst(2).allSatisfy { $0.live == 0 && $0.constructed == 0 })
      #expect(outcome.lives.count > 2, "\(mode)")
    }
  }

  @Test("pfn_to_kaddr is the page's address in the linear map")
  func kaddr() throws {
    let layout = try Bench("sv39").layout
    #expect(pfnToKaddr(0x80001, in: layout) == 0xffff_ffd6_0000_1000)
  }
}
