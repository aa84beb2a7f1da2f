// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Port

private let modes = Architecture.riscv.modes

@Suite("A random campaign")
struct RandomCampaignTests {
  @Test("gives only cases that can be lowered", arguments: modes)
  func lowers(mode: PagingMode) {
    let campaign = RandomCampaign(mode: mode, seed: 0x5eed)
    for index: UInt64 in 0..<1000 {
      let scenario = campaign.scenario(index)
      #expect(throws: Never.self, "\(scenario.id)") { try scenario.lowered() }
    }
  }

  @Test("gives the same case for an index again, whatever it gave in between", arguments: modes)
  func repeats(mode: PagingMode) {
    let one = RandomCampaign(mode: mode, seed: 42)
    let upwards = (0..<200 as Range<UInt64>).map { one.scenario($0) }
    let other = RandomCampaign(mode: mode, seed: 42)
    let downwards = (0..<200 as Range<UInt64>).reversed().map { other.scenario($0) }
    #expect(upwards == downwards.reversed())
  }

  @Test("gives the same cases in parallel tasks", arguments: modes)
  func concurrency(mode: PagingMode) async {
    let campaign = RandomCampaign(mode: mode, seed: 9)
    let together = await withTaskGroup(of: (UInt64, Scenario).self) { group in
      for index: UInt64 in 0..<40 { group.addTask { (index, campaign.scenario(index)) } }
      return await group.reduce(into: [UInt64: Scenario]()) { $0[$1.0] = $1.1 }
    }
    for index: UInt64 in 0..<40 { #expect(together[index] == campaign.scenario(index)) }
  }

  @Test("gives different cases for different seeds, indexes and modes")
  func differs() {
    var seen: [Scenario: String] = [:]
    for mode in modes {
      for seed: UInt64 in [0, 1, 2, .max] {
        for index in [0, 1, 2, 3, .max - 1, .max] as [UInt64] {
          var scenario = RandomCampaign(mode: mode, seed: seed).scenario(index)
          let id = scenario.id
          scenario.id = ""
          #expect(seen[scenario] == nil, "\(id) is \(seen[scenario] ?? "")")
          seen[scenario] = id
        }
      }
    }
  }

  @Test("finds a case by its id, and refuses any other text")
  func names() {
    for mode in modes {
      for (seed, index) in [(0, 0), (17, 3), (UInt64.max, UInt64.max)] as [(UInt64, UInt64)] {
        let scenario = RandomCampaign(mode: mode, seed: seed).scenario(index)
        #expect(scenario.id == "random/\(mode.name)/\(seed)-\(index)")
        #expect(RandomCampaign.scenario(named: scenario.id) == scenario)
      }
    }
    for id in [
      "", "random", "random/sv39", "random/sv39/", "random/sv39/1", "random/sv39/1-",
      "random/sv39/-1", "random/sv39/1-2-3", "random/sv39/01-2", "random/sv39/1-+2",
      "random/sv39/1-18446744073709551616", "random/sv32/1-2", "random/sv39/1-2/", "/sv39/1-2",
      "Random/sv39/1-2", "random/sv39/1-2 ", "random/sv39/a-b",
    ] {
      #expect(RandomCampaign.scenario(named: id) == nil, "\"\(id)\"")
    }
    #expect(RandomCampaign.scenario(named: "random/sv39/1-2", among: [modes[1]]) == nil)
  }

  @Test("keeps its cases small enough to run quickly", arguments: modes)
  func size(mode: PagingMode) throws {
    let campaign = RandomCampaign(mode: mode, seed: 1)
    var small = 0
    for index: UInt64 in 0..<1000 {
      let scenario = campaign.scenario(index)
      #expect((1...8).contains(scenario.operations.count), "\(scenario.id)")
      #expect(scenario.tables.count < 120, "\(scenario.id)")
      let words = try scenario.lowered().runs.reduce(0) { $0 + Int($1.count) }
      #expect(words < 8192, "\(scenario.id): \(words)")
      if scenario.tables.count < 40, words < 1500 { small += 1 }
    }
    #expect(small >= 800, "\(small) of 1000")
  }

  @Test("describes in a sentence what it drew for each case", arguments: modes)
  func purposes(mode: PagingMode) {
    let campaign = RandomCampaign(mode: mode, seed: 5)
    for index: UInt64 in 0..<500 {
      let scenario = campaign.scenario(index)
      let count = scenario.operations.count
      let calls = "\(count) operation\(count == 1 ? "" : "s")."
      #expect(
        scenario.purpose.hasPrefix("Boot memory ") && scenario.purpose.hasSuffix(calls)
          && !scenario.purpose.contains("\n"), "\(scenario.id): \(scenario.purpose)")
    }
  }

  @Test("gives cases that their JSON preserves", arguments: modes)
  func codec(mode: PagingMode) throws {
    let campaign = RandomCampaign(mode: mode, seed: 77)
    for index: UInt64 in 0..<40 {
      let scenario = campaign.scenario(index)
      #expect(try Scenario(jsonText: scenario.jsonText()) == scenario, "\(scenario.id)")
    }
  }
}
