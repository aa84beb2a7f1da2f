// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@Suite("The cache of the port's answers", .timeLimit(.minutes(20)))
struct KeptAnswerTests {
  /// A run's report without its times.
  private func report(
    _ subject: String, _ cache: String, _ more: String...
  ) async throws -> [String: JSON] {
    let outcome = try await Program.run(
      ["check", subject, "--mode", "sv39", "--no-shrink", "--no-coverage", "--json", "-"] + more,
      environment: ["MHPCHECK_CACHE": cache])
    let json = try JSONDecoder().decode(JSON.self, from: Data(outcome.output.utf8))
    var report = try #require(json.object)
    report["seconds"] = nil
    return report
  }

  /// The files of what was kept, below a cache.
  private func books(_ folder: PrivateFolder) -> [String] {
    folder.files(below: "cache").filter { $0.hasSuffix(".json") }.map { folder.file("cache/\($0)") }
  }

  @Test(
    "changes no report, whether it is correct or corrupted",
    arguments: [nil, "defects/06-pmd-hole-ends-walk.patch", "defects/undo-a0188cc13369.patch"])
  func sameReports(defect: String?) async throws {
    let folder = try PrivateFolder()
    let cache = try folder.folder("cache")
    var subject = "builtin"
    if let defect {
      let text = try DefectPatch.reference() + DefectPatch.file(defect)
      subject = try folder.write("series.patch", text)
    }
    let fresh = try await report(subject, cache, "--fresh")
    #expect(books(folder).isEmpty)
    let first = try await report(subject, cache)
    #expect(first == fresh)
    let kept = books(folder)
    #expect(!kept.isEmpty)
    #expect(try await report(subject, cache) == fresh)
    // Changes every number to one that no subject gives.
    for path in kept {
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let spoilt = text.replacing(/[0-9]{10,}/, with: "1234567890123456789")
      try #require(spoilt != text)
      try spoilt.write(toFile: path, atomically: true, encoding: .utf8)
    }
    #expect(try await report(subject, cache) == fresh)
  }

  @Test("is not used if its folder cannot be written") func readOnly() async throws {
    let folder = try PrivateFolder()
    let blocked = try folder.write("file", "")
    let outcome = try await Program.run(
      ["check", "builtin", "--mode", "sv39", "--depth", "smoke"],
      environment: ["MHPCHECK_CACHE": blocked])
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
  }
}
