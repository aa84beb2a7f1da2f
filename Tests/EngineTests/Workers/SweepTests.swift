// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Worker

extension MachineTests {
  @Suite("A universe")
  struct SweepTests {
    private func whole(_ universe: Universe) -> SweepPart {
      SweepPart(universe, states: 0..<universe.stateCount)
    }

    /// The universes that a debug build runs quickly; walks over 4 GiB need a release build.
    private static let small = Architecture.riscv.modes.flatMap {
      Universe.universes(.standard, mode: $0).filter { universe in
        universe.caseCount < 60_000 && (universe.ranges != .long || universe.stateCount == 1)
      }
    }

    @Test("runs completely, and the embedded reference behaves like the port in all of it")
    func whole() throws {
      for universe in Self.small {
        let side = try SubjectSide(try EmbeddedReference.subject(indexBits: universe.indexBits))
        let part = whole(universe)
        let digests = Sweeper(side, universe).run(part)
        #expect(UInt64(digests.count) == universe.caseCount, "\(universe.name)")
        let checker = SweepChecker(fixes: .latest)
        #expect(checker.mismatches(part, universe, digests) == [], "\(universe.name)")
      }
    }

    @Test("numbers its cases in the order in which it runs them") func numbers() throws {
      let side = try SubjectSide(try EmbeddedReference.subject(indexBits: 1))
      let port = HotplugPort(fixes: .latest)
      let universe = try #require(Self.small.first { $0.stateCount > 9 && $0.indexBits == 1 })
      var part = whole(universe)
      part.states = 3..<9
      let digests = Sweeper(side, universe).run(part)
      for index in stride(from: 0, to: digests.count, by: 17) {
        var cursor = UniverseCursor(universe)
        let place = part.place(index)
        cursor.setState(place.state)
        cursor.setCall(place.operation, range: place.range)
        #expect(port.answer(cursor.image).0 == digests[index], "\(place)")
      }
    }
  }
}
