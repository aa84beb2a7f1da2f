// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Port

/// A comparison of two subjects in schema "mhpcheck.comparison/1".
struct WireComparison: Encodable {
  struct Subject: Encodable {
    var kind: String
    var origin: String
    var sha256: String
    /// The subject's own verdict against the port with all fixes, as in "mhpcheck.report/1".
    var verdict: Verdict
    var missingFixes: [String]
    /// The functions of the surface that only this subject has by name.
    var only: [String]

    init(_ report: Report, only functions: [KernelFunction]) {
      kind = report.subject.kind
      origin = report.subject.origin
      sha256 = report.subject.sha256
      verdict = report.verdict
      missingFixes = report.missing.flatMap(\.descriptions).map(\.commit)
      only = functions.map(\.name)
    }
  }

  struct Difference: Encodable {
    struct Observations: Encodable {
      var first: WireDifference.Observed?
      var second: WireDifference.Observed?
    }

    struct Places: Encodable {
      var first: WirePlace?
      var second: WirePlace?

      /// Nil where neither place is known.
      init?(_ places: (first: Place?, second: Place?)) {
        guard places.first != nil || places.second != nil else { return nil }
        first = places.first.map { WirePlace($0, ofPair: true) }
        second = places.second.map { WirePlace($0, ofPair: true) }
      }
    }

    var id: String
    var function: String
    var mode: String
    /// The first difference, as a sentence about the first subject.
    var what: String
    /// The kind of the difference, as in "mhpcheck.report/1".
    var kind: String
    /// The number of cases that show it.
    var cases: Int
    /// "first", "second", "both" or "neither".
    var portAgreesWith: SubjectComparison.Witness
    var replay: [String]
    /// The line of each subject's own text at which they part.
    var places: Places?
    var scenario: Scenario
    var observations: Observations

    init(_ difference: SubjectComparison.Finding) {
      let observed = difference.observed
      let drawing = CaseTables(
        scenario: difference.scenario, subject: observed?.first, reference: observed?.second)
      id = difference.id
      function = difference.group.function.name
      mode = difference.group.mode
      let told = difference.difference?.told(
        of: observed?.first, from: observed?.second, toleratesExtraFlush: false)
      what =
        told.flatMap { drawing?.naming.sentence($0, reference: "the second") }
        ?? "a subject kills the process that runs it"
      kind = difference.group.signature
      cases = difference.group.places.count
      portAgreesWith = difference.witness
      replay = difference.replays
      places = Places(difference.places)
      scenario = difference.scenario
      observations = Observations(
        first: observed.flatMap { WireDifference.observed($0.first, drawing) },
        second: observed.flatMap { WireDifference.observed($0.second, drawing) })
    }
  }

  var schema = "mhpcheck.comparison/1"
  var tool: String
  /// "same" or "different"; with an `error`, "unbuildable" or "incomplete".
  var verdict: String
  var subjects: [Subject]
  var functions: [String]
  var modes: [String]
  var cases: Int
  var seconds: Double
  var differences: [Difference]

  init(_ comparison: SubjectComparison) {
    tool = comparison.first.tool
    verdict = comparison.isSame ? "same" : "different"
    subjects = [
      Subject(comparison.first, only: comparison.onlyFirst),
      Subject(comparison.second, only: comparison.onlySecond),
    ]
    functions = comparison.functions.map(\.name)
    modes = comparison.modes
    cases = comparison.cases
    seconds = comparison.seconds
    differences = comparison.differences.map { Difference($0) }
  }
}

/// The JSON of a comparison that could not be completed.
struct WireComparisonFailure: Encodable {
  var schema = "mhpcheck.comparison/1"
  var tool: String
  var verdict: Verdict
  var subjects: [WireUnreadSubject]
  var error: String
}
