// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Port

/// Expected values by hand: a section has 32768 pages with 64 bytes of memmap each: 512 pages, one PTE table.
/// A compound of 2^n pages has 2^(n-6) of them: 8 for the 2 MiB of shift 9.
@Suite("A memmap of compound pages")
struct CompoundMemmapTests {
  private static let start: UInt64 = 0x1_4800_0000
  private static let section: UInt64 = 0x800_0000

  /// A machine with the tables down to the PMD of the linear map and of the memmap, and a single pgmap with
  /// this shift.
  private func bench(_ shift: UInt8, mode: String = "sv48") throws -> Bench {
    var bench = try Bench(mode)
    bench.image.hasLiveCore = true
    bench.image.pgmaps = [PgmapState(vmemmapShift: shift)]
    _ = bench.path(to: .pmd, for: bench.layout.virtual(ofPhysical: Self.start))
    _ = bench.path(to: .pmd, for: bench.layout.structPage(ofPFN: Self.start >> 12))
    return bench
  }

  private func call(
    _ function: KernelFunction, _ size: UInt64, at offset: UInt64 = 0, pgmap: UInt32 = 1,
    on bench: inout Bench
  ) {
    bench.call(function, Self.start + offset, size) {
      $0.pgmap = pgmap
      if function == .archAddMemory { $0.protection = 0xe7 }
    }
  }

  /// The PFNs that the memmap maps from the added memory on, page by page.
  private func memmap(_ outcome: Outcome, _ layout: AddressLayout) -> [UInt64] {
    let start = layout.structPage(ofPFN: Self.start >> 12)
    return PageTableWalk(outcome.tables, layout: layout).entries
      .filter { $0.kind == .leaf && $0.level == .pte && $0.address &- start < 1 << 24 }
      .sorted { $0.address < $1.address }
      .map { Architecture.riscv.entryBits.pfn(of: $0.word) }
  }

  private func count(_ kind: EventKind, _ outcome: Outcome) -> Int {
    outcome.kinds.count { $0 == kind }
  }

  @Test("has two pages per compound, and maps the second in all other entries", arguments: modes)
  func twoMiB(mode: String) throws {
    var bench = try bench(9, mode: mode)
    call(.archAddMemory, Self.section, on: &bench)
    let outcome = bench.run()
    let pages = memmap(outcome, bench.layout)
    #expect(pages.count == 512)
    // The PTE table is the first allocation, then each compound allocates a head and a tail.
    let first = bench.pfn(bench.image.tables.count)
    let own = (0..<64 as Range<UInt64>).map { first + Pool.stridePages * (1 + 2 * $0) }
    let expected = own.flatMap { [$0] + Array(repeating: $0 + Pool.stridePages, count: 7) }
    #expect(pages == expected)
    #expect(count(.allocate, outcome) == 1 + 128)
    let gets = outcome.deeds.filter { $0.kind == EventKind.getPage.rawValue }
    #expect(gets == own.map { Event(.getPage, a: $0 + Pool.stridePages, c: 6) })
  }

  @Test("frees each page with the last entry that maps it, then the table", arguments: modes)
  func removal(mode: String) throws {
    var bench = try bench(9, mode: mode)
    call(.archAddMemory, 0x20_0000, on: &bench)
    call(.archRemoveMemory, 0x20_0000, on: &bench)
    let outcome = bench.run()
    let table = UInt64(bench.image.tables.count)
    let first = bench.pfn(Int(table))
    let (head, tail) = (first + Pool.stridePages, first + 2 * Pool.stridePages)
    let slot = UInt64(
      bench.layout.index(of: bench.layout.structPage(ofPFN: Self.start >> 12), at: .pte))
    let taken = outcome.deeds.drop { $0.kind != EventKind.removePages.rawValue }.dropFirst()
    let shared = (1...6 as ClosedRange<UInt64>).flatMap { number in
      [
        Event(.clear, a: table, b: slot + number, c: 1),
        Event(.putPage, a: tail, c: 7 - number),
      ]
    }
    let expected =
      [Event(.clear, a: table, b: slot, c: 1), Event(.free, a: head)] + shared + [
        Event(.clear, a: table, b: slot + 7, c: 1), Event(.free, a: tail),
        // Hazard H2: no constructor has run.
        Event(.destruct, detail: 0, a: first), Event(.free, detail: 1, a: first),
      ]
    #expect(Array(taken.prefix(expected.count)) == expected)
    #expect(outcome.lives[Int(table)...].map(\.live) == [0, 0, 0])
  }

