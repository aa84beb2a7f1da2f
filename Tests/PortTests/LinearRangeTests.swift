// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Port

@Suite("Sizes, protections and the linear map")
struct LinearRangeTests {
  @Test(
    "The best size is the largest that both addresses and the length allow",
    arguments: [
      ("sv57", 1 << 39, 2 << 39, 1 << 39, 1 << 39), ("sv48", 1 << 39, 2 << 39, 1 << 39, 1 << 30),
      ("sv39", 1 << 39, 2 << 39, 1 << 39, 1 << 21), ("sv57", 1 << 39, 1 << 30, 1 << 39, 1 << 30),
      ("sv48", 1 << 30, 1 << 21, 1 << 30, 1 << 21), ("sv48", 1 << 21, 1 << 30, 1 << 30, 1 << 21),
      ("sv48", 1 << 30, 1 << 30, (1 << 30) - 1, 1 << 21),
      ("sv39", 1 << 21, 1 << 21, 1 << 21, 1 << 21),
      ("sv39", 1 << 21, 1 << 21, (1 << 21) - 1, 4096), ("sv39", 1 << 21, 4096, 1 << 21, 4096),
      ("sv39", 4096, 1 << 21, 1 << 21, 4096), ("sv39", 0, 0, 0, 4096),
    ] as [(String, UInt64, UInt64, UInt64, UInt64)])
  func best(mode: String, pa: UInt64, va: UInt64, size: UInt64, expected: UInt64) throws {
    for isDebug in [false, true] {
      var bench = try Bench(mode)
      bench.image.isDebugPagealloc = isDebug
      bench.call(.bestMapSize, va, size) { $0.physical = pa }
      #expect(bench.run().events.last == returned(0, isDebug ? 4096 : expected))
    }
  }

  // PAGE_KERNEL is 0xe7, a read-only page 0xe3, an executable one 0xeb.
  @Test(
    "Text is executable, its image in the linear map is read-only, and all else is data",
    arguments: [
      (0xffff_ffff_7fff_ffff, 0xe7), (0xffff_ffff_8000_0000, 0xeb), (0xffff_ffff_80bf_ffff, 0xeb),
      (0xffff_ffff_80c0_0000, 0xe7), (0xffff_ffd6_001f_ffff, 0xe7), (0xffff_ffd6_0020_0000, 0xe3),
      (0xffff_ffd6_00df_ffff, 0xe3), (0xffff_ffd6_00e0_0000, 0xe7), (0, 0xe7),
    ] as [(UInt64, UInt64)])
  func protections(va: UInt64, expected: UInt64) throws {
    var bench = try Bench("sv39")
    bench.call(.pgprotFromVa, va)
    #expect(bench.run().events.last == returned(0, expected))
  }

  @Test("Without a given protection, each page gets that of its address")
  func byAddress() throws {
    var bench = try Bench("sv39")
    bench.call(.createLinearMappingRange, 0x801f_f000, 0x8020_1000)
    let outcome = bench.run()
    // There are two PTE tables, because the text's image begins on a boundary of 2 MiB.
    #expect(outcome.tables[2][511] == 0x801ff << 10 | 0xe7)
    #expect(outcome.tables[3][0] == 0x80200 << 10 | 0xe3)
  }

  @Test("Blocks of a fixed size may extend beyond the end of the range")
  func fixed() throws {
    var bench = try Bench("sv39")
    bench.call(.createLinearMappingRange, 0x1_4000_0000, 0x1_4030_0000) {
      $0.blockSize = 1 << 21
      $0.protection = 0xe3
    }
    let outcome = bench.run()
    #expect(outcome.tables[1][0] == 0x140000 << 10 | 0xe3)
    #expect(outcome.tables[1][1] == 0x140200 << 10 | 0xe3)
    #expect(outcome.tables[1].filter { $0 != 0 }.count == 2)
  }

  @Test("A backward range maps nothing")
  func backward() throws {
    var bench = try Bench("sv48")
    bench.call(.createLinearMappingRange, 0x1_4000_1000, 0x1_4000_0000) { $0.protection = 0xe7 }
    #expect(bench.run().events == [returned()])
  }
}
