// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Machine
@testable import Port
@testable import Reports

@Suite("A fleet as a document")
struct FleetDocumentTests {
  private func fleet(_ outcomes: [(String, FleetRow.Outcome)]) -> FleetReport {
    FleetReport(
      tool: "1", against: .latest, modes: ["sv39", "sv48"], depth: "smoke",
      subjects: outcomes.map { (argument: $0.0, outcome: $0.1) }, seconds: 1.5)
  }

  private var good: FleetRow.Outcome {
    .judged(
      FleetSubject(
        SampleReport.report(findings: [SampleReport.finding(agreesWith: SampleReport.everySet)])))
  }

  /// A report on a text that only lacks a0188cc13369.
  private var older: FleetRow.Outcome {
    .judged(
      FleetSubject(
        SampleReport.report(findings: [
          SampleReport.finding(agreesWith: [[], .noVmemmapPmdDestructor])
        ])))
  }

  private func lines(_ fleet: FleetReport) -> [String] {
    Printed.lines(FleetDocument.of(fleet))
  }

  @Test("Labels are letters, then pairs of them")
  func labels() {
    #expect(
      [0, 1, 25, 26, 27, 51, 52, 701, 702].map(FleetRow.label) == [
        "A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA",
      ])
  }

  @Test("ends with the status of the worst of its subjects")
  func status() {
    #expect(fleet([("a.c", good)]).status == .conforms)
    #expect(fleet([]).status == .differs)
    #expect(fleet([("a.c", good), ("b.c", older)]).status == .differs)
    #expect(fleet([("a.c", good), ("b.c", .withoutSurface("none"))]).status == .differs)
    #expect(fleet([("a.c", older), ("b.c", .unreadable("bad"))]).status == .unreadable)
    #expect(fleet([("a.c", .unreadable("bad")), ("b.c", .incomplete("no"))]).status == .incomplete)
  }

  /// The words of a row in the table of a part.
  private func row(_ name: String, of part: String, in lines: [String]) -> [Substring]? {
    guard let start = lines.firstIndex(of: part) else { return nil }
    return lines[start...].first { $0.split(separator: " ").first == name[...] }?
      .split(separator: " ")
  }

  @Test("says of each fix and function whether it is there")
  func words() throws {
    let lines = lines(fleet([("good.c", good), ("older.c", older)]))
    #expect(row("B", of: "Fixes and hazards", in: lines)?[1...2] == ["unseen", "lacking"])
    #expect(
      row("remove_pud_mapping", of: "Functions", in: lines) == [
        "remove_pud_mapping", "identical", "differs",
      ])
  }

  @Test("does not stress a hazard that no verdict counts")
  func hazards() throws {
    var report = SampleReport.report(
      findings: [SampleReport.finding(agreesWith: SampleReport.everySet)])
    report.hazards = [SampleReport.hazard]
    let document = FleetDocument.of(fleet([("good.c", .judged(FleetSubject(report)))]))
    #expect(row("A", of: "Fixes and hazards", in: Printed.lines(document))?.contains("yes") == true)
    #expect(Printed.html(document).contains("<td>yes</td>"))
  }

  @Test("With thirty subjects no line is longer than 100 characters, and marks stand for words")
  func width() throws {
    let name = String(repeating: "long/", count: 12)
    let lines = lines(fleet((0..<30).map { ("\(name)\($0).c", $0 % 2 == 0 ? good : older) }))
    #expect(lines.allSatisfy { $0.count <= 100 }, "\(lines.filter { $0.count > 100 })")
    let marks = try #require(row("remove_pud_mapping", of: "Functions", in: lines))
    #expect(marks[1...4] == ["=", "X", "=", "X"])
    #expect(lines.contains("    = identical, X differs"))
  }

  @Test("A kernel without the functions lacks no fix and has no hazard")
  func withoutSurface() throws {
    let lines = lines(fleet([("good.c", good), ("old", .withoutSurface("old has none"))]))
    #expect(lines.contains { $0.contains("absent: old has none") })
    let fixes = try #require(row("B", of: "Fixes and hazards", in: lines))
    #expect(!fixes.contains("lacking") && !fixes.contains("unseen") && !fixes.contains("yes"))
    #expect(
      row("vmemmap_free", of: "Functions", in: lines) == ["vmemmap_free", "identical", "absent"])
  }

  @Test("A subject that could not be read is in the list of subjects and in no table")
  func unreadable() {
    let lines = lines(
      fleet([("good.c", good), ("bad.c", .unreadable("bad.c:1: no\u{1b}[2J\nA  good.c"))]))
    #expect(
      lines.contains { $0.contains("unbuildable: bad.c:1: no\\u{1B}[2J\\u{A}A good.c") },
      "\(lines)")
    #expect(row("B", of: "Fixes and hazards", in: lines) == nil)
    #expect(lines[0] == "1 of 2 conforms to latest (sv39 sv48; smoke; 1.50 s)")
  }
}