  @Test("is shared for compounds of 1 MiB or more, but not for those with two pages of memmap")
  func smallest() throws {
    for (shift, pages) in [(7, 0), (8, 512)] as [(UInt8, Int)] {
      var bench = try bench(shift)
      call(.archAddMemory, Self.section, on: &bench)
      let outcome = bench.run()
      #expect(memmap(outcome, bench.layout).count == pages)
      // Each compound has two pages of its own out of four; otherwise one block serves the whole section.
      #expect(count(.allocate, outcome) == (shift == 8 ? 1 + 256 : 1))
    }
  }

  @Test("continues in the next section, which maps only the page before it")
  func sections() throws {
    var bench = try bench(18)
    call(.archAddMemory, 3 * Self.section, on: &bench)
    call(.archRemoveMemory, 3 * Self.section, on: &bench)
    let whole = bench.run()
    // Three PTE tables, a head and a tail.
    #expect(count(.allocate, whole) == 5)
    #expect(count(.putPage, whole) == 3 * 512 - 2)
    #expect(count(.warn, whole) == 0)
    bench.image.operations.removeLast()
    let pages = memmap(bench.run(), bench.layout)
    #expect(pages.count == 3 * 512)
    #expect(Set(pages.dropFirst()).count == 1)
  }

  @Test("starts anew where the added memory starts, wherever that is")
  func offset() throws {
    // 4 MiB per compound; the memory begins in the middle of 4 MiB.
    var bench = try bench(10)
    call(.archAddMemory, 0x80_0000, at: 0x20_0000, on: &bench)
    let pages = memmap(bench.run(), bench.layout)
    #expect(pages.count == 32)
    #expect(Set(pages).count == 4)
    #expect(pages[0] != pages[1] && pages[1] == pages[15] && pages[16] != pages[15])
  }

  @Test("is complete for the last compound, even if memory ends within it")
  func overshoot() throws {
    var bench = try bench(10)
    call(.archAddMemory, 0x60_0000, on: &bench)
    #expect(memmap(bench.run(), bench.layout).count == 32)
  }

  @Test("is not shared without a pgmap, with one of another number, or with an altmap")
  func plain() throws {
    for pgmap in [0, 2] as [UInt32] {
      var bench = try bench(9)
      call(.archAddMemory, Self.section, pgmap: pgmap, on: &bench)
      #expect(memmap(bench.run(), bench.layout) == [])
    }
    var bench = try bench(9)
    bench.image.altmaps = [
      AltmapState(
        basePFN: Self.start >> 12, endPFN: (Self.start + Self.section) >> 12 - 1, reserve: 0,
        free: 0x200, align: 0, alloc: 0)
    ]
    call(.archAddMemory, Self.section, on: &bench)
    bench.image.operations[0].altmap = 1
    let outcome = bench.run()
    #expect(memmap(outcome, bench.layout) == [])
    #expect(outcome.altmapAllocs == [512])
  }

  @Test("is removed again if one of its allocations fails", arguments: [1, 2, 3, 4, 129])
  func shortage(allocation: UInt32) throws {
    var bench = try bench(9)
    bench.image.failingAllocation = allocation
    call(.archAddMemory, Self.section, on: &bench)
    let outcome = bench.run()
    #expect(outcome.events.last == returned(0, UInt64(bitPattern: -12)))
    #expect(memmap(outcome, bench.layout) == [])
    #expect(count(.allocate, outcome) == Int(allocation) - 1)
    #expect(outcome.lives[bench.image.tables.count...].allSatisfy { $0.live == 0 })
  }

  @Test("causes a wild access beside a leaf, which it takes for a table")
  func besideALeaf() throws {
    var bench = try bench(9)
    call(.archAddMemory, Self.section / 2, pgmap: 0, on: &bench)
    call(.archAddMemory, Self.section / 2, at: Self.section / 2, on: &bench)
    #expect(bench.run().ending.kind == EndingKind.wildAccess.rawValue)
  }
}
