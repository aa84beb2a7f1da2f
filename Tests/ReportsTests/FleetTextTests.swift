// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Machine
@testable import Port
@testable import Reports

@Suite("The text of a fleet")
struct FleetTextTests {
  private func fleet(_ outcomes: [(String, FleetRow.Outcome)]) -> FleetReport {
    FleetReport(
      tool: "1", against: .latest, modes: ["sv39", "sv48"], depth: "smoke",
      subjects: outcomes.map { (argument: $0.0, outcome: $0.1) }, seconds: 1.5)
  }

  private var good: FleetRow.Outcome {
    .judged(
      SampleReport.report(findings: [SampleReport.finding(agreesWith: SampleReport.everySet)]))
  }

  /// A report of a text that lacks a0188cc13369 and nothing else.
  private var older: FleetRow.Outcome {
    .judged(
      SampleReport.report(findings: [
        SampleReport.finding(agreesWith: [[], .noVmemmapPmdDestructor])
      ]))
  }

  private func lines(_ fleet: FleetReport) -> [String] {
    FleetText(style: TextStyle(isColoured: false)).render(fleet)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test("Labels are letters, then pairs of them")
  func labels() {
    #expect(
      [0, 1, 25, 26, 27, 51, 52, 701, 702].map(FleetRow.label) == [
        "A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA",
      ])
  }

  @Test("A fix that is lacking is a minus under its commit, and a function that differs an X")
  func marks() throws {
    let lines = lines(fleet([("good.c", good), ("older.c", older)]))
    let head = try #require(lines.first { $0.contains("a0188cc13369 H1") })
    let column = head.distance(
      from: head.startIndex, to: try #require(head.firstRange(of: "a0188cc13369")).lowerBound)
    let row = try #require(lines.first { $0.hasPrefix("  B  older.c ") })
    #expect(Array(row)[column] == "-", "\(head)\n\(row)")
    let function = try #require(lines.first { $0.hasPrefix("  remove_pud_mapping ") })
    #expect(function.hasSuffix(" = X"), "\(function)")
  }

  @Test("With thirty subjects no line of the tables is longer than 100 characters")
  func width() {
    let name = String(repeating: "long/", count: 20)
    let lines = lines(fleet((0..<30).map { ("\(name)\($0).c", $0 % 2 == 0 ? good : older) }))
    let tables = lines.drop { $0 != "fixes and hazards" }
    #expect(tables.count > 60)
    #expect(tables.allSatisfy { $0.count <= 100 }, "\(tables.filter { $0.count > 100 })")
  }

  @Test("A kernel without the functions has none of them, no fix to lack and no hazard")
  func withoutSurface() throws {
    let lines = lines(fleet([("good.c", good), ("old", .withoutSurface("old has none"))]))
    #expect(lines.contains("   absent: old has none"))
    let row = try #require(lines.first { $0.hasPrefix("  B  old ") })
    #expect(!row.contains("-") && !row.contains("!") && !row.contains("+"), "\(row)")
    let function = try #require(lines.first { $0.hasPrefix("  vmemmap_free ") })
    #expect(function.hasSuffix(" = ."), "\(function)")
  }

  @Test("What could not be read is in the list of subjects and in no table")
  func unreadable() {
    let lines = lines(
      fleet([("good.c", good), ("bad.c", .unreadable("bad.c:1: no\u{1b}[2J\nA  good.c"))]))
    #expect(lines.contains("   unbuildable: bad.c:1: no\\u{1B}[2J\\u{A}A  good.c"), "\(lines)")
    #expect(!lines.contains { $0.hasPrefix("  B  ") })
    #expect(lines.contains("1 of 2 conforms to latest (sv39 sv48; smoke; 1.50 s)"))
  }
}
