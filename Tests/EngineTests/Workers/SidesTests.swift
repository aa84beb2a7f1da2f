// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Worker

/// The machine's pool has one fixed address, so the tests that run it must take turns.
@Suite(.serialized) enum MachineTests {}

extension MachineTests {
  @Suite("The embedded reference")
  struct SidesTests {
    @Test(
      "behaves like the port with all fixes in every case of the catalogue",
      arguments: Architecture.riscv.modes)
    func conforms(mode: PagingMode) throws {
      let side = try SubjectSide(try EmbeddedReference.subject(indexBits: 9))
      let checker = CaseChecker(fixes: [.latest])
      let functions = Set(side.functions)
      for scenario in Catalogue.scenarios(mode: mode)
      where scenario.functionsCalled.isSubset(of: functions) {
        let image = try scenario.lowered()
        let result = checker.result(of: image, answered: side.shortAnswer(image).answer)
        #expect(result != nil, "\(scenario.id)@\(mode.name): the digests differ")
      }
    }

    @Test("differs from the port without fix 2, by an overrun, on Sv39 and Sv48 and not on Sv57")
    func asMerged() throws {
      let side = try SubjectSide(try EmbeddedReference.subject(indexBits: 9))
      let checker = CaseChecker(fixes: [.latest.subtracting(.foldedEntryIsBase)])
      for mode in Architecture.riscv.modes {
        var differing: [String] = []
        for scenario in Catalogue.scenarios(mode: mode)
        where scenario.functionsCalled.isSubset(of: Set(side.functions)) {
          let image = try scenario.lowered()
          let answer = side.shortAnswer(image).answer
          guard checker.result(of: image, answered: answer) == nil else { continue }
          let result = checker.result(
            of: image, answered: answer, observed: side.observe(image))
          if result.comparisons[0].difference != nil { differing.append(scenario.id) }
        }
        #expect(differing.isEmpty == (mode.name == "sv57"), "\(mode.name): \(differing)")
      }
    }

    @Test("gives the same observation twice, and the matching digest") func repeatable() throws {
      let side = try SubjectSide(try EmbeddedReference.subject(indexBits: 9))
      for scenario in Catalogue.scenarios(mode: Architecture.riscv.modes[0]).prefix(80) {
        let image = try scenario.lowered()
        let first = side.observe(image)
        #expect(first == side.observe(image), "\(scenario.id)")
        #expect(
          first.digest(entriesPerTable: 512) == side.answer(image).digest, "\(scenario.id)")
        let port = HotplugPort(fixes: .latest)
        #expect(port.observe(image).tables == first.tables, "\(scenario.id)")
      }
    }

    @Test("A digest that does not match the observation makes a case unsteady")
    func unsteady() throws {
      let side = try SubjectSide(try EmbeddedReference.subject(indexBits: 9))
      let scenario = try #require(Catalogue.scenarios(mode: Architecture.riscv.modes[0]).first)
      let image = try scenario.lowered()
      var answer = side.shortAnswer(image).answer
      answer.digest ^= 1
      let checker = CaseChecker(fixes: [.latest])
      #expect(checker.result(of: image, answered: answer) == nil)
      let result = checker.result(of: image, answered: answer, observed: side.observe(image))
      #expect(result.comparisons[0].difference?.signature == "unsteady-for-finished")
    }
  }
}
