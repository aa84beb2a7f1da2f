// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// The wire form "mhpcheck.report/1", key by key.
@Suite("The report as JSON")
struct JSONReportTests {
  /// The report that several tests read.
  private static let printed = Task { try await report() }

  /// The report on a text that lacks 21f1b85c8912 and, for the equivalences, has the spelling of another era:
  /// no list in it is empty.
  private static func report(_ file: String? = nil) async throws -> (
    outcome: Program.Outcome, json: [String: JSON]
  ) {
    let text = try VariantFiles.reference()
    let guarded = "\tif (!is_vmemmap)\n\t\tpagetable_pmd_dtor("
    try #require(text.ranges(of: guarded).count == 1)
    let scratch = try PrivateFolder()
    let subject = try scratch.write(
      "init.c", text.replacing(guarded, with: "\tpagetable_dtor("))
    let target = file.map(scratch.file) ?? "-"
    let outcome = try await Program.run(
      [
        "check", subject, "--json", target, "--seed", "7", "--mode", "sv48", "--mode", "sv39",
        "--depth", "smoke",
      ])
    let bytes =
      file == nil ? Data(outcome.output.utf8) : try Data(contentsOf: URL(filePath: target))
    let json = try JSONDecoder().decode(JSON.self, from: bytes)
    return (outcome, try #require(json.object))
  }

  @Test("--json - writes a single object in which every key has its type")
  func keys() async throws {
    let (outcome, report) = try await Self.printed.value
    #expect(outcome.status == 1)
    #expect(outcome.errors.isEmpty)
    #expect(JSON.reportKeys.isSubset(of: report.keys), "\(report.keys.sorted())")
    #expect(report["schema"] == .string("mhpcheck.report/1"))
    #expect(report["tool"]?.string?.isEmpty == false)
    #expect(report["against"] == .string("latest"))
    #expect(report["verdict"] == .string("missing-fixes"))
    #expect(report["missingFixes"] == .array([.string("21f1b85c8912")]))
    #expect(report["modes"] == .array([.string("sv39"), .string("sv48")]))
    #expect(report["seed"] == .number(7))
    #expect((report["cases"]?.number ?? 0) > 0)
    #expect((report["seconds"]?.number ?? -1) >= 0)
    #expect(report["hazards"]?.array != nil)
    let subject = try #require(report["subject"]?.object)
    #expect(subject["kind"] == .string("file"))
    #expect(subject["origin"]?.string?.hasSuffix("/init.c") == true)
    #expect(subject["sha256"]?.string?.wholeMatch(of: /[0-9a-f]{64}/) != nil)
  }

  @Test("Each function has its name, a known status and its counts")
  func functions() async throws {
    let report = try await Self.printed.value.json
    let functions = try #require(report["functions"]?.array).compactMap(\.object)
    #expect(Set(functions.compactMap { $0["name"]?.string }) == surfaceNames)
    for function in functions {
      let name = function["name"]?.string ?? "?"
      let status = try #require(function["status"]?.string)
      #expect(["identical", "equivalent", "differs", "absent"].contains(status), "\(name)")
      let cases = try #require(function["cases"]?.number, "\(name)")
      let differences = try #require(function["differences"]?.number, "\(name)")
      #expect(differences <= cases && (differences > 0) == (status == "differs"), "\(name)")
    }
  }

  @Test("Each difference has its kind and place, the scenario and both observations")
  func differences() async throws {
    let report = try await Self.printed.value.json
    let differences = try #require(report["differences"]?.array).compactMap(\.object)
    #expect(!differences.isEmpty)
    #expect(Set(differences.compactMap { $0["id"]?.string }).count == differences.count)
    for difference in differences {
      let id = try #require(difference["id"]?.string)
      #expect(surfaceNames.contains(difference["function"]?.string ?? ""), "\(id)")
      #expect(["sv39", "sv48"].contains(difference["mode"]?.string), "\(id)")
      #expect(difference["what"]?.string?.isEmpty == false, "\(id)")
      let scenario = try #require(difference["scenario"]?.object, "\(id)")
      #expect(scenario["schema"] == .string("mhpcheck.scenario/1"), "\(id)")
      let called = scenario["operations"]?.array?.map { $0.object?["function"]?.string }
      // On Sv39 no walk frees a PMD table, because the root points to it; a direct call does.
      if difference["mode"] == .string("sv39") { #expect(called == ["free_pmd_table"], "\(id)") }
      let observations = try #require(difference["observations"]?.object, "\(id)")
      for side in ["subject", "reference"] {
        #expect(observations[side]?.object?["trace"]?.array?.isEmpty == false, "\(id) \(side)")
      }
    }
    let rules = report["equivalences"]?.array?.compactMap { $0.object?["id"]?.string }
    #expect(rules == ["table-constructor-names"])
  }

  @Test("--json FILE writes the same object, and the text goes to standard output")
  func file() async throws {
    let (outcome, report) = try await Self.report("report.json")
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("missing-fixes"))
    #expect(JSON.reportKeys.isSubset(of: report.keys))
  }

  @Test("A file that cannot be written gives one line and exit status 4, never a verdict")
  func unwritable() async throws {
    let scratch = try PrivateFolder()
    let path = scratch.file("no-such-folder/report.json")
    try await Program.run([
      "check", "builtin", "--mode", "sv39", "--depth", "smoke", "--json", path,
    ]).isOneLine(
      status: 4, mentions: [path, "cannot be written"])
  }

  @Test("Two equal runs give the same report, except for the seconds")
  func repeatable() async throws {
    var reports: [[String: JSON]] = []
    for jobs in ["1", "3"] {
      let outcome = try await Program.run(
        [
          "check", "builtin", "--json", "-", "--mode", "sv39", "--depth", "smoke", "--jobs", jobs,
        ])
      let json = try JSONDecoder().decode(JSON.self, from: Data(outcome.output.utf8))
      var report = try #require(json.object)
      report["seconds"] = nil
      reports.append(report)
    }
    #expect(reports[0] == reports[1])
  }
}
