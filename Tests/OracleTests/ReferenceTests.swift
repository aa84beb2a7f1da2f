// SPDX-License-Identifier: GPL-2.0-only

import HotplugPort
import PageTables
import Scenarios
import Testing

@testable import Oracle

/// What the rules say of upstream's latest text, which the port is.
@Suite("The reference")
struct ReferenceTests {
  @Test(
    "breaks no rule in the catalogue but by listed hazards, and where it adds memory that is there",
    arguments: Architecture.riscv.modes.map(\.name))
  func catalogue(mode: String) throws {
    let port = HotplugPort(fixes: .latest)
    let mode = try #require(Architecture.riscv.mode(named: mode))
    for scenario in Catalogue.scenarios(mode: mode) {
      for violation in try port.violations(scenario) where violation.hazard == nil {
        let isOverMemory =
          scenario.id.hasPrefix("arch-add-memory/existing-")
          || scenario.id.hasPrefix("hazard/unlisted-") || scenario.id == "lifecycle/add-twice"
        #expect(isOverMemory, "\(scenario.id): \(violation.rule.rawValue), \(violation.sentence)")
      }
    }
  }

  @Test("breaks only these rules in random cases without its being a listed hazard, in adds")
  func random() throws {
    let port = HotplugPort(fixes: .latest)
    for mode in Architecture.riscv.modes {
      let campaign = RandomCampaign(mode: mode, seed: 7)
      for index in 0..<60 {
        let scenario = campaign.scenario(UInt64(index))
        for violation in try port.violations(scenario) where violation.hazard == nil {
          #expect(violation.function == .archAddMemory, "\(scenario.id): \(violation.sentence)")
          #expect(
            [.addUnmapped, .outsideChanged, .walkedOutside].contains(violation.rule),
            "\(scenario.id): \(violation.rule.rawValue), \(violation.sentence)")
        }
      }
    }
  }
}
