// SPDX-License-Identifier: GPL-2.0-only

import TestSupport
import Testing

@testable import Engine
@testable import Machine
@testable import Port
@testable import Reports

@Suite("The text of a report")
struct TextTests {
  private func text(_ report: Report, isVerbose: Bool = false) -> String {
    Printed.text(CheckDocument.of(.judged(report)), isVerbose: isVerbose)
  }

  /// The functions beside those of the commit.
  private let others = "\(KernelFunction.allCases.count - 14) others"

  /// The functions that a verdict covers.
  private var scope: String { "; judged: all 14 functions of c75a74f4ba19 and \(others)" }

  private func verdict(_ report: Report) -> String {
    VerdictText(report).line.plain
  }

  @Test("says that a subject conforms, function by function") func conforming() {
    let report = SampleReport.report(
      findings: [SampleReport.finding(agreesWith: SampleReport.everySet)])
    let words = text(report, isVerbose: true).split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    #expect(
      words.hasPrefix(
        "conforms: all 14 functions of c75a74f4ba19 and \(others) behave as the reference, latest; "
          + "these cases do not show whether it has 21f1b85c8912 and a0188cc13369 (1 case, 1.05 s) "
      ))
    #expect(words.contains(" free_pte_table identical 0 0 "))
    #expect(words.contains(" remove_pud_mapping identical 1 0 "))
    #expect(words.contains(" SHA-256 of the extracted text 00ff "))
  }

  @Test("that conforms fits on a screen of 24 lines")
  func screen() throws {
    let text = Printed.text(CheckDocument.of(try SnapshotOutcome.conforming.outcome()))
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 24, "\(text)")
  }

  @Test("counts the references to a page, and says how many remain after a free")
  func references() throws {
    let naming = try SampleReport.naming()
    #expect(naming.phrase(Event(.getPage, a: 0x12, c: 6)) == "get_page pfn 0x12, 6 times")
    #expect(naming.phrase(Event(.getPage, a: 0x12, c: 1)) == "get_page pfn 0x12")
    #expect(naming.phrase(Event(.putPage, a: 0x12, c: 6)) == "free pfn 0x12: 6 references remain")
    #expect(
      naming.phrase(Event(.putPage, a: 0x12, b: 9, c: 1))
        == "free pfn 0x12, order 9: 1 reference remains")
  }

  @Test("says what a subject lacks, what that does, where it shows and how to mend it")
  func missingFixes() {
    let text = text(
      SampleReport.report(findings: [SampleReport.finding(agreesWith: [.noVmemmapPmdDestructor])]))
    #expect(text.contains("\nlacks a0188cc13369 \"Fix out-of-bounds page-table walk"))
    #expect(text.contains("\n  Seen on sv39 in 1 case. "))
    #expect(text.contains("\n  to pick the fix: git cherry-pick -x a0188cc13369\n"))
    #expect(
      text.hasPrefix(
        "missing-fixes: faithful to the patch with 21f1b85c8912; lacks a0188cc13369"))
  }

  @Test("has a cause once, with all modes in which it shows and all its cases")
  func modes() {
    var findings = [SampleReport.finding(agreesWith: []), SampleReport.finding(agreesWith: [])]
    findings[1].place = 1
    findings[1].mode = "sv57"
    var report = SampleReport.report(findings: findings)
    report.differences = report.groups.enumerated().map { number, group in
      ReportedDifference(
        id: "D\(number + 1)", group: group, scenario: SampleReport.scenario,
        replay: "mhpcheck replay a-case@sv39 a.c")
    }
    let lines = Printed.lines(CheckDocument.of(.judged(report)))
    #expect(report.differences.count == 2)
    #expect(
      lines.filter { $0.hasPrefix("D") } == [
        "D1 remove_pud_mapping differs on sv39 and sv57 in 2 cases"
      ], "\(lines)")
  }

  @Test("lists the modes in which the absence of a fix shows as a sentence does")
  func seenModes() {
    let finding = SampleReport.finding(agreesWith: [.noVmemmapPmdDestructor])
    var other = finding
    other.place = 1
    other.mode = "sv57"
    let text = text(SampleReport.report(findings: [finding, other]))
    #expect(text.contains("\n  Seen on sv39 and sv57 in 2 cases. "), "\(text)")
  }

  @Test("says \"as merged\" only of a subject without any fix") func asMerged() {
    let findings = [SampleReport.finding(agreesWith: [.asMerged])]
    #expect(
      verdict(SampleReport.report(findings: findings))
        == "missing-fixes: faithful to the patch as merged; lacks 21f1b85c8912 and a0188cc13369"
        + "\(scope) (1 case, 1.05 s)")
    #expect(
      verdict(SampleReport.report(findings: findings, against: .foldedEntryIsBase))
        == "missing-fixes: faithful to the patch as merged; lacks a0188cc13369\(scope) "
        + "(1 case, 1.05 s)")
  }

  @Test("names the functions that differ, the absent ones, and the missing fixes")
  func differing() {
    let findings = [
      SampleReport.finding(agreesWith: []),
      SampleReport.finding(agreesWith: [.noVmemmapPmdDestructor]),
    ]
    let present = KernelFunction.allCases.filter { $0 != .vmemmapFree && $0 != .freePteTable }
    #expect(
      verdict(SampleReport.report(findings: findings, present: present))
        == "differs: in remove_pud_mapping; vmemmap_free absent, so the kernel falls back on "
        + "generic code; besides, lacks a0188cc13369; absent: free_pte_table (inlined?); "
        + "judged: 12 of the 14 functions of c75a74f4ba19 and \(others) (2 cases, 1.05 s)")
  }

  @Test("says that callers alone judge a function, which no warning decides")
  func throughCallers() {
    let uncalled: [KernelFunction] = [.freePteTable, .freeVmemmapStorage]
    var report = SampleReport.report(
      findings: [SampleReport.finding(agreesWith: SampleReport.everySet)],
      present: KernelFunction.allCases.filter { !uncalled.contains($0) })
    report.subject.judgedThroughCallers = [.freeVmemmapStorage, .vmemmapFree]
    report.subject.warnings = [
      "a.c:1: free_pte_table is judged through its callers alone: 'int n' does not say what"
    ]
    let line = verdict(report)
    #expect(
      line.contains(
        "; absent: free_pte_table (inlined?); free_vmemmap_storage judged through callers alone; "),
      "\(line)")
    let ktap = KTAPRenderer().render(.judged(report))
    #expect(
      ktap.contains("free_vmemmap_storage # SKIP judged through its callers alone\n"), "\(ktap)")
    #expect(ktap.contains("free_pte_table # SKIP absent by name: inlined?\n"), "\(ktap)")
    let key = "\"judgedThroughCallers\" : ["
    #expect(
      JSONRenderer().render(report).contains("\(key)\n    \"free_vmemmap_storage\"\n  ]"))
    report.subject.judgedThroughCallers = []
    #expect(!JSONRenderer().render(report).contains(key))
    #expect(!verdict(report).contains("callers"))
  }

  @Test("names the fixes that a subject has beyond the requested ones") func beyond() {
    let report = SampleReport.report(
      findings: [SampleReport.finding(agreesWith: [.latest])], against: .asMerged)
    #expect(
      verdict(report)
        == "differs: has 21f1b85c8912 and a0188cc13369 beyond what was asked for"
        + "\(scope) (1 case, 1.05 s)")
  }

  @Test("says that a fix is present only in part, and where it is missing") func partial() {
    let report = SampleReport.report(findings: [
      SampleReport.finding(agreesWith: [.noVmemmapPmdDestructor]),
      SampleReport.finding(agreesWith: [.noVmemmapPmdDestructor]),
      SampleReport.finding([.removeP4dMapping], agreesWith: [.latest]),
    ])
    #expect(
      verdict(report) == "differs: has a0188cc13369 only in part: not in remove_pud_mapping"
        + "\(scope) (3 cases, 1.05 s)")
  }
}
