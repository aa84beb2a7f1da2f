// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// Uses the classes of pydantic-sarif (PyPI) as the witness: they were generated from the standard's own
/// schema and refuse everything that it does not define.
@Suite("The SARIF report")
struct SARIFTests {
  private static let script = """
    import json, sys
    from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log
    for path in sys.argv[1:]:
        document = json.load(open(path, encoding="utf-8"))
        Log.model_validate(document)
        # What the schema does not say.
        assert document["version"] == "2.1.0" and len(document["runs"]) == 1
        run = document["runs"][0]
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        assert len(set(rules)) == len(rules)
        levels = {"error": 0, "warning": 0, "note": 0}
        prints = []
        for result in run["results"]:
            assert rules[result["ruleIndex"]] == result["ruleId"]
            levels[result["level"]] += 1
            prints += result["partialFingerprints"].values()
            assert len(result["locations"]) == 1
            for place in result["locations"] + result["relatedLocations"]:
                where = place.get("physicalLocation")
                assert where is None or where["region"]["startLine"] <= where["region"]["endLine"]
        assert len(set(prints)) == len(prints)
        assert {r["ruleId"] for r in run["results"]} == set(rules)
        call = run["invocations"][0]
        print(*levels.values(), call["executionSuccessful"], call["exitCode"],
              *sorted(rules), sep=" ")
        print(*sorted(prints), sep=" ")
    """

  /// Errors, warnings, notes; whether the run was complete; the exit status. Each slip shows in three modes;
  /// a hazard is one note for all modes.
  @Test(
    "is valid by its schema, and matches the outcome",
    arguments: [
      (.conforming, "0 0 5 True 0"), (.missingFixes, "2 0 5 True 1"),
      (.differing, "9 0 5 True 1"), (.hostile, "9 0 5 True 1"), (.incomplete, "9 0 5 False 4"),
      (.unbuildable, "0 0 0 False 3"), (.hostileUnbuildable, "0 0 0 False 3"),
      (.notRun, "0 0 0 False 4"),
    ] as [(SnapshotOutcome, String)])
  func valid(outcome: SnapshotOutcome, expected: String) async throws {
    let lines = try await ExternalReaders.lines(Self.script, of: outcome, as: .sarif)
    guard let lines else { return }
    let first = try #require(lines.first)
    #expect(first.hasPrefix(expected), "\(lines)")
    if outcome == .missingFixes {
      #expect(
        first.contains("missing-fix/21f1b85c8912") && first.contains("missing-fix/a0188cc13369"))
    }
  }

  @Test(
    "points into the user's own file, and identifies a finding across runs with different seeds")
  func real() async throws {
    let folder = try PrivateFolder()
    let patch = try SubjectWithoutFixes.patch()
    try folder.write("with a blank.patch", patch)
    for seed in ["7", "8"] {
      let outcome = try await Program.run(
        [
          "check", "with a blank.patch", "--depth", "smoke", "--mode", "sv48", "--no-coverage",
          "--seed", seed, "--sarif", "\(seed).sarif",
        ], folder: folder.path)
      #expect(outcome.status == 1, "\(outcome.testDescription)")
    }
    let text = try String(contentsOf: URL(filePath: folder.file("7.sarif")), encoding: .utf8)
    let start = try #require(
      patch.split(separator: "\n", omittingEmptySubsequences: false).firstIndex {
        $0.contains("free_pmd_table(") && $0.hasPrefix("+static")
      })
    #expect(text.contains("\"uri\" : \"with%20a%20blank.patch\""))
    #expect(text.contains("\"startLine\" : \(start + 1)"))
    let lines = try await ExternalReaders.lines(
      Self.script, [folder.file("7.sarif"), folder.file("8.sarif")])
    guard let lines else { return }
    try #require(lines.count == 4)
    #expect(lines[0].hasPrefix("2 0 ") && lines[0] == lines[2])
    #expect(lines[1] == lines[3])
  }
}

/// A subject that lacks both upstream fixes.
enum SubjectWithoutFixes {
  /// Commit c75a74f4ba19 in this repository's version.
  static var path: String {
    Repository.root
      .appending(path: "patches/0006-c75a74f4ba19-add-memory-hotplugging-support.patch").path
  }

  static func patch() throws -> String {
    try String(contentsOf: URL(filePath: path), encoding: .utf8)
  }
}
