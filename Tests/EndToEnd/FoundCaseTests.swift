// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Cases

@Suite("The cases that a report shows, as they were found", .timeLimit(.minutes(10)))
struct FoundCaseTests {
  private struct Report: Decodable {
    struct Difference: Decodable {
      var id: String
      var madeFrom: String?
      var isMinimal: Bool
      var replay: String
      var scenario: Scenario
    }
    var differences: [Difference]
  }

  private func differences(_ options: String...) async throws -> [Report.Difference] {
    let folder = try PrivateFolder()
    let slip = Slip("free_pte_table", "\tpmd_clear(pmd);\n", "")
    let subject = try folder.write("init.c", try slip.applied(to: VariantFiles.reference()))
    let outcome = try await Program.run(
      [
        "check", subject, "--depth", "smoke", "--quiet", "--no-coverage", "--jobs", "1", "--json",
        "-",
      ] + options)
    try #require(outcome.status == 1, "\(outcome)")
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8)).differences
  }

  @Test("are the catalogue's with --no-shrink, and smaller ones without")
  func found() async throws {
    let catalogue = Set(Catalogue.all())
    let found = try await differences("--no-shrink")
    #expect(!found.isEmpty)
    for difference in found {
      let name = "\(difference.scenario.id)@\(difference.scenario.mode)"
      #expect(difference.madeFrom == nil && !difference.isMinimal, "\(difference.id)")
      #expect(catalogue.contains(difference.scenario), "\(difference.id): \(name)")
      #expect(difference.replay.hasPrefix("mhpcheck replay \(name) "), "\(difference.id)")
    }
    let smaller = try await differences()
    #expect(smaller.count == found.count)
    #expect(smaller.contains { $0.madeFrom != nil && !catalogue.contains($0.scenario) })
  }
}
