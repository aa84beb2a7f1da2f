// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Oracle
@testable import Port

/// Applies the rules to upstream's latest text, which the port implements.
@Suite("The reference")
struct ReferenceTests {
  @Test(
    "breaks rules in the catalogue only by listed hazards, or if another entry is in the way",
    arguments: Architecture.riscv.modes.map(\.name))
  func catalogue(mode: String) throws {
    let port = HotplugPort(fixes: .latest)
    let mode = try #require(Architecture.riscv.mode(named: mode))
    for scenario in Catalogue.scenarios(mode: mode) {
      for violation in try port.violations(scenario) where violation.hazard == nil {
        #expect(
          isOverMemory(scenario.id) && inTheWay.contains(violation.rule),
          "\(scenario.id): \(violation.rule.rawValue), \(violation.sentence)")
      }
    }
  }

  /// The effects of a leaf, a word or a table in a slot that needs another kind of entry.
  private let inTheWay: Set<OracleRule> = [
    .addUnmapped, .memmapHole, .walkedOutside, .outsideChanged,
  ]

  private func isOverMemory(_ id: String) -> Bool {
    let parts = [
      "arch-add-memory/existing-", "hazard/unlisted-", "/page-through-", "/pages-through-",
      "/leaf-over-a-table", "create-linear-mapping-range/table-kept", "in-the-way",
      "lifecycle/add-twice", "vmemmap-check-pmd/table",
    ]
    if parts.contains(where: id.contains) { return true }
    let words = ["a-word", "an-absent-leaf", "an-accessed-bit"]
    let uppers = ["pgd", "p4d", "pud"].flatMap { ["\($0)-leaf", "\($0)-word"] }
    return ["vmemmap-populate", "vmemmap-populate-hugepages"].contains { function in
      (words + uppers).contains { id == "\(function)/\($0)" }
    }
  }

  @Test("breaks rules in random cases only by listed hazards, or if creation meets another entry")
  func random() throws {
    let port = HotplugPort(fixes: .latest)
    for mode in Architecture.riscv.modes {
      let campaign = RandomCampaign(mode: mode, seed: 7)
      for index in 0..<60 {
        let scenario = campaign.scenario(UInt64(index))
        for violation in try port.violations(scenario) where violation.hazard == nil {
          let creates =
            violation.function.createsLinearMap || violation.function.populates
            || violation.function == .vmemmapCheckPmd
          #expect(creates, "\(scenario.id): \(violation.sentence)")
          #expect(
            inTheWay.contains(violation.rule),
            "\(scenario.id): \(violation.rule.rawValue), \(violation.sentence)")
        }
      }
    }
  }
}
