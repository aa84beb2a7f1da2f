// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

/// Cases in which the subject and the reference break the same oracle rule in the same way.
public struct HazardGroup: Sendable, Hashable {
  /// The listed hazard; nil for an unlisted one.
  public var hazard: Hazard.ID?
  /// The rule that the cases break; if there are several, that of the first case.
  public var rule: OracleRule
  /// The violation in the first case.
  public var violation: Violation
  /// The paging modes of the cases.
  public var modes: [String]
  /// The places of its cases in the run: hazard scenarios first, then cases that call entry points, then the
  /// others; each by size.
  public var places: [Int]

  /// "H1", ... or "unlisted".
  public var id: String { hazard?.rawValue ?? "unlisted" }

  /// The hazard groups of a run: listed hazards by number, then the others by rule.
  static func groups(findings: [CaseFinding]) -> [HazardGroup] {
    var members: [Violation.Kind: [(finding: CaseFinding, violation: Violation)]] = [:]
    for finding in findings {
      for violation in finding.broken.shared {
        members[violation.kind, default: []].append((finding, violation))
      }
    }
    return members.values.compactMap { cases -> HazardGroup? in
      let ordered = cases.sorted { isShownBefore($0.finding, $1.finding) }
      guard let first = ordered.first else { return nil }
      return HazardGroup(
        hazard: first.violation.hazard, rule: first.violation.rule, violation: first.violation,
        modes: Set(cases.map(\.finding.mode)).sorted(), places: ordered.map(\.finding.place))
    }
    .sorted { $0.sortKey < $1.sortKey }
  }

  private static func isShownBefore(_ left: CaseFinding, _ right: CaseFinding) -> Bool {
    let ranks = [left, right].map { finding in
      if finding.scenario.hasPrefix("hazard/") { return 0 }
      return finding.operations.contains(where: \.isEntryPoint) ? 1 : 2
    }
    if ranks[0] != ranks[1] { return ranks[0] < ranks[1] }
    return left.size == right.size ? left.place < right.place : left.size < right.size
  }

  private var sortKey: (Int, String) {
    (hazard.flatMap(Hazard.ID.allCases.firstIndex) ?? Hazard.ID.allCases.count, rule.rawValue)
  }
}
