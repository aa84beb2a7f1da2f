// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Cases
@testable import Machine
@testable import Port

@Suite("The JSON of a scenario")
struct CodecTests {
  @Test("decodes to the same scenario", arguments: Architecture.riscv.modes)
  func roundTrip(mode: PagingMode) throws {
    for scenario in Catalogue.scenarios(mode: mode) {
      let text = scenario.jsonText()
      let back = try Scenario(jsonText: text)
      #expect(back == scenario, "\(scenario.id)")
      #expect(back.jsonText() == text, "\(scenario.id)")
    }
  }

  @Test("decodes to the same scenario with Codable, too")
  func codable() throws {
    let scenario = try #require(Catalogue.all().first { $0.id == "sequence/device-with-altmap" })
    let data = try JSONEncoder().encode([scenario])
    #expect(try JSONDecoder().decode([Scenario].self, from: data) == [scenario])
  }

  @Test("keeps quotes, control characters and the largest numbers, which no catalogue case has")
  func extremes() throws {
    var scenario = Scenario(
      id: "quote \" and \\", purpose: "line\nbreak\ttab \u{1} \u{e9}", mode: "sv39", indexBits: 2,
      tables: [Scenario.Table(level: .pgd, owner: .reserved, isConstructed: false)],
      operations: [Scenario.Call(.vmemmapFree)])
    scenario.globals.maxPFN = .max
    scenario.injected.allocationBudget = .max
    scenario.injected.addPagesResult = .min
    scenario.operations[0].node = -1
    scenario.operations[0].start = .max
    #expect(try Scenario(jsonText: scenario.jsonText()) == scenario)
  }

  @Test("has hexadecimal strings, kernel names, and no default values")
  func writing() throws {
    var scenario = Scenario(
      id: "a/b", purpose: "P.", mode: "sv39",
      tables: [
        Scenario.Table(
          level: .pgd, owner: .reserved, isConstructed: false,
          entries: [Scenario.EntryRun(slot: 344, value: .leaf(pfn: 0x80000, protection: 0xe7))])
      ], operations: [Scenario.Call(.freePteTable)])
    scenario.operations[0].table = 0
    let entry = #"{ "slot": 344, "leaf": "0x80000", "protection": "0xe7" }"#
    #expect(
      scenario.jsonText() == """
        {
          "schema": "mhpcheck.scenario/1",
          "id": "a/b",
          "purpose": "P.",
          "mode": "sv39",
          "tables": [
            {
              "level": "pgd",
              "owner": "reserved",
              "entries": [\(entry)]
            }
          ],
          "operations": [{ "function": "free_pte_table", "table": 0 }]
        }

        """)
  }
}
