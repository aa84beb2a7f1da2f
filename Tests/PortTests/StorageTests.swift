// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Port

@Suite("free_vmemmap_storage")
struct StorageTests {
  private func bench(size: UInt64, altmap: UInt32 = 0, owner: PageOwner? = nil) throws -> Bench {
    var bench = try Bench("sv48")
    bench.image.altmaps = [
      AltmapState(basePFN: 1, endPFN: 2, reserve: 0, free: 9, align: 0, alloc: 5),
      AltmapState(basePFN: 1, endPFN: 2, reserve: 0, free: 900, align: 0, alloc: 700),
    ]
    if let owner {
      bench.image.frames = [
        FrameRange(pfn: 0x100, count: 0x10, owner: .altmap),
        FrameRange(pfn: 0x90000, count: 0x400, owner: owner),
      ]
    }
    bench.call(.freeVmemmapStorage, 0x90000, size) { $0.altmap = altmap }
    return bench
  }

  @Test(
    "A block goes back with the order that holds its size",
    arguments: [
      (4096, 0), (8192, 1), (12288, 2), (2 << 20, 9), (1 << 30, 18), (1, 0), (4097, 1), (0, 52),
    ] as [(UInt64, UInt64)])
  func orders(size: UInt64, order: UInt64) throws {
    #expect(try bench(size: size).run().deeds == [Event(.free, a: 0x90000, b: order)])
  }

  @Test("Reserved backing is released page by page, which folds into one event")
  func reserved() throws {
    let outcome = try bench(size: 2 << 20, owner: .reserved).run()
    #expect(outcome.deeds == [Event(.freeReserved, a: 0x90000, c: 512)])
  }

  @Test("12 KiB of reserved backing count as four pages, by their order")
  func reservedOddSize() throws {
    let outcome = try bench(size: 12288, owner: .reserved).run()
    #expect(outcome.deeds == [Event(.freeReserved, a: 0x90000, c: 4)])
  }

  @Test("A range of the allocator or of an altmap is not reserved")
  func notReserved() throws {
    for owner in [PageOwner.allocator, .altmap] {
      #expect(try bench(size: 4096, owner: owner).run().kinds == [.free])
    }
  }

  @Test("An altmap is charged in pages and wins over a reserved page")
  func altmap() throws {
    let outcome = try bench(size: 2 << 20, altmap: 2, owner: .reserved).run()
    #expect(outcome.deeds == [Event(.altmapFree, a: 2, b: 512, c: 188)])
    #expect(outcome.altmapAllocs == [5, 188])
  }

  @Test("The counter of an altmap that gets back too much wraps (hazard H10)")
  func altmapUnderflow() throws {
    let outcome = try bench(size: 24576, altmap: 1).run()
    #expect(outcome.altmapAllocs == [.max, 700])
  }

  @Test("A page that free_reserved_page has taken is reserved no more")
  func releasedTwice() throws {
    var bench = try bench(size: 8192, owner: .reserved)
    bench.call(.freeVmemmapStorage, 0x90001, 4096)
    bench.call(.freeVmemmapStorage, 0x90002, 4096)
    #expect(
      bench.run().deeds == [
        Event(.freeReserved, a: 0x90000, c: 2), Event(.free, a: 0x90001),
        Event(.freeReserved, a: 0x90002, c: 1),
      ])
  }

  @Test("Adjacent pages of two operations are two events")
  func notFoldedOverReturns() throws {
    var bench = try bench(size: 4096, owner: .reserved)
    bench.call(.freeVmemmapStorage, 0x90001, 4096)
    #expect(
      bench.run().events == [
        Event(.freeReserved, a: 0x90000, c: 1), returned(0),
        Event(.freeReserved, a: 0x90001, c: 1), returned(1),
      ])
  }
}
