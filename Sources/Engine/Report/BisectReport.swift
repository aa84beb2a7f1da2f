// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// The result of a bisection: the commit that changed the behaviour of a subject.
public struct BisectReport: Sendable {
  public struct Commit: Sendable, Hashable {
    /// The full hash.
    public var hash: String
    /// The first line of its message; untrusted text.
    public var title: String
    /// Its author's name; untrusted text.
    public var author: String

    public init(hash: String, title: String, author: String) {
      self.hash = hash
      self.title = title
      self.author = author
    }

    /// The first twelve digits of the hash.
    package var short: String { String(hash.prefix(12)) }
  }

  /// A commit that could not be judged, with the reason.
  public struct Skipped: Sendable, Hashable {
    public var commit: Commit
    /// The reason, in one line.
    public var reason: String

    public init(commit: Commit, reason: String) {
      self.commit = commit
      self.reason = reason
    }
  }

  /// The change, shown by the good revision and the first one that is known to behave differently.
  public struct Change: Sendable {
    /// The report before the change; both reports compare with the port with all fixes.
    public var before: Report
    /// The report after the change.
    public var after: Report
    /// The comparison of the later text with the earlier one, with cases of the catalogue alone.
    public var comparison: SubjectComparison
    /// The case that shows the change, if no case of the catalogue does.
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

  /// The outcome of the search.
  public enum Outcome: Sendable {
    /// The two revisions behave the same. `isSameText`: whether their texts are the same, too.
    case alike(isSameText: Bool)
    /// One of these commits, oldest first, is the change. There is one suspect, unless commits between could
    /// not be judged.
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
  /// The depth of the run of each revision, as `--depth` names it.
  public var depth: String
  /// The number of commits between the two that touch the files of the subject.
  public var commits: Int
  /// The number of revisions that were run.
  public var runs: Int
  /// The number of revisions that were not run, because their text was already judged.
  public var known: Int
  /// The commits that could not be judged, in the order of the search.
  public var skipped: [Skipped]
  /// The duration of the whole run.
  public var seconds: Double
  public var outcome: Outcome

  /// Whether the behaviour did not change.
  public var isAlike: Bool {
    if case .alike = outcome { true } else { false }
  }
}

extension BisectReport.Change {
  /// Fixes that the earlier text has and the later one lacks, wholly or in part.
  package var lostFixes: [UpstreamFixes.Description] {
    UpstreamFixes.all.filter { has($0.fix, before) && !has($0.fix, after) }
  }

  /// Fixes that the later text has and the earlier one lacks, wholly or in part.
  package var gainedFixes: [UpstreamFixes.Description] {
    UpstreamFixes.all.filter { has($0.fix, after) && !has($0.fix, before) }
  }

  /// Listed hazards that only the later text has.
  package var newHazards: [String] { hazards(after).filter { !hazards(before).contains($0) } }

  /// Listed hazards that only the earlier text has.
  package var goneHazards: [String] { hazards(before).filter { !hazards(after).contains($0) } }

  /// The functions in which the two differ, and entry points that only one of them has.
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
