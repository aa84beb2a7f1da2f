// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@Suite("Failures of earlier runs", .timeLimit(.minutes(30)))
struct FailureMemoryTests {
  private struct Report: Decodable {
    struct Difference: Decodable {
      var scenario: Scenario
      var madeFrom: String?
      var isMinimal: Bool
      var replay: String
    }
    struct Scenario: Decodable {
      struct Table: Decodable {
        var entries: [Entry]?
      }
      struct Entry: Decodable {}
      var id: String
      var tables: [Table]
      var operations: [Operation]
    }
    struct Operation: Decodable {}
    var verdict: String
    var cases: Int
    var remembered: Int
    var differences: [Difference]
  }

  private let folder: PrivateFolder
  private let subject: String

  /// A subject without fix 2, and a state folder of the test's own.
  init() throws {
    folder = try PrivateFolder()
    let edit = try VariantFiles.read(.wrong, name: "01-pud-indexed-when-folded")
    subject = try folder.write("init.c", try edit.applied(to: VariantFiles.reference()))
  }

  private var state: String { folder.file("state") }

  private func check(_ subject: String, _ arguments: [String] = []) async throws -> Report {
    let outcome = try await Program.run(
      ["check", subject, "--mode", "sv39", "--depth", "smoke", "--json", "-", "--quiet"]
        + arguments,
      environment: ["MHPCHECK_STATE": state])
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
  }

  private func files() -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(state)/failures")) ?? []).sorted()
  }

  @Test("are kept as small cases, can be replayed by name, and are tried first next time")
  func kept() async throws {
    let first = try await check(subject)
    #expect(first.remembered == 0)
    let difference = try #require(first.differences.first)
    #expect(difference.isMinimal)
    #expect(difference.madeFrom != nil)
    // One call on an empty root is all that a walk beyond the root needs.
    #expect(difference.scenario.operations.count == 1)
    #expect(difference.scenario.tables.count == 1)
    #expect(difference.scenario.tables.allSatisfy { ($0.entries ?? []).isEmpty })
    #expect(!files().isEmpty)

    let replayed = try await Program.run(
      ["replay", difference.scenario.id, subject], environment: ["MHPCHECK_STATE": state])
    #expect(replayed.status == 1, "\(replayed)")
    let file = try #require(files().first)
    let fromFile = try await Program.run(["replay", "\(state)/failures/\(file)", subject])
    #expect(fromFile.status == 1, "\(fromFile)")

    // The same failure met again, now among those that are tried first.
    let again = try #require(try await check(subject).differences.first).replay
    let words = again.split(separator: " ").dropFirst().map(String.init)
    let asTold = try await Program.run(words, environment: ["MHPCHECK_STATE": state])
    #expect(asTold.status == 1, "\(again): \(asTold)")

    let second = try await check("builtin")
    #expect(second.verdict == "conforms")
    #expect(second.remembered == files().count)
    let without = try await check("builtin", ["--forget"])
    #expect(without.remembered == 0)
    #expect(second.cases == without.cases + files().count)
  }

  @Test("are neither read nor written with --forget") func forget() async throws {
    let report = try await check(subject, ["--forget"])
    #expect(report.verdict == "differs" || report.verdict == "missing-fixes")
    #expect(files().isEmpty)
    let replay = try #require(report.differences.first).replay
    #expect(!replay.contains("failure/"), "\(replay)")
  }

  @Test("that are no scenarios are passed over") func garbage() async throws {
    try folder.write("state/failures/a.json", "{\"schema\":")
    try folder.write("state/failures/b.json", "")
    try folder.write("state/failures/c.txt", "x")
    let report = try await check("builtin")
    #expect(report.verdict == "conforms")
    #expect(report.remembered == 0)
  }

  @Test("cannot be kept where the folder cannot be written, which is no error") func readOnly()
    async throws
  {
    let outcome = try await Program.run(
      ["check", subject, "--mode", "sv39", "--depth", "smoke", "--quiet"],
      environment: ["MHPCHECK_STATE": "/dev/null/none"])
    #expect(outcome.status == 1, "\(outcome)")
    #expect(outcome.errors.isEmpty)
  }
}
