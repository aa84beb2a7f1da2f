// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// Gives the program each patch of `patches/defects` on top of the reference, as a series.
@Suite("The patches of this repository")
struct DefectPatchTests {
  /// A series of the reference and some defects, as bytes of standard input.
  private func series(_ defects: [String]) throws -> [UInt8] {
    Array(([try DefectPatch.reference()] + defects).joined().utf8)
  }

  private func check(_ defects: [String], status: Int) async throws -> CheckReport {
    try await CheckReport.of(
      "-", ["--quiet", "--jobs", "1", "--no-coverage"], input: try series(defects), status: status)
  }

  @Test("make up a reference that conforms as a series") func reference() async throws {
    let report = try await check([], status: 0)
    #expect(report.verdict == "conforms")
    #expect(report.functions("identical") == archNames)
  }

  @Test(
    "that have a defect are detected in their functions and modes, and in no others",
    .timeLimit(.minutes(20)), arguments: DefectPatch.all())
  func defect(patch: DefectPatch) async throws {
    // Standard input is the same for all: the two tests around this one have it.
    let folder = try PrivateFolder()
    let report: CheckReport = try await VariantProgram.reportHere(
      on: folder.write("series.patch", series([patch.text])))
    #expect(report.verdict == (patch.missingFix == nil ? "differs" : "missing-fixes"))
    #expect(report.missingFixes == (patch.missingFix.map { [$0] } ?? []))
    #expect(report.functions("differs").isSuperset(of: patch.functions))
    #expect(Set(report.differences.map(\.mode)) == Set(patch.modes))
    let own = report.differences.filter { patch.functions.contains($0.function) }
    #expect(Set(own.map(\.function)) == Set(patch.functions))
    #expect(Set(own.map(\.mode)) == Set(patch.modes))
    let rules = Set(own.flatMap(\.rulesOfCases))
    #expect(patch.rule.map(rules.contains) ?? rules.isEmpty, "rules broken: \(rules.sorted())")
  }

  @Test("undo both fixes in either order") func both() async throws {
    let fixes = ["21f1b85c8912", "a0188cc13369"]
    for order in [fixes, fixes.reversed()] {
      let report = try await check(
        try order.map { try DefectPatch.file("defects/undo-\($0).patch") }, status: 1)
      #expect(report.missingFixes == fixes, "\(order)")
    }
  }

  @Test("state in their headers what a check must find") func headers() throws {
    for name in DefectPatch.names() {
      let patch = try DefectPatch.read(name)
      let number = (patch.number < 10 ? "0" : "") + "\(patch.number)-"
      #expect(patch.missingFix.map { name == "undo-\($0)" } ?? name.hasPrefix(number))
    }
  }

  @Test("include one for each class of defects that concerns the surface") func classes() {
    #expect(DefectPatch.all().map(\.number).sorted() == DefectPatch.classes)
    #expect(Set(DefectPatch.classes) == EditFile.knownClasses)
  }

  /// The cells of the rows of `docs/develop/defects.md` that begin with a class number.
  private func rows() throws -> [[String]] {
    let file = Repository.root.appending(path: "docs/develop/defects.md")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
      return Int(cells[0].prefix { $0.isNumber }) == nil || !line.hasPrefix("| ") ? nil : cells
    }
  }

  @Test("appear in docs/develop/defects.md as their headers describe them") func table() throws {
    let listed = try rows().filter { $0.count == 5 }
    let patches = DefectPatch.all().sorted { $0.number < $1.number }
    #expect(
      listed.map { Array($0[1...]) }
        == patches.map {
          let place =
            "\($0.functions.joined(separator: ", ")) (\($0.modes.joined(separator: ", ")))"
          return [$0.name, place, $0.rule ?? "none", $0.instance]
        })
    #expect(
      listed.map { $0[0].prefix { $0.isNumber } } == patches.map { "\($0.number)"[...] })
  }

  @Test("leave no class out without a reason") func everyClass() throws {
    let numbers = try rows().compactMap { Int($0[0].prefix { $0.isNumber }) }
    #expect(numbers.sorted() == Array(1...52))
  }

  @Test(
    "are refused if a header is malformed",
    arguments: [
      ("Defect-Class: 6\n", "", "no Defect-Class"),
      ("Defect-Class: 6", "Defect-Class: 37", "Defect-Class is no class that concerns the surface"),
      ("Defect-Class: 6", "Defect-Kind: 6", "\"Defect-Kind: 6\" is no header line"),
      ("Defect-Rule: ", "Defect-Class: 7\nDefect-Rule: ", "Defect-Class stands there twice"),
      ("remove_pmd_mapping\n", "pmd_clear\n", "Defect-Function is not what it should be"),
      ("sv39 sv48", "sv39 sv32", "Defect-Modes is not what it should be"),
      ("sv39 sv48", "sv39 sv39", "Defect-Modes is not what it should be"),
      ("translation-remains", "translations-remain", "Defect-Rule is no rule of the oracle"),
      ("translation-remains", "core-call max-pfn", "Defect-Rule is no rule of the oracle"),
      ("\n---\n", "\n", "no message before a patch"),
    ])
  func malformed(part: String, replacement: String, complaint: String) throws {
    let name = "06-pmd-hole-ends-walk"
    let good = try DefectPatch.read(name)
    try #require(good.text.contains(part))
    let text = good.text.replacing(part, with: replacement, maxReplacements: 1)
    #expect(throws: DefectPatch.HeaderError(patch: name, complaint: complaint)) {
      try DefectPatch(name: name, text: text)
    }
  }
}
