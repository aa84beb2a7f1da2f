// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Lab
@testable import Machine
@testable import Port

@Suite("A slice of a universe")
struct SmallSliceTests {
  @Test(
    "spreads over all of its universe, and has no state twice",
    arguments: Architecture.riscv.modes)
  func places(mode: PagingMode) throws {
    for universe in SmallSlice.universes(mode) {
      let slice = SmallSlice(universe, cases: 50_000, places: 32)
      var end: UInt64 = 0
      for part in slice.parts {
        #expect(part.states.lowerBound >= end && !part.states.isEmpty, "\(universe.name)")
        #expect(part.operations == Array(universe.operations.indices), "\(universe.name)")
        end = part.states.upperBound
      }
      #expect(end <= universe.stateCount, "\(universe.name)")
      let last = try #require(slice.parts.last)
      #expect(last.states.lowerBound > universe.stateCount / 2, "\(universe.name)")
    }
  }

  @Test("has about as many cases as requested, or all of them")
  func size() {
    for universe in Architecture.riscv.modes.flatMap(SmallSlice.universes) {
      let slice = SmallSlice(universe, cases: 50_000, places: 32)
      #expect(slice.caseCount <= 50_000, "\(universe.name)")
      #expect(UInt64(slice.caseCount) >= min(20_000, universe.caseCount / 2), "\(universe.name)")
    }
  }
}
