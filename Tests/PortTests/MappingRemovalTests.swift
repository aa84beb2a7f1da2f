// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Port

@Suite("Removal of mappings")
struct MappingRemovalTests {
  /// 10 MiB and 7 pages into RAM: PMD slot 5, PTE slot 7. All slots between are 0 on Sv48 and Sv57, where
  /// PAGE_OFFSET is a boundary of the levels below the root.
  static let physical: UInt64 = 0x8000_0000 + (5 << 21) + (7 << 12)

  private func twoPages(_ mode: String, owner: PageOwner = .allocator) throws -> Bench {
    var bench = try Bench(mode)
    let pteTable = bench.path(
      to: .pte, for: bench.layout.virtual(ofPhysical: Self.physical), owner: owner)
    bench.leaf(pteTable, 7, pfn: Self.physical >> 12)
    bench.leaf(pteTable, 8, pfn: (Self.physical >> 12) + 1)
    bench.call(.removeLinearMapping, Self.physical, 2 << 12)
    return bench
  }

  @Test("Sv39: the empty PTE table goes, the PMD table below the root stays")
  func wholeTreeOnSv39() throws {
    let bench = try twoPages("sv39")
    #expect(
      bench.run().events == [
        Event(.clear, a: 2, b: 7, c: 2), Event(.destruct, detail: 0, a: bench.pfn(2)),
        Event(.free, detail: 1, a: bench.pfn(2)), Event(.clear, a: 1, b: 5, c: 1), flush,
        returned(),
      ])
  }

  @Test("Sv48: the PTE and the PMD table go, the PUD table below the root stays")
  func wholeTreeOnSv48() throws {
    let bench = try twoPages("sv48")
    #expect(
      bench.run().deeds == [
        Event(.clear, a: 3, b: 7, c: 2), Event(.destruct, detail: 0, a: bench.pfn(3)),
        Event(.free, detail: 1, a: bench.pfn(3)), Event(.clear, a: 2, b: 5, c: 1),
        Event(.destruct, detail: 1, a: bench.pfn(2)), Event(.free, detail: 1, a: bench.pfn(2)),
        Event(.clear, a: 1, b: 0, c: 1), flush,
      ])
  }

  @Test("Sv57: the PTE, PMD and PUD tables go, the P4D table below the root stays")
  func wholeTreeOnSv57() throws {
    let bench = try twoPages("sv57")
    let outcome = bench.run()
    #expect(
      outcome.deeds == [
        Event(.clear, a: 4, b: 7, c: 2), Event(.destruct, detail: 0, a: bench.pfn(4)),
        Event(.free, detail: 1, a: bench.pfn(4)), Event(.clear, a: 3, b: 5, c: 1),
        Event(.destruct, detail: 1, a: bench.pfn(3)), Event(.free, detail: 1, a: bench.pfn(3)),
        Event(.clear, a: 2, b: 0, c: 1), Event(.free, detail: 1, a: bench.pfn(2)),
        Event(.clear, a: 1, b: 0, c: 1), flush,
      ])
    #expect(outcome.lives.map(\.live) == [1, 1, 0, 0, 0])
    #expect(outcome.tables[0][352] == bench.pfn(1) << 10 | 1)
  }

  @Test("Boot-time tables are released instead, level by level")
  func bootTables() throws {
    #expect(
      try twoPages("sv57", owner: .reserved).run().kinds == [
        .clear, .destruct, .freeReserved, .clear, .destruct, .freeReserved, .clear, .freeReserved,
        .clear, .flush,
      ])
  }

  @Test("An empty range only flushes, once", arguments: modes)
  func emptyRange(mode: String) throws {
    var bench = try Bench(mode)
    let start = bench.layout.pageOffset + 4096
    bench.call(.removePgdMapping, start, start)
    #expect(bench.run().events == [flush, returned()])
  }

  @Test("Entries that are not present are skipped, and later ones still go", arguments: modes)
  func holes(mode: String) throws {
    var bench = try Bench(mode)
    let start = bench.layout.pageOffset
    let pteTable = bench.path(to: .pte, for: start)
    bench.leaf(pteTable, 1, pfn: 0x80001)
    bench.set(pteTable, 2, 0x2000_0c00)
    bench.leaf(pteTable, 3, pfn: 0x80003)
    bench.set(pteTable, 4, 0x20)
    bench.call(.removePgdMapping, start, start + (2 << 20))
    let outcome = bench.run()
    let table = UInt64(pteTable)
    #expect(
      outcome.deeds == [
        Event(.clear, a: table, b: 1, c: 1), Event(.clear, a: table, b: 3, c: 2), flush,
      ])
    #expect(outcome.tables[pteTable][2] == 0x2000_0c00)
  }

  @Test("A range within a PMD leaf wipes the whole leaf (hazards H1, H7)", arguments: modes)
  func partOfPmdLeaf(mode: String) throws {
    var bench = try Bench(mode)
    let start = bench.layout.vmemmapStart
    let pmdTable = bench.path(to: .pmd, for: start, isConstructed: false)
    bench.leaf(pmdTable, 0, pfn: 0x90000)
    bench.leaf(pmdTable, 1, pfn: 0x90200)
    bench.call(.vmemmapFree, start + 4096, start + 8192)
    #expect(
      bench.run().deeds == [
        Event(.clear, a: UInt64(pmdTable), b: 0, c: 1), Event(.free, a: 0x90000, b: 9), flush,
      ])
  }

  @Test("A PMD entry that is invalid but has leaf bits goes as a leaf", arguments: modes)
  func invalidPmdLeaf(mode: String) throws {
    var bench = try Bench(mode)
    let start = bench.layout.pageOffset
    let pmdTable = bench.path(to: .pmd, for: start)
    bench.set(pmdTable, 0, 0x90000 << 10 | 0xe6)
    bench.set(pmdTable, 1, 0x90200 << 10 | 0xc0)
    bench.call(.removePgdMapping, start, start + (4 << 20))
    #expect(bench.run().deeds.first == Event(.clear, a: UInt64(pmdTable), b: 0, c: 1))
    #expect(bench.run().tables[pmdTable][1] == 0x90200 << 10 | 0xc0)
  }

  @Test("Reserved backing of a memmap leaf is released as 512 pages, before the flush")
  func reservedBacking() throws {
    var bench = try Bench("sv39")
    let start = bench.layout.vmemmapStart
    let pmdTable = bench.path(to: .pmd, for: start, isConstructed: false)
    bench.leaf(pmdTable, 0, pfn: 0x90000)
    bench.image.frames = [FrameRange(pfn: 0x90000, count: 512, owner: .reserved)]
    bench.call(.vmemmapFree, start, start + (2 << 20))
    #expect(
      bench.run().deeds == [
        Event(.clear, a: 1, b: 0, c: 1), Event(.freeReserved, a: 0x90000, c: 512), flush,
      ])
  }

  @Test("An altmap gets back 512 pages per leaf and one per page, but no tables")
  func altmapBacking() throws {
    var bench = try Bench("sv39")
    let start = bench.layout.vmemmapStart
    let pteTable = bench.path(to: .pte, for: start, isConstructed: false)
    bench.leaf(1, 1, pfn: 0xa0000)
    bench.leaf(pteTable, 511, pfn: 0xa0200)
    bench.image.altmaps = [
      AltmapState(basePFN: 0xa0000, endPFN: 0xb0000, reserve: 0, free: 600, align: 0, alloc: 513)
    ]
    bench.call(.vmemmapFree, start, start + (4 << 20)) { $0.altmap = 1 }
    let outcome = bench.run()
    #expect(
      outcome.deeds == [
        Event(.clear, a: 2, b: 511, c: 1), Event(.altmapFree, a: 1, b: 1, c: 512),
        Event(.destruct, detail: 0, a: bench.pfn(2)), Event(.free, detail: 1, a: bench.pfn(2)),
        Event(.clear, a: 1, b: 0, c: 2), Event(.altmapFree, a: 1, b: 512, c: 0), flush,
      ])
    #expect(outcome.altmapAllocs == [0])
  }

  @Test("A PUD leaf is removed as a whole, with 1 GiB of backing, if there are PUDs")
  func pudLeaf() throws {
    for mode in ["sv48", "sv57"] {
      var bench = try Bench(mode)
      let start = bench.layout.vmemmapStart
      let pudTable = bench.path(to: .pud, for: start, isConstructed: false)
      bench.leaf(pudTable, 0, pfn: 0x140000)
      bench.leaf(pudTable, 1, pfn: 0x180000)
      bench.call(.vmemmapFree, start + (1 << 21), start + (2 << 21))
      #expect(
        bench.run().deeds == [
          Event(.clear, a: UInt64(pudTable), b: 0, c: 1), Event(.free, a: 0x140000, b: 18), flush,
        ], "\(mode)")
    }
  }

  @Test("On Sv39, a leaf in the root belongs to a folded PUD and is left alone")
  func foldedPudLeaf() throws {
    var bench = try Bench("sv39")
    bench.leaf(0, 344, pfn: 0x80000)
    bench.call(.removeLinearMapping, 0x8000_0000, 1 << 30)
    let outcome = bench.run()
    #expect(outcome.deeds == [flush])
    #expect(outcome.tables[0][344] == 0x80000 << 10 | 0xe7)
  }

  @Test("On Sv57 a P4D leaf is walked as a table, into the mapped memory (hazard H6)")
  func p4dLeaf() throws {
    var bench = try Bench("sv57")
    let start = bench.layout.pageOffset
    let p4dTable = bench.path(to: .p4d, for: start)
    bench.leaf(p4dTable, 0, pfn: 0x8000000)
    bench.call(.removePgdMapping, start + (3 << 30), start + (4 << 30))
    // PUD slot 3 of the "table" at physical 0x80_0000_0000.
    let address: UInt64 = 0xff60_0000_0000_0000 + 0x80_0000_0000 - 0x8000_0000 + 24
    #expect(bench.run().ending == Ending(.wildAccess, address: address))
  }

  @Test("remove_pte_mapping takes its base from a slot of its table")
  func directPteWalk() throws {
    var bench = try Bench("sv48")
    let table = bench.table(.pte)
    for slot in 0..<3 { bench.leaf(table, slot, pfn: 0x90000 + UInt64(slot)) }
    bench.call(.removePteMapping, 0x1000, 0x1800) { $0.table = UInt32(table) }
    bench.call(.removePteMapping, 0x2000, 0x3000) {
      $0.table = UInt32(table)
      $0.isVmemmap = 1
    }
    #expect(
      bench.run().events == [
        Event(.clear, a: 1, b: 1, c: 1), returned(0),
        Event(.clear, a: 1, b: 2, c: 1), Event(.free, a: 0x90002), returned(1),
      ])
  }

  @Test("A walk to the last byte of the address space wraps at the PTEs and never ends")
  func topOfAddressSpace() throws {
    var bench = try Bench("sv48")
    let table = bench.table(.pte)
    bench.call(.removePteMapping, 0) { $0.table = UInt32(table) }
    bench.call(.removePteMapping, 0xffff_ffff_ffff_e000, .max) { $0.table = UInt32(table) }
    #expect(bench.run().ending == Ending(.hang, operation: 1))
  }
}
