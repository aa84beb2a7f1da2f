// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import HotplugPort
import PageTables
import Scenarios
import Testing

@testable import Execution

/// The machine's pool lies at one address, so what runs it takes turns.
@Suite(.serialized) enum MachineTests {}

extension MachineTests {
  @Suite("The embedded reference")
  struct CaseRunnerTests {
    @Test(
      "behaves as the port with all fixes in every case of the catalogue",
      arguments: Architecture.riscv.modes)
    func conforms(mode: PagingMode) throws {
      let runner = try CaseRunner(subjectPath: nil, fixes: [.latest], indexBits: 9)
      for scenario in Catalogue.scenarios(mode: mode) {
        let result = runner.check(try scenario.lowered())
        #expect(result.comparisons[0].difference == nil, "\(scenario.id)@\(mode.name)")
      }
    }

    @Test("differs from the port as merged, by an overrun, on Sv39 and Sv48 and not on Sv57")
    func asMerged() throws {
      let runner = try CaseRunner(
        subjectPath: nil, fixes: [.latest.subtracting(.foldedEntryIsBase)], indexBits: 9)
      for mode in Architecture.riscv.modes {
        let differing = try Catalogue.scenarios(mode: mode).filter { scenario in
          runner.check(try scenario.lowered()).comparisons[0].difference != nil
        }
        #expect(differing.isEmpty == (mode.name == "sv57"), "\(mode.name): \(differing.map(\.id))")
      }
    }

    @Test("is observed the same way twice") func repeatable() throws {
      let runner = try CaseRunner(subjectPath: nil, fixes: [.latest], indexBits: 9)
      let scenario = try #require(Catalogue.scenarios(mode: Architecture.riscv.modes[0]).first)
      let first = runner.observe(try scenario.lowered(), reference: 0)
      let second = runner.observe(try scenario.lowered(), reference: 0)
      #expect(first.subject == second.subject)
      #expect(first.subject.tables == first.reference.tables)
    }
  }
}
