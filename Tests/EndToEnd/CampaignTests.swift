// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port

@Suite("A campaign", .timeLimit(.minutes(30)))
struct CampaignTests {
  private struct Report: Decodable {
    struct Universe: Decodable {
      var name: String
      var size: UInt64
      var cases: UInt64
      var differing: UInt64
    }
    struct Random: Decodable, Equatable {
      var drawn: Int
      var cases: Int
      var differing: Int
      var seed: UInt64
      var left: [String]
    }
    struct Difference: Decodable {
      struct Scenario: Decodable, Equatable {
        var id: String
      }
      var kind: String
      var mode: String
      var cases: Int
      var scenario: Scenario
    }
    var verdict: String
    var cases: UInt64
    var universes: [Universe]
    var leftOfUniverses: [String]
    var leftOfCatalogue: [String]?
    var random: Random?
    var differences: [Difference]
  }

  private func check(_ subject: String, _ arguments: String...) async throws -> Report {
    let outcome = try await Program.run(
      ["check", subject, "--quiet", "--no-coverage", "--json", "-"] + arguments)
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
  }

  @Test(
    "of standard depth runs all cases that the formulas of the universes give, over a million")
  func universes() async throws {
    let listed = try await Program.run(["list", "universes"]).output
    // An entry is "NAME  COUNT cases"; the next line is its definition.
    let sizes = Dictionary(
      uniqueKeysWithValues: listed.split(separator: "\n").filter { !$0.hasPrefix(" ") }.map {
        line in
        let words = line.split(separator: " ")
        return (String(words[0]), UInt64(words[1]) ?? 0)
      })
    let report = try await check("builtin", "--only", "universes")
    #expect(report.verdict == "conforms")
    for universe in report.universes {
      #expect(universe.cases == sizes[universe.name], "\(universe.name)")
      #expect(universe.size == universe.cases && universe.differing == 0, "\(universe.name)")
    }
    #expect(report.cases == report.universes.reduce(0) { $0 + $1.cases })
    #expect(report.cases > 1_000_000)
    let modes = Set(report.universes.compactMap { $0.name.split(separator: "/").first })
    #expect(modes == ["sv39", "sv48", "sv57"])
  }

  @Test("draws the same cases for the same seed, whatever the number of workers") func seeds()
    async throws
  {
    let folder = try PrivateFolder()
    let edit = try VariantFiles.read(.wrong, name: "06-pmd-hole-ends-walk")
    let subject = try folder.write("init.c", try edit.applied(to: VariantFiles.reference()))
    // The shrinker has a time limit; what is compared are the cases as they were drawn.
    func check(_ jobs: String, seed: String) async throws -> Report {
      try await self.check(
        subject, "--only", "random", "--no-shrink", "--jobs", jobs, "--seed", seed)
    }
    let one = try await check("1", seed: "7")
    let four = try await check("4", seed: "7")
    let other = try await check("2", seed: "8")
    // A lone file has no generic code: the campaign leaves out cases that call it by name.
    let callable = Architecture.riscv.modes.reduce(0) { count, mode in
      count
        + (0..<1000).count {
          !RandomCampaign(mode: mode, seed: 7).scenario($0).functionsCalled
            .contains(where: \.isOfGenericCode)
        }
    }
    #expect(callable > 2900)
    #expect(one.random?.drawn == callable && one.random?.cases == callable)
    #expect(one.random == four.random)
    #expect(one.differences.map(\.scenario) == four.differences.map(\.scenario))
    #expect(one.differences.map(\.kind) == four.differences.map(\.kind))
    #expect(!one.differences.isEmpty)
    #expect(one.differences.allSatisfy { $0.scenario.id.hasPrefix("random/") })
    #expect(other.differences.map(\.scenario) != one.differences.map(\.scenario))
  }

