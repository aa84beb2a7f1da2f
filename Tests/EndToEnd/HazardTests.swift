// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Engine
@testable import Oracle

/// Hazards of upstream's text, as reports show them.
@Suite("Hazards")
struct HazardTests {
  /// The parts of a report that these tests read.
  struct HazardReport: Decodable {
    struct Hazard: Decodable {
      var id: String
      var rule: String
      var modes: [String]
      var replay: String
    }
    struct Difference: Decodable { var function: String }
    struct Mend: Decodable { var id: String }
    var verdict: String
    var hazards: [Hazard]
    var differences: [Difference]
    var mends: [Mend]
  }

  private func report(_ subject: String, status: Int) async throws -> HazardReport {
    let outcome = try await Program.run([
      "check", subject, "--depth", "smoke", "--no-coverage", "--quiet", "--json", "-",
    ])
    try #require(outcome.status == status, "\(outcome.testDescription)")
    return try JSONDecoder().decode(HazardReport.self, from: Data(outcome.output.utf8))
  }

  private func expectReplays(_ report: HazardReport, _ ids: [String]) async throws {
    for id in ids {
      let hazard = try #require(report.hazards.first { $0.id == id }, "\(id) is not reported")
      let words = hazard.replay.split(separator: " ").dropFirst().map(String.init)
      let outcome = try await Program.run(words)
      #expect(outcome.status == 0, "\(outcome.testDescription)")
      #expect(
        outcome.words.contains("both sides break \(hazard.rule), hazard \(id)"),
        "\(outcome.testDescription)")
    }
  }

  @Test("of the reference do not affect its verdict, and each has a case that replays")
  func reference() async throws {
    let report = try await report("builtin", status: 0)
    #expect(report.verdict == "conforms")
    try await expectReplays(report, ["H1", "H2", "H3", "H4", "H6", "H7", "H8", "H10", "H11"])
    #expect(report.hazards.first { $0.id == "H4" }?.modes == ["sv39"])
  }

  @Test(
    "of a real kernel are reported, each with a case that replays on its own text",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() })
  func realKernel() async throws {
    let report = try await report("debian:\(KernelSource.withHotplug)", status: 0)
    #expect(report.verdict == "conforms")
    try await expectReplays(report, ["H1", "H2", "H3", "H4", "H8"])
  }

  @Test("that a subject mends are reported apart from its mistakes")
  func mended() async throws {
    let text = try VariantFiles.reference()
    let stored = "\t\tmax_pfn = PFN_UP(end);"
    let tested = "\t\tmax_pfn = max(max_pfn, PFN_UP(end));"
    let changed = text.replacing(stored, with: tested)
    try #require(changed != text)
    let folder = try PrivateFolder()
    let report = try await report(try folder.write("init.c", changed), status: 0)
    #expect(report.verdict == "conforms")
    #expect(report.differences.isEmpty)
    #expect(report.mends.map(\.id) == ["H3"])
    #expect(!report.hazards.contains { $0.id == "H3" })
  }

  @Test("are listed with their details, and so are the rules")
  func lists() async throws {
    let hazards = try await Program.run(["list", "hazards"])
    #expect(hazards.status == 0)
    for number in 1...10 { #expect(hazards.output.contains("H\(number) ")) }
    let rules = try await Program.run(["list", "rules"])
    #expect(rules.status == 0)
    #expect(rules.output.contains("max-pfn (error)\n  max_pfn covers"))
  }
}
