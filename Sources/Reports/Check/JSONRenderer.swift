// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Port
import Subjects

/// A report as JSON, schema "mhpcheck.report/1": the wire form, apart from the model.
public struct JSONRenderer: Sendable {
  public init() {}

  /// One object, with a final newline.
  public func render(_ report: Report) -> String { JSONText.of(WireReport(report)) }

  /// The same; of a check that failed, with the reason as `error`.
  public func render(_ outcome: CheckOutcome) -> String {
    switch outcome {
    case .judged(let report): render(report)
    case .failed(let failed): JSONText.of(WireFailure(failed))
    }
  }

  /// One object of the schema "mhpcheck.comparison/1", with a final newline.
  public func render(_ comparison: SubjectComparison) -> String {
    JSONText.of(WireComparison(comparison))
  }

  /// One object of the schema "mhpcheck.fleet/1", with a final newline.
  public func render(_ fleet: FleetReport) -> String { JSONText.of(WireFleet(fleet)) }

  /// One object of the schema "mhpcheck.bisect/1", with a final newline.
  public func render(_ report: BisectReport) -> String { JSONText.of(WireBisect(report)) }

  /// The same for a bisection that came to no end.
  public func render(
    bisectFailure message: String, verdict: Verdict, repository: String, tool: String
  ) -> String {
    JSONText.of(
      WireBisectFailure(tool: tool, repository: repository, verdict: verdict, error: message))
  }

  /// The same for two subjects that could not be compared.
  public func render(
    failure message: String, verdict: Verdict, subjects: [String], tool: String
  ) -> String {
    JSONText.of(
      WireComparisonFailure(
        tool: tool, verdict: verdict, subjects: subjects.map { .init(origin: $0) },
        error: message))
  }

  /// One object of the schema "mhpcheck.coverage/1", with a final newline.
  public func render(_ report: CoverageReport) -> String { JSONText.of(WireCoverage(report)) }

  /// The same for a subject that could not be run.
  public func render(coverageFailure message: String, subject: String, tool: String) -> String {
    JSONText.of(
      WireCoverageFailure(
        tool: tool, subject: WireFailure.Subject(origin: subject), error: message))
  }

  /// One object of the schema "mhpcheck.replay/1", with a final newline.
  package func render(_ replayed: ReplayedCase, tool: String) -> String {
    JSONText.of(WireReplay(replayed, tool: tool))
  }

  /// One object of the schema "mhpcheck.explanation/1", with a final newline.
  package func render(_ explanation: Explanation, tool: String) -> String {
    JSONText.of(WireExplanation(explanation, tool: tool))
  }

  /// One object of the schema "mhpcheck.series/1", with a final newline.
  public func render(_ report: SeriesReport) -> String { JSONText.of(WireSeries(report)) }

  /// The same for a subject that could not be judged.
  public func render(seriesFailure message: String, subject: String, tool: String) -> String {
    JSONText.of(
      WireSeriesFailure(tool: tool, subject: .init(origin: subject), error: message))
  }
}

/// What stands in for a coverage when there is none.
private struct WireCoverageFailure: Encodable {
  var schema = "mhpcheck.coverage/1"
  var tool: String
  var subject: WireFailure.Subject
  var error: String
}

/// What stands in for a report when there is no verdict of behaviour.
private struct WireFailure: Encodable {
  struct Subject: Encodable {
    var origin: String
  }

  var schema = "mhpcheck.report/1"
  var tool: String
  var subject: Subject
  var against: String
  var verdict: String
  var missingFixes: [String] = []
  var functions: [String] = []
  var modes: [String]
  var cases = 0
  var seconds = 0.0
  var seed: UInt64
  var universes: [String] = []
  var leftOfUniverses: [String] = []
  var differences: [String] = []
  var equivalences: [String] = []
  var hazards: [String] = []
  var error: String

  init(_ failed: FailedCheck) {
    tool = failed.tool
    subject = Subject(origin: failed.subject)
    against = failed.against.name
    verdict = failed.verdict.rawValue
    modes = failed.modes
    seed = failed.seed
    error = failed.message
  }
}
