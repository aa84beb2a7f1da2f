// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// What is said of a series as "mhpcheck.series/1" has it.
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
    /// Whether the subject tells the status; where not, it is "partial".
    var known: Bool
    /// "behaviour" or "structure".
    var judgedBy: SeriesMeans
    /// A sentence: what was seen, and where.
    var evidence: String
    /// What goes wrong without it.
    var without: String
    /// A case that shows it, for `mhpcheck replay`.
    var scenario: String?
    /// What brings it; nothing where nothing has to be picked.
    var pick: String?
    /// Older commits that have to be picked before it.
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

/// What stands in for a series that could not be judged.
struct WireSeriesFailure: Encodable {
  struct Subject: Encodable {
    var origin: String
  }

  var schema = "mhpcheck.series/1"
  var tool: String
  var subject: Subject
  var commits: [WireSeries.Commit] = []
  var error: String
}