  @Test(
    "skips the same random cases of a function that ends its worker, with any number of workers")
  func left() async throws {
    let folder = try PrivateFolder()
    let edit = try VariantFiles.read(.hostile, name: "process-exit")
    let subject = try folder.write("init.c", try edit.applied(to: VariantFiles.reference()))
    let one = try await check(subject, "--only", "random", "--no-shrink", "--jobs", "1")
    let four = try await check(subject, "--only", "random", "--no-shrink", "--jobs", "4")
    #expect(one.random == four.random)
    let random = try #require(one.random)
    #expect(random.left == ["arch_remove_memory"])
    #expect(random.drawn > 2900)
    #expect(random.differing > 0 && random.differing < random.cases && random.cases < random.drawn)
  }

  @Test(
    "skips the same catalogue cases of a hanging function and its callers, with any number of jobs")
  func leftOfCatalogue() async throws {
    let folder = try PrivateFolder()
    let loop = "\t\tnext = pmd_addr_end(addr, end);\n"
    let text = try VariantFiles.reference()
    let parts = text.components(separatedBy: "static void __meminit remove_pmd_mapping(")
    try #require(parts.count == 2 && parts[1].contains(loop))
    let end = try #require(parts[1].range(of: loop))
    let subject = try folder.write(
      "init.c",
      parts[0] + "static void __meminit remove_pmd_mapping("
        + parts[1].replacingCharacters(in: end, with: "\t\tnext = addr;\n"))
    let one = try await check(subject, "--jobs", "1", "--no-shrink")
    let four = try await check(subject, "--jobs", "4", "--no-shrink")
    let callers = [
      "remove_pmd_mapping", "remove_pud_mapping", "remove_p4d_mapping", "remove_pgd_mapping",
      "remove_linear_mapping", "arch_add_memory", "arch_remove_memory", "vmemmap_free",
    ]
    for report in [one, four] {
      #expect(report.verdict == "differs")
      #expect(report.leftOfCatalogue == callers)
      #expect(report.leftOfUniverses == callers)
      #expect(report.random?.left == callers)
    }
    #expect(one.random == four.random)
    #expect(one.differences.map(\.cases) == four.differences.map(\.cases))
  }

  @Test("reaches a verdict even if a case without calls shows damage from an earlier case")
  func leftBehind() async throws {
    let folder = try PrivateFolder()
    let edit = try VariantFiles.read(.hostile, name: "table-overrun")
    let subject = try folder.write("init.c", try edit.applied(to: VariantFiles.reference()))
    #expect(try await check(subject, "--mode", "sv39").verdict == "differs")
  }

  @Test(
    "detects the fixes that its cases show, and names those that they cannot show",
    arguments: [
      ("universes", "sv48", nil), ("random", "sv48", nil),
      // No level of Sv57 is folded.
      ("universes", "sv57", "a0188cc13369"), ("random", "sv57", "a0188cc13369"),
    ])
  func fixes(means: String, mode: String, unseen: String?) async throws {
    let run = try await Program.run([
      "check", "builtin", "--only", means, "--mode", mode, "--quiet",
    ])
    #expect(run.status == 0, "\(run)")
    let remark = unseen.map { "these cases do not show whether it has \($0)" }
    #expect(run.words.contains("do not show") == (remark != nil), "\(run)")
    #expect(run.output.contains(remark ?? "conforms"), "\(run)")
  }

  @Test("replays its random cases by name") func replay() async throws {
    let shown = try await Program.run(["list", "--show", "random/sv48/7-12"])
    #expect(shown.status == 0, "\(shown)")
    let replayed = try await Program.run(["replay", "random/sv48/7-12", "builtin"])
    #expect(replayed.status == 0, "\(replayed)")
    for name in ["random/sv48/7", "random/sv40/7-1", "random/sv48/7-99999999999999999999999"] {
      try await Program.run(["replay", name, "builtin"]).isOneLine(status: 2, mentions: [name])
    }
  }
}
