// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

/// A finding of a report that a file of expectations can name.
public enum ReportedFinding: Sendable, Hashable {
  /// A requested fix that is missing, by its commit; it stands for the differences that it explains.
  case missing(commit: String)
  /// A fix beyond the requested set, by its commit.
  case beyond(commit: String)
  /// An entry point that the subject lacks.
  case absent(KernelFunction)
  /// A kind of difference that no fix explains, in one function and mode, with the oracle rules that the
  /// subject breaks.
  case difference(function: KernelFunction, mode: String, kind: String, rules: [OracleRule])
  /// A rule that the upstream text and the subject both break, in one mode: "H1", ... or "unlisted".
  case hazard(id: String, mode: String, rule: OracleRule)

  /// The finding in words.
  public var sentence: String {
    switch self {
    case .missing(let commit): "the fix \(commit) is missing"
    case .beyond(let commit): "the fix \(commit) is present, but was not requested"
    case .absent(let function): "\(function.name) is absent"
    case .difference(let function, let mode, let kind, let rules):
      "\(function.name) differs on \(mode): \(kind)"
        + (rules.isEmpty ? "" : ", breaks \(rules.map(\.rawValue).list)")
    case .hazard(let id, let mode, let rule): "hazard \(id) on \(mode) (\(rule.rawValue))"
    }
  }
}

extension Report {
  /// All findings that an expectation can name, in the report's order.
  public var findings: [ReportedFinding] {
    missing.flatMap(\.descriptions).map { .missing(commit: $0.commit) }
      + beyond.flatMap(\.descriptions).map { .beyond(commit: $0.commit) }
      + absentEntryPoints.map { .absent($0) }
      + groups.filter { $0.explanation == nil }.map {
        .difference(function: $0.function, mode: $0.mode, kind: $0.signature, rules: $0.rules)
      }
      + hazards.flatMap { reported in
        reported.group.modes.map {
          .hazard(id: reported.group.id, mode: $0, rule: reported.group.rule)
        }
      }
  }
}

/// The result of the comparison of a report with a file of expectations.
public struct ExpectationOutcome: Sendable, Hashable {
  /// A line of the file that matches nothing in the report.
  public struct Stale: Sendable, Hashable {
    /// The line number, from 1.
    public var line: Int
    /// The expectation, as the file has it.
    public var text: String

    public init(line: Int, text: String) {
      self.line = line
      self.text = text
    }
  }

  public var file: String
  /// Findings that the file names.
  public var expected: [ReportedFinding]
  /// Findings that the file does not name.
  public var unexpected: [ReportedFinding]
  /// Expectations that no longer occur.
  public var stale: [Stale]
  /// The number of expectations that the program wrote and nobody has given a reason for.
  public var unexplained: Int

  public init(
    file: String, expected: [ReportedFinding], unexpected: [ReportedFinding], stale: [Stale],
    unexplained: Int
  ) {
    self.file = file
    self.expected = expected
    self.unexpected = unexpected
    self.stale = stale
    self.unexplained = unexplained
  }

  /// Whether the file expects every finding, and every expectation occurs.
  public var isMet: Bool { unexpected.isEmpty && stale.isEmpty }
}
