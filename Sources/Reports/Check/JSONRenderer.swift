// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Port
import Subjects

/// Reports as JSON. Each verb has its own schema, with wire types that are separate from the model.
public struct JSONRenderer: Sendable {
  public init() {}

  /// One object of the schema "mhpcheck.report/1", with a final newline.
  public func render(_ report: Report) -> String { JSONText.of(WireReport(report)) }

  /// The same object; for a check that failed, with the reason as `error`.
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

  /// The same object for a bisection that could not be completed, with the message as `error`.
  public func render(
    bisectFailure message: String, verdict: Verdict, repository: String, tool: String
  ) -> String {
    JSONText.of(
      WireBisectFailure(tool: tool, repository: repository, verdict: verdict, error: message))
  }

  /// The "mhpcheck.comparison/1" object of two subjects that could not be compared.
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

  /// The same object for a subject that could not be run, with the message as `error`.
  public func render(coverageFailure message: String, subject: String, tool: String) -> String {
    JSONText.of(
      WireCoverageFailure(
        tool: tool, subject: WireUnreadSubject(origin: subject), error: message))
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

  /// The same object for a subject that could not be judged, with the message as `error`.
  public func render(seriesFailure message: String, subject: String, tool: String) -> String {
    JSONText.of(
      WireSeriesFailure(tool: tool, subject: .init(origin: subject), error: message))
  }
}

/// The JSON of a coverage run that failed.
private struct WireCoverageFailure: Encodable {
  var schema = "mhpcheck.coverage/1"
  var tool: String
  var subject: WireUnreadSubject
  var error: String
}

/// The JSON of a check without a verdict on behaviour.
private struct WireFailure: Encodable {
  var schema = "mhpcheck.report/1"
  var tool: String
  var subject: WireUnreadSubject
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
    subject = WireUnreadSubject(origin: failed.subject)
    against = failed.against.name
    verdict = failed.verdict.rawValue
    modes = failed.modes
    seed = failed.seed
    error = failed.message
  }
}
