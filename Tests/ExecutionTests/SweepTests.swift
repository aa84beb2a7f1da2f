// SPDX-License-Identifier: GPL-2.0-only

import HotplugPort
import PageTables
import Scenarios
import Testing

@testable import Execution

extension MachineTests {
  @Suite("A universe")
  struct SweepTests {
    private func whole(_ universe: Universe) -> SweepPart {
      SweepPart(
        universe: universe.name, states: 0..<universe.stateCount,
        operations: Array(universe.operations.indices))
    }

    private static let small = Architecture.riscv.modes.flatMap {
      Universe.universes(.standard, mode: $0).filter { $0.caseCount < 100_000 }
    }

    @Test("is run whole, and the embedded reference behaves as the port in all of it")
    func whole() throws {
      let side = try SubjectSide(subjectPath: nil, indexBits: 1)
      for universe in Self.small {
        let part = whole(universe)
        let digests = Sweeper(side, universe).run(part)
        #expect(UInt64(digests.count) == universe.caseCount, "\(universe.name)")
        let checker = SweepChecker(fixes: .latest)
        #expect(checker.mismatches(part, universe, digests) == [], "\(universe.name)")
      }
    }

    @Test("numbers its cases as it runs them") func numbers() throws {
      let side = try SubjectSide(subjectPath: nil, indexBits: 1)
      let port = HotplugPort(fixes: .latest)
      let universe = try #require(Self.small.first)
      var part = whole(universe)
      part.states = 3..<9
      let digests = Sweeper(side, universe).run(part)
      for index in stride(from: 0, to: digests.count, by: 17) {
        var cursor = UniverseCursor(universe)
        let place = part.place(index, in: universe)
        cursor.setState(place.state)
        cursor.setCall(place.operation, range: place.range)
        #expect(port.answer(cursor.image).0 == digests[index], "\(place)")
      }
    }
  }
}
