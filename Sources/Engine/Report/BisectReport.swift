// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// Which commit changed what a subject does, as a value.
public struct BisectReport: Sendable {
  /// A commit.
  public struct Commit: Sendable, Hashable {
    /// The whole hash.
    public var hash: String
    /// The first line of its message: strangers' words.
    public var title: String
    /// Its author's name: strangers' words.
    public var author: String

    public init(hash: String, title: String, author: String) {
      self.hash = hash
      self.title = title
      self.author = author
    }

    /// Twelve digits.
    package var short: String { String(hash.prefix(12)) }
  }

  /// A commit that said nothing, and why.
  public struct Skipped: Sendable, Hashable {
    /// The commit.
    public var commit: Commit
    /// Why, in one line.
    public var reason: String

    public init(commit: Commit, reason: String) {
      self.commit = commit
      self.reason = reason
    }
  }

  /// What changed, by the good revision and the first that is known to behave otherwise.
  public struct Change: Sendable {
    /// The two, each held against the port with all fixes.
    public var before: Report
    /// The report after the change.
    public var after: Report
    /// The later text held against the earlier; cases of the catalogue alone.
    public var comparison: SubjectComparison
    /// The case that told them apart, where no case of the catalogue does.
    public var otherCase: Scenario?

    public init(
      before: Report, after: Report, comparison: SubjectComparison, otherCase: Scenario?
    ) {
      self.before = before
      self.after = after
      self.comparison = comparison
      self.otherCase = otherCase
    }
  }

  /// What came of it.
  public enum Outcome: Sendable {
    /// The two revisions behave alike; whether their texts are the same, too.
    case alike(isSameText: Bool)
    /// One of these commits, oldest first, is the one: a single one unless some between say nothing.
    case found(suspects: [Commit], change: Change)
  }

  /// The tool's version.
  public var tool: String
  /// The repository, as the user typed it.
  public var repository: String
  /// The good revision, as typed, and its commit.
  public var good: (revision: String, hash: String)
  /// The bad revision, as typed, and its commit.
  public var bad: (revision: String, hash: String)
  /// The paging modes' names.
  public var modes: [String]
  /// How much was run of each revision, as `--depth` has it.
  public var depth: String
  /// Commits between the two that touch what subjects are read from.
  public var commits: Int
  /// Revisions that were run.
  public var runs: Int
  /// Revisions that did not have to be: their text had been seen.
  public var known: Int
  /// Those that said nothing, in the order in which they were met.
  public var skipped: [Skipped]
  /// From start to end.
  public var seconds: Double
  /// What came of it.
  public var outcome: Outcome

  /// Whether no behaviour changed.
  public var isAlike: Bool {
    if case .alike = outcome { true } else { false }
  }
}

extension BisectReport.Change {
  /// Fixes that the earlier text has and the later lacks, wholly or in part.
  package var lostFixes: [UpstreamFixes.Description] {
    UpstreamFixes.all.filter { has($0.fix, before) && !has($0.fix, after) }
  }

  /// Fixes that the later text has and the earlier lacks.
  package var gainedFixes: [UpstreamFixes.Description] {
    UpstreamFixes.all.filter { has($0.fix, after) && !has($0.fix, before) }
  }

  /// Listed hazards that came.
  package var newHazards: [String] { hazards(after).filter { !hazards(before).contains($0) } }

  /// Listed hazards that went.
  package var goneHazards: [String] { hazards(before).filter { !hazards(after).contains($0) } }

  /// The functions in which the two differ, and entry points that came or went.
  package var functions: [KernelFunction] {
    let only = (comparison.onlyFirst + comparison.onlySecond).filter(\.isEntryPoint)
    return Set(comparison.functions + only).sorted()
  }

  private func has(_ fix: UpstreamFixes, _ report: Report) -> Bool {
    report.nearest.contains(fix) && !report.partial.contains(fix)
  }

  private func hazards(_ report: Report) -> [String] {
    report.hazards.map(\.group.id).filter { $0 != FleetReport.unlisted }
  }
}
