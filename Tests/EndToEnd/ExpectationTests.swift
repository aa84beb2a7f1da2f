// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@Suite("Expectations", .timeLimit(.minutes(30)))
struct ExpectationTests {
  private func check(
    _ folder: PrivateFolder, _ subject: String, _ more: [String] = []
  ) async throws -> Program.Outcome {
    try await Program.run(
      [
        "check", subject, "--depth", "smoke", "--mode", "sv39", "--quiet", "--expect", "known.yaml",
      ] + more,
      folder: folder.path)
  }

  @Test("are written, hold, and fail on new findings and on missing ones")
  func lifeOfAFile() async throws {
    let folder = try PrivateFolder()
    let latest = try VariantFiles.reference()
    _ = try folder.write("latest.c", latest)
    let destructor = /if \(!is_vmemmap\)\s+(pagetable_pmd_dtor\()/
    try #require(latest.matches(of: destructor).count == 1)
    _ = try folder.write("lacking.c", latest.replacing(destructor) { "\($0.output.1)" })
    let wrong = try VariantFiles.read(.wrong, name: "06-pmd-hole-ends-walk").applied(to: latest)
    _ = try folder.write("wrong.c", wrong)

    var run = try await check(folder, "lacking.c")
    #expect(run.status == 2 && run.errors.contains("--update-expectations writes it"), "\(run)")
    run = try await check(folder, "lacking.c", ["--update-expectations"])
    #expect(run.status == 0, "\(run)")
    // The difference is known: the verdict stays, and the status says that nothing is new.
    run = try await check(folder, "lacking.c")
    #expect(run.status == 0 && run.output.contains("missing-fixes: "), "\(run)")
    #expect(run.words.contains("as expected: "), "\(run)")

    run = try await check(folder, "latest.c")
    #expect(run.status == 1, "\(run)")
    #expect(
      run.words.contains("missing: 21f1b85c8912 no longer occurs; remove this line"), "\(run)")
    run = try await check(folder, "wrong.c", ["--json", "-"])
    #expect(run.status == 1, "\(run)")
    let report = try JSONDecoder().decode(JSON.self, from: Data(run.output.utf8))
    let expectations = report.object?["expectations"]?.object
    #expect(expectations?["isMet"] == .bool(false))
    let unexpected = expectations?["unexpected"]?.array?.compactMap(\.string) ?? []
    #expect(unexpected.contains { $0.hasPrefix("remove_pmd_mapping differs on sv39") })
  }
}
