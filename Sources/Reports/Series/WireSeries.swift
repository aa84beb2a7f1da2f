// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// The state of a series in schema "mhpcheck.series/1".
struct WireSeries: Encodable {
  struct Subject: Encodable {
    var kind: String
    var origin: String
  }

  struct Commit: Encodable {
    var commit: String
    var title: String
    /// "present", "partial", "absent" or "not-needed".
    var status: SeriesStatus
    /// Whether the subject determines the status; if not, the status is "partial".
    var known: Bool
    /// "behaviour" or "structure".
    var judgedBy: SeriesMeans
    /// The observation and its place, in one sentence.
    var evidence: String
    /// The effect of its absence.
    var without: String
    /// A case that shows the effect, for `mhpcheck replay`.
    var scenario: String?
    /// The command that picks the commit; nil if it need not be picked.
    var pick: String?
    /// Older commits to pick before it.
    var first: [String]?

    init(_ row: SeriesRow) {
      commit = row.commit.hash
      title = row.commit.title
      status = row.status
      known = row.isKnown
      judgedBy = row.judgedBy
      evidence = row.evidence
      without = row.commit.loss
      scenario = row.commit.scenario
      pick = row.isToBePicked ? "git cherry-pick -x \(row.commit.hash)" : nil
      first = row.isToBePicked && !row.first.isEmpty ? row.first : nil
    }
  }

  var schema = "mhpcheck.series/1"
  var tool: String
  var subject: Subject
  var commits: [Commit]

  init(_ report: SeriesReport) {
    tool = report.tool
    subject = Subject(kind: report.kind, origin: report.origin)
    commits = report.rows.map { Commit($0) }
  }
}

/// The JSON of a series that could not be judged.
struct WireSeriesFailure: Encodable {
  var schema = "mhpcheck.series/1"
  var tool: String
  var subject: WireUnreadSubject
  var commits: [WireSeries.Commit] = []
  var error: String
}
