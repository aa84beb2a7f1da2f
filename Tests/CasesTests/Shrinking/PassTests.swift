// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Port

private let modes = Architecture.riscv.modes

extension ShrinkPass: CustomTestStringConvertible {
  /// The name of the pass, so that a failing test shows it.
  public var testDescription: String { name }
}

@Suite("A pass of the shrinker")
struct PassTests {
  @Test("offers only smaller scenarios, whose calls fit no worse", arguments: ShrinkPass.all)
  func strictlySmaller(pass: ShrinkPass) {
    let scenarios = modes.flatMap { Samples.catalogue($0) + Samples.universes($0) }
    for (index, scenario) in scenarios.enumerated() {
      let size = scenario.complexity
      let misfits = scenario.misfitCount
      // The largest cuts of each scenario, and all candidates of every 50th.
      for candidate in pass.candidates(of: scenario).prefix(index.isMultiple(of: 50) ? .max : 2) {
        if !(candidate.complexity < size) {
          Issue.record("\(scenario.id)@\(scenario.mode): a candidate that is not smaller")
        }
        if candidate.misfitCount > misfits {
          Issue.record("\(scenario.id)@\(scenario.mode): a candidate that fits worse")
        }
      }
    }
  }

  @Test("offers a scenario that can run for some case of the catalogue", arguments: ShrinkPass.all)
  func isOfUse(pass: ShrinkPass) {
    let isOfUse = Samples.catalogue(modes[1]).contains { scenario in
      pass.candidates(of: scenario).contains { (try? $0.lowered()) != nil }
    }
    #expect(isOfUse)
  }

  @Test("leaves id, purpose, mode and index width alone", arguments: ShrinkPass.all)
  func identity(pass: ShrinkPass) {
    for scenario in Samples.universes(modes[0]) {
      for candidate in pass.candidates(of: scenario) {
        let isKept =
          candidate.id == scenario.id && candidate.purpose == scenario.purpose
          && candidate.mode == scenario.mode && candidate.indexBits == scenario.indexBits
        if !isKept { Issue.record("\(scenario.id)") }
      }
    }
  }

  @Test("The catalogue's calls fit their tables, except for the few that misfit on purpose")
  func misfits() throws {
    for mode in modes {
      let scenarios = Samples.catalogue(mode)
      let misfits = scenarios.filter { $0.misfitCount > 0 }
      #expect(misfits.count * 10 < scenarios.count, "\(misfits.map(\.id))")
    }
  }

  @Test("Dropping a table renumbers the others wherever they are named")
  func renumbering() throws {
    var free = Scenario.Call(.freePteTable)
    free.table = 3
    free.parentTable = 2
    free.parentSlot = 5
    let scenario = Scenario(
      id: "", purpose: "", mode: "sv39",
      tables: [
        table(.pgd, (0, 1), (1, 2)), table(.pmd), table(.pmd, (5, 3)), table(.pte),
      ], operations: [free])
    let dropped = try #require(scenario.removing(tables: [1]))
    free.table = 2
    free.parentTable = 1
    #expect(
      dropped
        == Scenario(
          id: "", purpose: "", mode: "sv39",
          tables: [table(.pgd, (1, 1)), table(.pmd, (5, 2)), table(.pte)], operations: [free]))
    #expect(scenario.removing(tables: [3]) == nil, "a call is handed table 3")
    #expect(scenario.removing(tables: [0]) == nil, "the root stays")
    #expect(scenario.subtree(of: 2) == [2, 3])
  }

  @Test("A table with two pointers to it stays when one of them is dropped")
  func sharedTable() {
    let scenario = Scenario(
      id: "", purpose: "", mode: "sv39",
      tables: [table(.pgd, (0, 1), (1, 2)), table(.pmd, (0, 3)), table(.pmd, (0, 3)), table(.pte)],
      operations: [])
    #expect(scenario.subtree(of: 1) == [1])
    #expect(scenario.subtree(of: 3) == [3])
  }

  @Test("Dropping an altmap passes NULL to the calls that used it, and renumbers the others")
  func altmaps() {
    let calls = [1, 2, 3].map { number in
      var call = Scenario.Call(.vmemmapFree)
      call.altmap = number
      return call
    }
    let altmap = Scenario.Altmap(basePFN: 0, endPFN: 1, free: 1, alloc: 1)
    let scenario = Scenario(
      id: "", purpose: "", mode: "sv39", tables: [], altmaps: [altmap, altmap, altmap],
      operations: calls)
    let dropped = scenario.removing(altmaps: 1..<2)
    #expect(dropped.altmaps.count == 2)
    #expect(dropped.operations.map(\.altmap) == [1, nil, 2])
  }

  @Test("Cuts take all elements first, then parts, then each single one") func cutting() {
    #expect(
      Array(cuts(of: 5)) == [0..<5, 0..<3, 3..<5, 0..<2, 2..<4, 4..<5] + (0..<5).map { $0..<$0 + 1 }
    )
    #expect(Array(cuts(of: 1)) == [0..<1])
    #expect(Array(cuts(of: 0)) == [])
  }

  private func table(_ level: Level, _ pointers: (slot: Int, table: Int)...) -> Scenario.Table {
    Scenario.Table(
      level: level, owner: level == .pgd ? .reserved : .allocator, isConstructed: false,
      entries: pointers.map { Scenario.EntryRun(slot: $0.slot, value: .table($0.table)) })
  }
}
