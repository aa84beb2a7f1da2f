// SPDX-License-Identifier: GPL-2.0-only

import MachineModel
import PageTables
import Testing

@testable import Scenarios

@Suite("A universe")
struct UniverseTests {
  private static let sv39 = Architecture.riscv.modes[0]

  /// Three levels of two entries each: none or a leaf, no table but the allocator's.
  private func tiny(spineFrom: Level? = nil) -> Universe {
    Universe(
      name: "tiny", definition: "", mode: Self.sv39, indexBits: 1, kinds: [.none, .leaf],
      rootKinds: [.none], owners: [.allocator], isConstructed: true, spineFrom: spineFrom,
      ranges: .pages, operations: [.removeLinearMapping])
  }

  @Test("has as many states as counting by hand gives") func states() {
    // A PTE table has 2^2 states, so a PMD entry 2 + 4, a PMD table 6^2, a root entry 1 + 36.
    #expect(tiny().stateCount == 37 * 37)
    // With one root entry at most: none, or either of two slots with one of 36 tables.
    #expect(tiny(spineFrom: .pgd).stateCount == 1 + 2 * 36)
  }

  @Test("has every range of whole pages once, and the empty one") func ranges() {
    var seen: Set<[UInt64]> = []
    for range in 0..<tiny().rangeCount {
      let (start, end) = UniverseRanges.pages.bounds(of: range, pages: 8)
      #expect(start <= end && end <= 8 * 4096 && start % 4096 == 0 && end % 4096 == 0)
      seen.insert([start, end])
    }
    #expect(tiny().rangeCount == 37)
    #expect(seen.count == 37)
  }

  @Test("at the edges has every pair of half pages once, up to where addresses wrap")
  func edges() {
    let ranges = UniverseRanges.edges
    var seen: Set<[UInt64]> = []
    for range in 0..<ranges.count(pages: 8) {
      let (start, end) = ranges.bounds(of: range, pages: 8)
      #expect(start % 2048 == 0 && end % 2048 == 0)
      seen.insert([start, end])
    }
    // 17 boundaries of 8 pages, before or behind each other; none begins at the last, and none ends
    // there or in the last page.
    #expect(seen.count == 16 * 15)
    #expect(!seen.contains { $0[0] == 8 * 4096 || $0[1] > 7 * 4096 })
    let base = ranges.base(AddressLayout(mode: Self.sv39, indexBits: 1), pages: 8)
    #expect(base &+ 8 * 4096 == 0)
  }

  @Test("decodes every state to tables of its own") func distinct() {
    var cursor = UniverseCursor(tiny())
    var seen: Set<[TableRun]> = []
    for state in 0..<tiny().stateCount {
      cursor.setState(state)
      seen.insert(cursor.image.runs)
    }
    #expect(UInt64(seen.count) == tiny().stateCount)
  }

  @Test("gives scenarios that lower to the very image that is run")
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

  @Test("of standard depth adds up to more than a million cases in three modes, by unique names")
  func standard() {
    let all = Architecture.riscv.modes.map { Universe.universes(.standard, mode: $0) }
    #expect(all.allSatisfy { !$0.isEmpty })
    #expect(all.joined().reduce(0) { $0 + $1.caseCount } > 1_000_000)
    #expect(Set(all.joined().map(\.name)).count == all.joined().count)
    #expect(Universe.universes(.smoke, mode: Self.sv39).isEmpty)
  }
}
