// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Port

@Suite("A live core")
struct LiveCoreTests {
  private static let start: UInt64 = 0x1_4800_0000
  private static let section: UInt64 = 0x800_0000
  /// The first section's number: 0x1_4800_0000 / 128 MiB.
  private static let number: UInt64 = 41

  /// A machine with the tables of the linear map and the memmap in place.
  private func bench(_ mode: String, sections: [SectionState] = []) throws -> Bench {
    var bench = try Bench(mode)
    bench.image.hasLiveCore = true
    bench.image.sections = sections
    _ = bench.path(to: .pmd, for: bench.layout.virtual(ofPhysical: Self.start))
    _ = bench.path(to: .pmd, for: bench.layout.structPage(ofPFN: Self.start >> 12))
    return bench
  }

  private func add(_ bench: inout Bench, _ start: UInt64, _ size: UInt64, altmap: UInt32 = 0) {
    bench.call(.archAddMemory, start, size) {
      $0.protection = 0xe7
      $0.altmap = altmap
    }
  }

  private func result(_ outcome: Outcome) -> Int64? {
    outcome.events.last { $0.kind == EventKind.returned.rawValue }
      .map { Int64(bitPattern: $0.b) }
  }

  private func sections(_ bench: Bench) -> [SectionState] {
    let port = HotplugPort(fixes: .latest)
    port.load(bench.image)
    _ = port.run()
    return port.sections
  }

  @Test("populates a block for each section, between __add_pages and the flush", arguments: modes)
  func add(mode: String) throws {
    var bench = try bench(mode)
    add(&bench, Self.start, 2 * Self.section)
    let outcome = bench.run()
    let first = Blocks.pfns(in: bench.layout).lowerBound
    #expect(
      outcome.deeds.dropFirst() == [
        Event(.allocate, detail: 1, a: first, b: 9),
        Event(.allocate, detail: 1, a: first + 512, b: 9), flush,
      ])
    #expect(outcome.deeds.first?.kind == EventKind.addPages.rawValue)
    #expect(sections(bench) == [41, 42].map { SectionState(number: $0) })
  }

  @Test("notes the sub-sections of ranges that cross a boundary")
  func bits() throws {
    var bench = try bench("sv48")
    add(&bench, Self.start + 0x7c0_0000, 0x60_0000)
    #expect(
      sections(bench) == [
        SectionState(number: 41, subsections: 0b11 << 62),
        SectionState(number: 42, subsections: 0b1),
      ])
  }

  @Test("refuses existing memory with -EEXIST, and keeps the sections before it (hazard H11)")
  func exists() throws {
    let there = SectionState(number: Self.number + 1, subsections: 0b100)
    var bench = try bench("sv48", sections: [there])
    add(&bench, Self.start, 2 * Self.section)
    #expect(result(bench.run()) == -17)
    #expect(sections(bench) == [SectionState(number: Self.number), there])
  }

  @Test("refuses parts of sub-sections with a warning, and an unsuitable altmap without one")
  func refusals() throws {
    let ranges: [(UInt64, UInt64)] = [(Self.start, 0x1000), (Self.start + 0x1000, 0x20_0000)]
    for (start, size) in ranges {
      var bench = try bench("sv48")
      add(&bench, start, size)
      let outcome = bench.run()
      #expect(result(outcome) == -22)
      #expect(outcome.kinds.contains(.warn))
      #expect(sections(bench) == [])
    }
    let base = Self.start >> 12
    for (first, free) in [(base + 1, 0x200), (base, 0x8001)] as [(UInt64, UInt64)] {
      var bench = try bench("sv48")
      bench.image.altmaps = [
        AltmapState(
          basePFN: first, endPFN: base + 0xffff, reserve: 0, free: free, align: 0, alloc: 7)
      ]
      add(&bench, Self.start, Self.section, altmap: 1)
      let outcome = bench.run()
      #expect(result(outcome) == -22)
      #expect(!outcome.kinds.contains(.warn))
      #expect(outcome.altmapAllocs == [7])
    }
  }

  @Test("keeps the memmap of a boot-time section until its last part goes, then frees all of it")
  func bootMemory() throws {
    let half = SectionState(number: Self.number, subsections: 0xffff_ffff, isEarly: true)
    var bench = try bench("sv48", sections: [half])
    let memmap = bench.layout.structPage(ofPFN: Self.start >> 12)
    let table = bench.image.tables.count - 1
    bench.leaf(table, bench.layout.index(of: memmap, at: .pmd), pfn: 0x8_4000)
    bench.image.frames = [FrameRange(pfn: 0x8_4000, count: 512, owner: .reserved)]
    add(&bench, Self.start + Self.section / 2, Self.section / 2)
    #expect(!bench.run().kinds.contains(.allocate))
    #expect(
      sections(bench) == [SectionState(number: Self.number, subsections: .max, isEarly: true)])
    bench.call(.archRemoveMemory, Self.start, Self.section / 2)
    #expect(!bench.run().kinds.contains(.freeReserved))
    bench.call(.archRemoveMemory, Self.start + Self.section / 2, Self.section / 2)
    #expect(bench.run().events.contains(Event(.freeReserved, a: 0x8_4000, c: 512)))
    #expect(sections(bench) == [])
  }

  @Test("warns of absent sections, and removes nothing of a partly present one")
  func absent() throws {
    var bench = try bench(
      "sv48", sections: [SectionState(number: Self.number, subsections: 0b1)])
    bench.call(.archRemoveMemory, Self.start, 2 * Self.section)
    let outcome = bench.run()
    #expect(outcome.kinds.filter { $0 == .warn }.count == 2)
    #expect(sections(bench).map(\.subsections) == [0b1])
  }

  @Test(
    "Sv57: a failed linear table is a BUG, one of the memmap -ENOMEM, and pages replace a block",
    arguments: [
      (1, nil), (2, nil), (3, -12), (4, -12), (5, 0), (6, 0),
    ] as [(UInt32, Int64?)])
  func failingAllocation(number: UInt32, expected: Int64?) throws {
    var bench = try Bench("sv57")
    bench.image.hasLiveCore = true
    let far: UInt64 = 0x90_c800_0000
    _ = bench.path(to: .p4d, for: bench.layout.virtual(ofPhysical: far))
    _ = bench.path(to: .p4d, for: bench.layout.structPage(ofPFN: far >> 12))
    bench.image.failingAllocation = number
    add(&bench, far, 2 * Self.section)
    let outcome = bench.run()
    #expect(result(outcome) == expected)
    #expect(outcome.ending.kind == (expected == nil ? 3 : 0))
    // A failed add leaves the tables below the root, and no others.
    if expected == -12 { #expect(outcome.lives.count { $0.live == 1 } == 3) }
    // A pte table, and 512 single pages.
    if expected == 0 {
      #expect(outcome.kinds.filter { $0 == .allocate }.count == 5 + 513)
    }
  }
}
