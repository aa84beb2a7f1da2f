// SPDX-License-Identifier: GPL-2.0-only

import HotplugPort
import PageTables
import Scenarios
import Testing

@testable import Execution

extension MachineTests {
  @Suite("A universe")
  struct SweepTests {
    @Test(
      "is run whole, and the embedded reference behaves as the port in all of it",
      arguments: Architecture.riscv.modes)
    func whole(mode: PagingMode) throws {
      let runner = try CaseRunner(subjectPath: nil, fixes: [.latest], indexBits: 1)
      for universe in Universe.universes(.standard, mode: mode) where universe.caseCount < 100_000 {
        let result = try #require(Sweeper(runner, universe)).run(0..<universe.stateCount)
        #expect(result.cases == universe.caseCount, "\(universe.name)")
        #expect(result.differing == 0, "\(universe.name): \(result.examples)")
      }
    }
  }
}
