// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Reports
@testable import Subjects

/// The verbs beside check whose pages have an index, each with a document that has much to say.
enum SampleVerb: String, CaseIterable, Sendable {
  case compare, fleet, series, bisect

  static let hostile = "<b onload=\"x\">&'`|\u{1b}[2J\u{202e}"

  func document() throws -> Document {
    switch self {
    case .compare: CompareDocument.of(try Self.comparison())
    case .fleet: FleetDocument.of(Self.fleetReport)
    case .series: SeriesDocument.of(Self.seriesReport)
    case .bisect: BisectDocument.of(try Self.bisection())
    }
  }

  /// Six kinds of difference, each with a cleared entry on the first side; the last one killed its worker.
  static func comparison() throws -> SubjectComparison {
    var changed = try SampleReport.observation(events: [Event(.clear, a: 1, b: 5, c: 1)])
    changed.tables[1][5] = 0
    let first = changed
    let second = try SampleReport.observation()
    let known = try #require(
      DifferenceGroup.groups(findings: [SampleReport.finding(agreesWith: [])], reference: .latest)
        .first)
    let differences = (1...6).map { number -> SubjectComparison.Finding in
      var group = known
      group.signature = "kind-\(number)"
      var observed: (first: Observation, second: Observation)? = (first: first, second: second)
      if number == 6 { observed = nil }
      return SubjectComparison.Finding(
        id: "D\(number)", group: group, scenario: SampleReport.scenario,
        difference: number == 6 ? nil : first.compared(to: second).difference,
        observed: observed, witness: .second, replays: ["mhpcheck replay a-case@sv39 a.c"])
    }
    let report = SampleReport.report(findings: [])
    return SubjectComparison(
      first: report, second: report, onlyFirst: [], onlySecond: [], modes: ["sv39"], cases: 3,
      seconds: 0.5, differences: differences)
  }

  /// A subject that conforms, one that lacks a0188cc13369, one without the functions, and one that nobody can
  /// read.
  static var fleetReport: FleetReport {
    let good = SampleReport.report(findings: [
      SampleReport.finding(agreesWith: SampleReport.everySet)
    ])
    let older = SampleReport.report(findings: [
      SampleReport.finding(agreesWith: [[], .noVmemmapPmdDestructor])
    ])
    return FleetReport(
      tool: "1", against: .latest, modes: ["sv39", "sv48"], depth: "smoke",
      subjects: [
        (argument: "good.c", outcome: .judged(FleetSubject(good))),
        (argument: "older.c", outcome: .judged(FleetSubject(older))),
        (argument: "old", outcome: .withoutSurface("old has none")),
        (argument: hostile, outcome: .unreadable(hostile)),
      ], seconds: 1.5)
  }

  /// Four commits are to be picked.
  static var seriesReport: SeriesReport {
    let others: [SeriesCommit: SeriesStatus] = [
      .altmap: .absent, .enabling: .partial, .virtioMem: .absent, .foldingFix: .absent,
      .dumpLock: .notNeeded,
    ]
    return SeriesReport(
      tool: "1", kind: "tree", origin: hostile,
      rows: SeriesCommit.allCases.filter { $0 != .merge }.map {
        SeriesRow(
          $0, others[$0] ?? .present, by: .structure, evidence: "seen \($0.hash) \(hostile)")
      })
  }

  /// Two suspects, of which the first was skipped.
  static func bisection() throws -> BisectReport {
    func commit(_ digit: String) -> BisectReport.Commit {
      BisectReport.Commit(
        hash: String(repeating: digit, count: 40), title: "title \(digit) \(hostile)",
        author: hostile)
    }
    let report = SampleReport.report(findings: [])
    let change = BisectReport.Change(
      before: report, after: report, comparison: try comparison(), otherCase: nil)
    return BisectReport(
      tool: "1", repository: hostile, good: (revision: "v1", hash: commit("3").hash),
      bad: (revision: "v2", hash: commit("4").hash), modes: ["sv39"], depth: "smoke", commits: 9,
      runs: 5, known: 0, skipped: [.init(commit: commit("1"), reason: "no \(hostile)")],
      seconds: 2, outcome: .found(suspects: [commit("1"), commit("2")], change: change))
  }
}
