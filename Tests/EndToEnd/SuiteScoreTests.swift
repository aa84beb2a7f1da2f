// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Engine
@testable import Lab
@testable import Reports

/// Checks the figures that reports quote against the program. All mutants take minutes: without
/// MHPCHECK_MUTATE only a thirtieth of them runs.
@Suite("The score that reports quote", .timeLimit(.minutes(60)))
struct SuiteScoreTests {
  private static let isWhole = ProcessInfo.processInfo.environment["MHPCHECK_MUTATE"] != nil
  private static let score = SuiteScore.reference

  private static let shard = 26

  /// The run of a thirtieth of the mutants. MutateTests looks at it, too.
  static let share = Task {
    try await Program.run(["mutate", "builtin", "--json", "-", "--shard", "\(shard + 1)/30"])
  }

  private func read(_ outcome: Program.Outcome) throws -> MutationFile {
    let file = try MutationFile(outcome.output)
    #expect(file.survivors.map(\.id) == [], "\(outcome.errors)")
    #expect(file.complete && outcome.status == 0, "\(outcome.errors)")
    return file
  }

  @Test("belongs to the current reference, and a share of its mutants confirms it")
  func part() async throws {
    let file = try read(await Self.share.value)
    #expect(file.subject.sha256 == Self.score.sha256)
    // Every thirtieth from another start: the same number, or one less.
    let share = (Self.score.made - Self.shard + 29) / 30
    #expect(file.made == share, "the reference has other mutants now: run make mutate")
    #expect(file.total > 0)
  }

  @Test("is the result of all mutants", .enabled(if: isWhole))
  func whole() async throws {
    let file = try read(await Program.run(["mutate", "builtin", "--json", "-"]))
    #expect(file.stale.isEmpty)
    #expect(
      SuiteScore(
        sha256: file.subject.sha256, made: file.made, total: file.total, killed: file.killed,
        equivalent: file.equivalent.count) == Self.score)
  }

  @Test("is the one in docs/develop/mutation.md")
  func documented() throws {
    let file = Repository.root.appending(path: "docs/develop/mutation.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(
      text.contains(
        "| the reference | \(Self.score.made) | \(Self.score.total) | \(Self.score.killed) | "
          + "\(Self.score.equivalent) |"))
  }

  @Test(
    "is as good for a real kernel, and no argument about it is stale",
    .enabled(if: isWhole),
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() })
  func realKernel() async throws {
    let outcome = try await Program.run(["mutate", "debian:linux-source-6.12", "--json", "-"])
    let file = try MutationFile(outcome.output)
    #expect(file.survivors.map(\.id) == [])
    #expect(file.stale.map(\.id) == [])
    #expect(file.complete && file.total >= 400, "\(outcome.errors)")
  }
}
