// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The state of a commit in a subject.
public enum SeriesStatus: String, Sendable, Codable, CaseIterable {
  case present
  case partial
  case absent
  case notNeeded = "not-needed"

  /// Whether the commit need not be picked.
  public var isFine: Bool { self == .present || self == .notNeeded }
}

/// The method that judged a row.
public enum SeriesMeans: String, Sendable, Codable {
  /// The program ran the subject's code.
  case behaviour
  /// The program read the subject's text: configuration, attributes.
  case structure
}

/// The result for one commit.
public struct SeriesRow: Sendable, Hashable {
  public let commit: SeriesCommit
  public let status: SeriesStatus
  public let judgedBy: SeriesMeans
  /// The observation and its place, in one sentence.
  public let evidence: String
  /// Whether the subject determines the status. If it does not, the status is `partial`, and the evidence
  /// names the part that the subject does not show.
  public let isKnown: Bool
  /// Older upstream commits to pick before this one, in order, because it changes their code.
  public var first: [String] = []

  /// Creates a row with a known status.
  public init(
    _ commit: SeriesCommit, _ status: SeriesStatus, by judgedBy: SeriesMeans, evidence: String
  ) {
    self.commit = commit
    self.status = status
    self.judgedBy = judgedBy
    self.evidence = evidence
    isKnown = true
  }

  /// Creates a row whose status the subject does not determine.
  public init(
    _ commit: SeriesCommit, unknown evidence: String, by judgedBy: SeriesMeans = .structure
  ) {
    self.commit = commit
    status = .partial
    self.judgedBy = judgedBy
    self.evidence = evidence
    isKnown = false
  }

  /// The same row, with older commits to pick before it.
  public func picked(after commits: [String]) -> SeriesRow {
    var row = self
    row.first = commits
    return row
  }

  /// Whether the commit must be picked. A merge is never picked.
  public var isToBePicked: Bool { isKnown && !status.isFine && commit != .merge }
}

/// The result for a series.
public struct SeriesReport: Sendable {
  /// The tool's version.
  public let tool: String
  /// As `SubjectText.kind`.
  public let kind: String
  /// As `SubjectText.origin`.
  public let origin: String
  /// One row for each commit, in the order of `SeriesCommit`.
  public let rows: [SeriesRow]

  /// Creates a report from the rows of the commits, and adds the row of the merge.
  public init(tool: String, kind: String, origin: String, rows: [SeriesRow]) {
    self.tool = tool
    self.kind = kind
    self.origin = origin
    let all = rows + [Self.sum(rows)]
    self.rows = SeriesCommit.allCases.compactMap { commit in
      all.first { $0.commit == commit }
    }
  }

  /// Whether every row is present or not needed.
  public var isFine: Bool { rows.allSatisfy(\.status.isFine) }

  private static func sum(_ rows: [SeriesRow]) -> SeriesRow {
    let merged = SeriesCommit.allCases.filter(\.isMerged).compactMap { commit in
      rows.first { $0.commit == commit }
    }
    let missing = merged.filter { !$0.status.isFine && $0.isKnown }
    let unknown = merged.filter { !$0.isKnown }
    let judgedBy: SeriesMeans =
      merged.contains { $0.judgedBy == .behaviour } ? .behaviour : .structure
    func names(_ rows: [SeriesRow]) -> String { rows.map(\.commit.hash).list }
    let untold =
      unknown.isEmpty
      ? "" : "the subject does not determine \(unknown.count) of them: \(names(unknown))"
    guard !missing.isEmpty else {
      guard unknown.isEmpty else {
        return SeriesRow(
          .merge, unknown: "of the \(merged.count) commits that it merges, \(untold)",
          by: judgedBy)
      }
      return SeriesRow(
        .merge, .present, by: judgedBy,
        evidence: "all \(merged.count) commits that it merges are present or not needed")
    }
    let isAbsent = !merged.contains { $0.status == .present || $0.status == .partial }
    return SeriesRow(
      .merge, isAbsent ? .absent : .partial, by: judgedBy,
      evidence: "of the \(merged.count) commits that it merges, \(missing.count) "
        + "\(missing.count == 1 ? "is" : "are") missing or partly missing: \(names(missing))"
        + (unknown.isEmpty ? "" : "; \(untold)"))
  }
}
