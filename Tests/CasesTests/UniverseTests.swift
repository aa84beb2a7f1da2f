// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Port

@Suite("A universe")
struct UniverseTests {
  private static let sv39 = Architecture.riscv.modes[0]

  /// Three levels of two entries each: no entry or a leaf; the allocator owns all tables.
  private func tiny(spineFrom: Level? = nil) -> Universe {
    Universe(
      name: "tiny", definition: "", mode: Self.sv39, indexBits: 1, kinds: [.none, .leaf],
      rootKinds: [.none], owners: [.allocator], isConstructed: true, spineFrom: spineFrom,
      ranges: .pages, operations: [.init(.removeLinearMapping)])
  }

  @Test("has as many states as a count by hand gives") func states() {
    // A PTE table has 2^2 states, so a PMD entry 2 + 4, a PMD table 6^2, a root entry 1 + 36.
    #expect(tiny().stateCount == 37 * 37)
    // At most one root entry: none, or one of two slots with one of 36 tables.
    #expect(tiny(spineFrom: .pgd).stateCount == 1 + 2 * 36)
  }

  @Test("has every range of whole pages once, and no empty one") func ranges() {
    var seen: Set<[UInt64]> = []
    for range in 0..<tiny().rangeCount {
      let (start, end) = UniverseRanges.pages.bounds(of: range, pages: 8)
      #expect(start < end && end <= 8 * 4096 && start % 4096 == 0 && end % 4096 == 0)
      seen.insert([start, end])
    }
    #expect(tiny().rangeCount == 36)
    #expect(seen.count == 36)
  }

  @Test("of edges has every range between half pages once, up to the end of all addresses")
  func edges() {
    let ranges = UniverseRanges.edges
    var seen: Set<[UInt64]> = []
    for range in 0..<ranges.count(pages: 8) {
      let (start, end) = ranges.bounds(of: range, pages: 8)
      #expect(start % 2048 == 0 && end % 2048 == 0)
      seen.insert([start, end])
    }
    // 8 pages have 17 boundaries of half pages. A range may start at any but the last one, and end at any but
    // the last two, even before its start.
    #expect(seen.count == 16 * 15)
    #expect(!seen.contains { $0[0] == 8 * 4096 || $0[1] > 7 * 4096 })
    let layout = AddressLayout(mode: Self.sv39, indexBits: 1)
    func end(_ ranges: UniverseRanges, _ area: UniverseArea) -> UInt64 {
      ranges.base(area, layout, pages: 8) &+ 8 * 4096
    }
    #expect(end(.edges, .root) == 0)
    #expect(end(.top, .linear) == layout.pageOffset + layout.linearSize)
    let memmap = end(.top, .memmap)
    #expect(memmap > layout.vmemmapStart && memmap <= layout.vmemmapEnd)
  }

  @Test("of blocks has each aligned block of 2^n pages once, and one range of three pages")
  func blocks() {
    let ranges = UniverseRanges.blocks
    var seen: Set<[UInt64]> = []
    for range in 0..<ranges.count(pages: 8) {
      let (start, end) = ranges.bounds(of: range, pages: 8)
      seen.insert([start / 4096, end / 4096])
    }
    let pairs: [[UInt64]] = [
      [0, 2], [2, 4], [4, 6], [6, 8], [0, 4], [4, 8], [0, 8], [0, 3],
    ]
    let single: [[UInt64]] = (0..<8).map { [$0, $0 + 1] }
    #expect(seen == Set(pairs + single))
  }

  /// Names, with the numbers of states, ranges and operations, counted by hand.
  private static let creationCases: [(String, [UInt64])] = [
    // 9 states of a PTE table, 12 of a PMD entry, 144 of a PMD table, 1 + 2 * 146 of the root.
    ("sv39/creation/create", [293, 36, 3]), ("sv39/creation/steps", [293, 16, 5]),
    ("sv39/creation/populate", [293, 36, 2]), ("sv39/creation/shortage", [293, 16, 7]),
    // 1 + 2 * 2 states of the root, from 16 boundaries of half pages to 15, twice.
    ("sv39/creation/preallocate", [5, 16, 15, 2]), ("sv39/creation/real", [2, 5]),
    // Only the empty root.
    ("sv39/creation/questions", [36, 6]), ("sv57/creation/questions", [528, 6]),
    // At most one entry: 5, 15 and 35 states of the tables, 1 + 2 * 36 of the root.
    ("sv48/creation/create", [73, 136, 3]), ("sv48/creation/steps", [73, 32, 5]),
    // Without stray words: 3, 9, 21 and 45, 1 + 2 * 45 of the root. With them: 5, 15, 35, 75, 153.
    ("sv57/creation/create", [91, 528, 3]), ("sv57/creation/steps", [153, 64, 5]),
    ("sv57/creation/populate", [91, 528, 2]), ("sv57/creation/shortage", [91, 64, 7]),
    ("sv57/creation/preallocate", [5, 64, 63, 2]),
  ]

  @Test(
    "of the creation side has as many cases as a count by hand gives",
    arguments: Self.creationCases)
  func creation(name: String, factors: [UInt64]) throws {
    let universe = try #require(Universe.named(name, among: Architecture.riscv.modes))
    #expect(universe.caseCount == factors.reduce(1, *))
  }

  @Test("decodes each state to different tables") func distinct() {
    var cursor = UniverseCursor(tiny())
    var seen: Set<[TableRun]> = []
    for state in 0..<tiny().stateCount {
      cursor.setState(state)
      seen.insert(cursor.image.runs)
    }
    #expect(UInt64(seen.count) == tiny().stateCount)
  }

  @Test("gives scenarios that lower to the same image that it runs")
  func raising() throws {
    for mode in Architecture.riscv.modes {
      for universe in Universe.universes(.standard, mode: mode) {
        var cursor = UniverseCursor(universe)
        for step in 0..<40 as Range<UInt64> {
          let place = UniverseCase(
            state: universe.stateCount / 41 * step,
            operation: Int(step) % universe.operations.count,
            range: universe.rangeCount / 41 * step)
          cursor.setState(place.state)
          cursor.setCall(place.operation, range: place.range)
          var image = cursor.image
          image.runs.sort { ($0.table, $0.slot) < ($1.table, $1.slot) }
          var lowered = try universe.scenario(of: place).lowered()
          lowered.runs.sort { ($0.table, $0.slot) < ($1.table, $1.slot) }
          #expect(lowered == image, "\(universe.name) \(place)")
        }
      }
    }
  }

  @Test("The universes of standard depth have unique names, and together over a million cases")
  func standard() {
    let all = Architecture.riscv.modes.map { Universe.universes(.standard, mode: $0) }
    #expect(all.allSatisfy { !$0.isEmpty })
    #expect(all.joined().reduce(0) { $0 + $1.caseCount } > 1_000_000)
    #expect(Set(all.joined().map(\.name)).count == all.joined().count)
    #expect(Universe.universes(.smoke, mode: Self.sv39).isEmpty)
  }
}
