// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

extension DifferenceGroup {
  private struct Key: Hashable {
    var share: CauseShares.Share
    var mode: String
    var signature: String
    var reference: UpstreamFixes
  }

  /// A case of a group, with the number of parts that cause its difference.
  private struct Member {
    var finding: CaseFinding
    var parts: Int
  }

  /// Groups the differing cases of a run.
  ///
  /// A difference that fixes explain is shown against the requested set. Any other is shown against the
  /// nearest set, so that the effect of a missing fix does not hide it.
  static func groups(
    findings: [CaseFinding], search: FixSearch, shares: CauseShares
  ) -> [DifferenceGroup] {
    var members: [Key: [Member]] = [:]
    for finding in findings {
      let parts = shares.shares(of: finding)
      for share in parts {
        let nearest = share.explanation == nil ? finding.difference(from: search.nearest) : nil
        guard let difference = nearest ?? finding.difference(from: search.against) else { continue }
        let key = Key(
          share: share, mode: finding.mode, signature: difference.signature,
          reference: nearest == nil ? search.against : search.nearest)
        members[key, default: []].append(Member(finding: finding, parts: parts.count))
      }
    }
    return members.map { key, members in
      let cases = members.sorted { isShownBefore($0, $1, function: key.share.function) }
        .map(\.finding)
      return DifferenceGroup(
        function: key.share.function, helper: key.share.helper, mode: key.mode,
        signature: key.signature, reference: key.reference, explanation: key.share.explanation,
        places: cases.map(\.place),
        isReached: cases.contains { $0.operations.contains(where: \.isEntryPoint) },
        rules: Set(cases.first?.broken.own.map(\.rule) ?? []).sorted(),
        rulesOfCases: Set(cases.flatMap { $0.broken.own.map(\.rule) }).sorted(),
        mended: mended(in: cases))
    }
    .sorted { $0.sortKey < $1.sortKey }
  }

  private static func mended(in cases: [CaseFinding]) -> [Hazard.ID] {
    guard let first = cases.first, cases.allSatisfy(\.broken.own.isEmpty) else { return [] }
    return Set(first.broken.mended.compactMap(\.hazard)).filter { hazard in
      cases.allSatisfy { $0.broken.mended.contains { $0.hazard == hazard } }
    }.sorted()
  }

  /// Groups the cases that differ from one reference; no fix explains these groups.
  public static func groups(
    findings: [CaseFinding], reference: UpstreamFixes
  ) -> [DifferenceGroup] {
    let search = FixSearch(against: reference, nearest: reference)
    return groups(
      findings: findings, search: search,
      shares: CauseShares(findings: findings, search: search, evidence: nil))
  }

  /// Cases with fewer causes come first, then cases that break a rule, then cases that call the function
  /// directly; of equal cases the smaller one.
  private static func isShownBefore(
    _ left: Member, _ right: Member, function: KernelFunction
  ) -> Bool {
    if left.parts != right.parts { return left.parts < right.parts }
    let (left, right) = (left.finding, right.finding)
    let ranks = [left, right].map { finding in
      (finding.broken.own.isEmpty ? 2 : 0) + (finding.operations.contains(function) ? 0 : 1)
    }
    if ranks[0] != ranks[1] { return ranks[0] < ranks[1] }
    return left.size == right.size ? left.place < right.place : left.size < right.size
  }

  private var sortKey: (Int, UInt8, UInt32, String, String, String) {
    (
      explanation == nil ? 0 : 1, explanation?.rawValue ?? 0, function.rawValue, helper ?? "",
      mode, signature
    )
  }
}
