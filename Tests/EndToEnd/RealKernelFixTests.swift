// SPDX-License-Identifier: GPL-2.0-only

import TestSupport
import Testing

/// A real kernel's text with upstream's fixes undone, and in the spelling of other kernels.
@Suite(
  "Real kernels, edited",
  .enabled("Debian's kernel sources are there") { await KernelSource.areThere() })
struct RealKernelFixTests {
  private static let destructorFix = "21f1b85c8912"
  private static let foldingFix = "a0188cc13369"

  private func report(
    _ text: KernelText, _ options: [String] = [], status: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> CheckReport {
    let scratch = try PrivateFolder()
    let file = try scratch.write("init.c", text.whole)
    return try await .of(
      file, options + ["--no-coverage"], status: status, sourceLocation: sourceLocation)
  }

  @Test("A text without 21f1b85c8912 lacks that fix and no other")
  func withoutDestructorFix() async throws {
    let report = try await report(KernelText.latest().lackingDestructorFix(), status: 1)
    #expect(report.verdict == "missing-fixes")
    #expect(report.missingFixes == [Self.destructorFix])
    // On Sv39 the root points to the PMD tables, and no walk frees them.
    #expect(Set(report.differences.map(\.mode)).isSuperset(of: ["sv48", "sv57"]))
    #expect(report.differences.allSatisfy { $0.explainedBy == [Self.destructorFix] })
  }

  @Test("A text without a0188cc13369 walks out of the root on Sv39 and Sv48, but not on Sv57")
  func withoutFoldingFix() async throws {
    let report = try await report(KernelText.latest().lackingFoldingFix(), status: 1)
    #expect(report.verdict == "missing-fixes")
    #expect(report.missingFixes == [Self.foldingFix])
    #expect(Set(report.differences.map(\.mode)) == ["sv39", "sv48"])
    for mode in ["sv39", "sv48"] {
      let kinds = report.differences.filter { $0.mode == mode }.map(\.kind)
      #expect(kinds.contains { $0.contains("overrun") }, "\(mode): \(kinds)")
    }
  }

  @Test("A text without both is the patch as merged, and the report names the oldest fix first")
  func asMerged() async throws {
    let report = try await report(KernelText.latest().asMerged(), status: 1)
    #expect(report.verdict == "missing-fixes")
    #expect(report.missingFixes == [Self.destructorFix, Self.foldingFix])
  }

  @Test("An older text conforms if it is compared with its own state")
  func againstOlderStates() async throws {
    let latest = try await KernelText.latest()
    let merged = try await report(
      latest.asMerged(), ["--against", "as-merged"], status: 0)
    #expect(merged.verdict == "conforms")
    let first = try await report(
      latest.lackingFoldingFix(), ["--against", Self.destructorFix], status: 0)
    #expect(first.verdict == "conforms")
  }

  @Test("On Sv57 alone, a text that lacks a0188cc13369 conforms: no level is folded there")
  func unfoldedMode() async throws {
    let report = try await report(
      KernelText.latest().lackingFoldingFix(), ["--mode", "sv57"], status: 0)
    #expect(report.verdict == "conforms")
    #expect(report.modes == ["sv57"])
  }

  @Test("Compared with as-merged, the latest text differs: it has additional fixes")
  func beyond() async throws {
    let report = try await report(
      KernelText.latest(), ["--against", "as-merged"], status: 1)
    #expect(report.verdict == "differs")
    #expect(report.missingFixes.isEmpty)
  }

  /// An era, its spelling of the text, and the equivalence rules that the spelling needs.
  struct Era: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var spelled: @Sendable (KernelText) throws -> KernelText
    var rules: Set<String>
  }

  @Test(
    "The text in another era's spelling conforms, by rules that the report names",
    arguments: [
      Era(
        testDescription: "6.1", spelled: { try $0.spelledAs61() },
        rules: ["table-constructor-names", "page-free-names", "pgmap-argument"]),
      Era(testDescription: "6.6", spelled: { try $0.spelledAs66() }, rules: ["pgmap-argument"]),
      Era(
        testDescription: "7.x", spelled: { try $0.spelledAs7() },
        rules: ["table-constructor-names", "page-free-names"]),
    ])
  func spelling(era: Era) async throws {
    let report = try await report(era.spelled(KernelText.latest()), status: 0)
    #expect(report.verdict == "conforms")
    #expect(report.rules == era.rules)
    #expect(report.functions("identical").union(report.functions("equivalent")) == archNames)
    #expect(!report.functions("equivalent").isEmpty)
  }

  @Test("The text in 6.1's spelling without 21f1b85c8912 lacks that fix alone")
  func spellingWithoutFix() async throws {
    let text = try await KernelText.latest().lackingDestructorFix().spelledAs61()
    let report = try await report(text, status: 1)
    #expect(report.verdict == "missing-fixes")
    #expect(report.missingFixes == [Self.destructorFix])
  }
}
