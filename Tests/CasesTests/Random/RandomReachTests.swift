// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Port

private let modes = Architecture.riscv.modes

@Suite("Random cases")
struct RandomReachTests {
  /// Cases per mode.
  private static let count = 3000

  @Test(
    "call every function, usually finish, and often free tables or have several calls",
    arguments: modes)
  func shares(mode: PagingMode) throws {
    let campaign = RandomCampaign(mode: mode, seed: 2024)
    let port = HotplugPort(fixes: .latest, stepLimit: 1 << 20)
    var reached: [KernelFunction: Int] = [:]
    var endings: [UInt32: Int] = [:]
    var freeing = 0
    var countingBack = 0
    var sequences = 0
    for index in 0..<UInt64(Self.count) {
      let scenario = campaign.scenario(index)
      let reach = try Reach(of: scenario, on: port)
      for function in reach.functions { reached[function, default: 0] += 1 }
      endings[reach.ending.kind, default: 0] += 1
      if reach.freesTables { freeing += 1 }
      if reach.countsBack { countingBack += 1 }
      if scenario.operations.count >= 2 { sequences += 1 }
    }
    for function in KernelFunction.allCases {
      let share = reached[function, default: 0]
      // Inner functions of the creation side are also reached through the functions that map a range.
      let least = function.isOfHotplug ? 50 : function == .vmemmapPopulate ? 80 : 1
      #expect(share * 1000 >= least * Self.count, "\(function.name): \(share)")
    }
    let finished = endings[EndingKind.finished.rawValue, default: 0]
    #expect(finished * 100 >= 85 * Self.count, "finished: \(finished), \(endings)")
    #expect(endings.count > 1, "some cases must end in a fault: \(endings)")
    #expect(freeing * 100 >= 27 * Self.count, "freeing tables: \(freeing)")
    #expect(countingBack * 100 >= 5 * Self.count, "counting back to altmaps: \(countingBack)")
    #expect(sequences * 100 >= 60 * Self.count, "sequences: \(sequences)")
  }

  /// A case and its result on the port with all fixes.
  private struct Expected {
    let scenario: Scenario
    let image: MachineImage
    let ending: Ending
    let events: [Event]
  }

  /// The cases whose ending or events change when the port has only these fixes.
  private func differing(_ cases: [Expected], fixes: UpstreamFixes) -> [Scenario] {
    let port = HotplugPort(fixes: fixes, stepLimit: 1 << 20)
    return cases.filter {
      port.load($0.image)
      return port.run() != $0.ending || port.events != $0.events
    }.map(\.scenario)
  }

  @Test("show every missing fix within 500 cases, in the modes where it matters", arguments: modes)
  func missingFixes(mode: PagingMode) throws {
    let campaign = RandomCampaign(mode: mode, seed: 1)
    let latest = HotplugPort(fixes: .latest, stepLimit: 1 << 20)
    let cases = try (0..<500 as Range<UInt64>).map { index in
      let scenario = campaign.scenario(index)
      let image = try scenario.lowered()
      latest.load(image)
      let ending = latest.run()
      return Expected(scenario: scenario, image: image, ending: ending, events: latest.events)
    }
    let merged = differing(cases, fixes: .asMerged)
    #expect(merged.count >= 5, "as merged: \(merged.count)")

    let constructor = differing(
      cases, fixes: .latest.subtracting(.noVmemmapPmdDestructor))
    let isCalled = { (scenario: Scenario) in
      scenario.operations.contains { $0.function == .freePmdTable }
    }
    // On Sv39 no walk frees a pmd table: only a direct call of free_pmd_table can show it.
    let byWalk = constructor.filter { !isCalled($0) }
    #expect(byWalk.isEmpty == !mode.isL4Enabled, "21f1b85c8912: \(byWalk.count)")

    let folded = differing(cases, fixes: .latest.subtracting(.foldedEntryIsBase))
    #expect(folded.isEmpty == mode.isL5Enabled, "a0188cc13369: \(folded.count)")
  }
}
