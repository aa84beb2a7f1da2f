// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Port

/// A bisection in schema "mhpcheck.bisect/1".
struct WireBisect: Encodable {
  struct End: Encodable {
    var revision: String
    var commit: String
  }

  struct Commit: Encodable {
    var commit: String
    var title: String
    var author: String

    init(_ commit: BisectReport.Commit) {
      self.commit = commit.hash
      title = commit.title
      author = commit.author
    }
  }

  struct Skipped: Encodable {
    var commit: String
    var title: String
    var reason: String
  }

  struct Difference: Encodable {
    var function: String
    var mode: String
    var what: String
    var kind: String
    var cases: Int
    /// The line of the later text at which the two part.
    var place: WirePlace?
    var scenario: Scenario
  }

  struct Change: Encodable {
    var verdictBefore: Verdict
    var verdictAfter: Verdict
    var lostFixes: [String]
    var gainedFixes: [String]
    var newHazards: [String]
    var goneHazards: [String]
    var functions: [String]
    var differences: [Difference]
    /// The commands that show the change: on the later revision, then on the earlier one.
    var replay: [String]

    init(_ change: BisectReport.Change) {
      verdictBefore = change.before.verdict
      verdictAfter = change.after.verdict
      lostFixes = change.lostFixes.map(\.commit)
      gainedFixes = change.gainedFixes.map(\.commit)
      newHazards = change.newHazards
      goneHazards = change.goneHazards
      functions = change.functions.map(\.name)
      differences = change.comparison.differences.map {
        Difference(
          function: $0.group.function.name, mode: $0.group.mode, what: BisectWords.sentence($0),
          kind: $0.group.signature, cases: $0.group.places.count,
          place: $0.places.first.map { WirePlace($0, ofPair: true) }, scenario: $0.scenario)
      }
      replay = BisectWords.replays(change)
    }
  }

  var schema = "mhpcheck.bisect/1"
  var tool: String
  var repository: String
  var good: End
  var bad: End
  /// "alike" or "changed"; with an `error`, "unbuildable" or "incomplete".
  var verdict: String
  /// There is one suspect, unless commits between could not be judged; none where the two behave alike.
  var suspects: [Commit]
  var skipped: [Skipped]
  var modes: [String]
  var depth: String
  /// The number of commits between the two that touch the files of the subject.
  var commits: Int
  var runs: Int
  var seconds: Double
  var change: Change?

  init(_ report: BisectReport) {
    tool = report.tool
    repository = report.repository
    good = End(revision: report.good.revision, commit: report.good.hash)
    bad = End(revision: report.bad.revision, commit: report.bad.hash)
    skipped = report.skipped.map {
      Skipped(commit: $0.commit.hash, title: $0.commit.title, reason: $0.reason)
    }
    modes = report.modes
    depth = report.depth
    commits = report.commits
    runs = report.runs
    seconds = report.seconds
    switch report.outcome {
    case .alike:
      verdict = "alike"
      suspects = []
    case .found(let commits, let change):
      verdict = "changed"
      suspects = commits.map { Commit($0) }
      self.change = Change(change)
    }
  }
}

/// The JSON of a bisection that could not be completed.
struct WireBisectFailure: Encodable {
  var schema = "mhpcheck.bisect/1"
  var tool: String
  var repository: String
  var verdict: Verdict
  var error: String
}
