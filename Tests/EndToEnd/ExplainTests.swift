// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Engine
@testable import Oracle
@testable import Reports

/// Checks the output of `mhpcheck explain`, and runs the commands that it names.
@Suite("mhpcheck explain")
struct ExplainTests {
  /// Runs a command line of an explanation, with `more` appended, as a shell in a checkout would.
  private static func run(_ line: String, _ more: String = "") async throws -> Program.Outcome {
    let scratch = try PrivateFolder()
    let program = try VariantProgram.path()
    let links: [(String, String)] = [
      ("bin/mhpcheck", program),
      ("checkout/patches", Repository.root.appending(path: "patches").path),
      ("checkout/CKernelShim", Repository.root.appending(path: "CKernelShim").path),
    ]
    for (name, target) in links {
      _ = try scratch.folder(String(name.prefix { $0 != "/" }))
      try FileManager.default.createSymbolicLink(
        atPath: scratch.file(name), withDestinationPath: target)
    }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return try await ProgramThrottle.shared.hold {
      try await Program.start(
        "sh", ["-c", "\(line) \(more)"], environment: ["PATH": "\(scratch.file("bin")):\(path)"],
        folder: scratch.file("checkout"))
    }
  }

  private static func report(_ outcome: Program.Outcome) throws -> [String: JSON] {
    try #require(
      JSONDecoder().decode(JSON.self, from: Data(outcome.output.utf8)).object,
      "\(outcome.testDescription)")
  }

  @Test("lists all kinds without an id, and the ids of fixes, hazards, rules and functions")
  func list() async throws {
    let outcome = try await Program.run(["explain"])
    #expect(outcome.status == 0)
    let lines = outcome.output.split(separator: "\n")
    for kind in Explanation.Kind.allCases {
      #expect(lines.contains { $0.hasPrefix(kind.plural + "  ") }, "\(kind)")
    }
    let words = Set(outcome.output.split { " \n".contains($0) }.map(String.init))
    let kinds: [Explanation.Kind] = [.fix, .commit, .hazard, .rule, .equivalence, .function]
    for kind in kinds { #expect(words.isSuperset(of: Explanations.ids(kind))) }
  }

  @Test("answers an unknown id in one line with the nearest ids, whatever it contains")
  func unknown() async throws {
    try await Program.run(["explain", "free_pte_tabel"]).isOneLine(
      status: 2, mentions: ["free_pte_table", "mhpcheck explain"])
    let line = try await Program.run(["explain", "H1\u{1b}[31m\nmhpcheck: fine"])
      .isOneLine(status: 2, mentions: ["\\u{1B}"])
    #expect(!line.utf8.contains(0x1b))
    try await Program.run(["explain", "universe/none/0-0-0"]).isOneLine(status: 2)
    try await Program.run(["explain", String(repeating: "x", count: 100_000)])
      .isOneLine(status: 2)
  }

  @Test("explains cases of universes and random cases like those of the catalogue")
  func madeCases() async throws {
    for name in ["universe/sv39/linear/spine/0-0-0", "random/sv39/1-3"] {
      let outcome = try await Program.run(["explain", name])
      #expect(outcome.status == 0, "\(outcome.testDescription)")
      #expect(outcome.words.contains("mhpcheck replay \(name)"))
    }
  }

  @Test("The command of each rule breaks that rule", arguments: OracleRule.allCases)
  func rules(_ rule: OracleRule) async throws {
    let command = try #require(Explanations.find(rule.rawValue)?.commands.first)
    if command.line.hasPrefix("mhpcheck replay") {
      let outcome = try await Self.run(command.line)
      #expect(outcome.status == 0, "\(outcome.testDescription)")
      #expect(outcome.output.contains(rule.rawValue), "\(outcome.testDescription)")
      return
    }
    let outcome = try await Self.run(
      command.line, "--forget --no-shrink --no-coverage --jobs 1 --json -")
    #expect(outcome.status == 1, "\(outcome.testDescription)")
    let differences = try #require(try Self.report(outcome)["differences"]?.array)
    let broken = differences.flatMap { $0.object?["rulesOfCases"]?.array ?? [] }.compactMap(
      \.string)
    #expect(broken.contains(rule.rawValue), "\(Set(broken))")
  }

  @Test(
    "The command of each equivalence needs that equivalence",
    arguments: EquivalenceRule.allCases)
  func equivalences(_ rule: EquivalenceRule) async throws {
    let command = try #require(Explanations.find(rule.rawValue)?.commands.first)
    let outcome = try await Self.run(
      command.line, "--forget --no-shrink --no-coverage --jobs 1 --verbose")
    #expect(outcome.status == 0, "\(outcome.testDescription)")
    #expect(outcome.output.contains(" \(rule.rawValue): "), "\(outcome.testDescription)")
  }

  @Test("The first command of each fix, hazard and function runs")
  func first() async throws {
    let kinds: [(Explanation.Kind, Int)] = [(.fix, 1), (.hazard, 0), (.function, 0)]
    for (kind, status) in kinds {
      for id in Explanations.ids(kind) {
        let command = try #require(Explanations.find(id)?.commands.first)
        let outcome = try await Self.run(command.line)
        #expect(outcome.status == status, "\(command.line): \(outcome.testDescription)")
        if kind == .hazard, id != "unlisted" {
          #expect(outcome.words.contains("hazard \(id) "), "\(outcome.testDescription)")
        }
      }
    }
  }

  @Test("The commands for a commit, a universe and a case run")
  func others() async throws {
    let ids: [String] = ["c75a74f4ba19", "sv39/linear/spine", "vmemmap-free/a-section@sv48"]
    for id in ids {
      for command in try #require(Explanations.find(id)).commands where command.need != .package {
        let outcome = try await Self.run(command.line)
        #expect(outcome.status == 0, "\(command.line): \(outcome.testDescription)")
      }
    }
  }
}
