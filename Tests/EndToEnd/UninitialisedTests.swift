// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// A variable that nothing sets has a pattern in the judged object, and 0 in most kernels.
@Suite("A variable that nothing sets")
struct UninitialisedTests {
  private struct Report: Decodable {
    struct Cause: Decodable {
      var function: String
    }

    var verdict: String
    var warnings: [String]
    var causes: [Cause]
  }

  private static func text(_ declared: String, _ decided: String) throws -> String {
    let reference = try VariantFiles.reference()
    let edited = reference.replacing("\tint err;\n", with: "\tint err;\n\t\(declared)\n")
      .replacing("\tif (err) {\n", with: decided)
    try #require(edited.contains(declared) && edited.contains(decided))
    return edited
  }

  private func check(
    _ text: String, _ options: [String]
  ) async throws -> (outcome: Program.Outcome, report: Report, file: String, folder: PrivateFolder)
  {
    let folder = try PrivateFolder()
    let json = folder.path + "/report.json"
    let file = try folder.write("init.c", text)
    let outcome = try await Program.run(
      [
        "check", file, "--mode", "sv48", "--no-coverage", "--no-shrink", "--jobs", "1", "--json",
        json,
      ] + options)
    let report = try JSONDecoder().decode(
      Report.self, from: Data(contentsOf: URL(filePath: json)))
    return (outcome, report, file, folder)
  }

  @Test(
    "differs if the function is right with the pattern alone",
    arguments: [["--depth", "smoke"], ["--only", "catalogue"]])
  func zeroes(options: [String]) async throws {
    let text = try Self.text("int ok;", "\tif (err)\n\t\tok = 0;\n\tif (!ok) {\n")
    let found = try await check(text, options)
    #expect(found.outcome.status == 1, "\(found.outcome)")
    #expect(found.report.causes.map(\.function) == ["arch_add_memory"])
    #expect(found.report.warnings.contains { $0.contains("read before it is set") })
    let replayed = try await Program.run(["replay", "arch-add-memory/2m@sv48", found.file])
    #expect(replayed.status == 1, "\(replayed)")
  }

  @Test("differs if the function is right with zeroes alone")
  func pattern() async throws {
    let text = try Self.text("int bad;", "\tif (err)\n\t\tbad = 1;\n\tif (bad) {\n")
    let found = try await check(text, ["--depth", "smoke"])
    #expect(found.outcome.status == 1, "\(found.outcome)")
    #expect(found.report.causes.map(\.function) == ["arch_add_memory"])
  }

  @Test("conforms if it decides nothing, whatever the compiler warns of")
  func harmless() async throws {
    let text = try Self.text("int ok;", "\tif (err)\n\t\tok = 0;\n\tif (err && !ok) {\n")
    let found = try await check(text, ["--depth", "smoke"])
    #expect(found.outcome.status == 0, "\(found.outcome)")
    #expect(!found.report.warnings.contains { $0.contains("read before it is set") })
  }
}
