// SPDX-License-Identifier: GPL-2.0-only

/// What is there of a commit.
public enum SeriesStatus: String, Sendable, Codable, CaseIterable {
  case present
  case partial
  case absent
  case notNeeded = "not-needed"

  /// Whether nothing has to be picked.
  public var isFine: Bool { self == .present || self == .notNeeded }
}

/// How a row was judged.
public enum SeriesMeans: String, Sendable, Codable {
  /// The subject's code was run.
  case behaviour
  /// Its text was read: configuration, attributes.
  case structure
}

/// What is said of one commit.
public struct SeriesRow: Sendable, Hashable {
  /// The commit.
  public let commit: SeriesCommit
  /// What is there of it.
  public let status: SeriesStatus
  /// How that is known.
  public let judgedBy: SeriesMeans
  /// What was seen, and where, in one sentence.
  public let evidence: String
  /// Whether the subject tells the status. Where it does not, the status is `partial`, and the evidence
  /// says what it does not show.
  public let isKnown: Bool
  /// Older commits of upstream that have to be picked before it, in order: it changes what they brought.
  public var first: [String] = []

  /// A row about what is known.
  public init(
    _ commit: SeriesCommit, _ status: SeriesStatus, by judgedBy: SeriesMeans, evidence: String
  ) {
    self.commit = commit
    self.status = status
    self.judgedBy = judgedBy
    self.evidence = evidence
    isKnown = true
  }

  /// A row about what the subject does not tell.
  public init(
    _ commit: SeriesCommit, unknown evidence: String, by judgedBy: SeriesMeans = .structure
  ) {
    self.commit = commit
    status = .partial
    self.judgedBy = judgedBy
    self.evidence = evidence
    isKnown = false
  }

  /// The same row, to be picked after some older commits.
  public func picked(after commits: [String]) -> SeriesRow {
    var row = self
    row.first = commits
    return row
  }

  /// Whether something has to be picked; a merge is not.
  public var isToBePicked: Bool { isKnown && !status.isFine && commit != .merge }
}

/// All that is said of a series, as a value.
public struct SeriesReport: Sendable {
  /// The tool's version.
  public let tool: String
  /// As `SubjectText.kind`.
  public let kind: String
  /// As `SubjectText.origin`.
  public let origin: String
  /// One row a commit, in the order of `SeriesCommit`.
  public let rows: [SeriesRow]

  /// The rows of the commits, and what they come to for the merge of them all.
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
    func names(_ rows: [SeriesRow]) -> String { rows.map(\.commit.hash).joined(separator: ", ") }
    let untold =
      unknown.isEmpty ? "" : "the subject does not tell \(unknown.count): \(names(unknown))"
    guard !missing.isEmpty else {
      guard unknown.isEmpty else {
        return SeriesRow(
          .merge, unknown: "of the \(merged.count) commits that it merges, \(untold)",
          by: judgedBy)
      }
      return SeriesRow(
        .merge, .present, by: judgedBy,
        evidence: "all \(merged.count) commits that it merges are there or not needed")
    }
    let isAbsent = !merged.contains { $0.status == .present || $0.status == .partial }
    return SeriesRow(
      .merge, isAbsent ? .absent : .partial, by: judgedBy,
      evidence: "of the \(merged.count) commits that it merges, \(missing.count) are missing or "
        + "partly missing: \(names(missing))" + (unknown.isEmpty ? "" : "; \(untold)"))
  }
}
