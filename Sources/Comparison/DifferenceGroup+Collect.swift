// SPDX-License-Identifier: GPL-2.0-only

import HotplugPort
import MachineModel
import Oracle

extension DifferenceGroup {
  private struct Key: Hashable {
    var function: SurfaceFunction
    var mode: String
    var signature: String
    var reference: UpstreamFixes
    var explanation: UpstreamFixes?
  }

  /// Puts the differing cases of a run into groups.
  ///
  /// A case that agrees with the nearest set of fixes is explained by what that set lacks; one that
  /// does not is shown against the nearest set, so that what a missing fix explains does not hide it.
  static func groups(findings: [CaseFinding], search: FixSearch) -> [DifferenceGroup] {
    let explained = Attribution(findings: findings, reference: search.against)
    let unexplained = Attribution(findings: findings, reference: search.nearest)
    var members: [Key: [CaseFinding]] = [:]
    for finding in findings {
      // Right where the nearest set is wrong is no defect: the subject has part of a missing fix.
      guard finding.difference(from: search.against) != nil else { continue }
      let own = finding.difference(from: search.nearest)
      guard let difference = own ?? finding.difference(from: search.against) else { continue }
      let reference = own == nil ? search.against : search.nearest
      let attribution = own == nil ? explained : unexplained
      guard let called = attribution.called(in: finding) else { continue }
      let function = attribution.innermost(
        below: called, mode: finding.mode, signature: difference.signature)
      let key = Key(
        function: function, mode: finding.mode, signature: difference.signature,
        reference: reference,
        explanation: own == nil ? explanation(of: finding, search: search) : nil)
      members[key, default: []].append(finding)
    }
    return members.map { key, cases in
      DifferenceGroup(
        function: key.function, mode: key.mode, signature: key.signature,
        reference: key.reference, explanation: key.explanation,
        places: cases.sorted { isShownBefore($0, $1, function: key.function) }.map(\.place),
        isReached: cases.contains { $0.operations.contains(where: \.isEntryPoint) },
        rules: Set(cases.flatMap { $0.broken.own.map(\.rule) }).sorted(),
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

  /// The fix, missing or beyond what was asked for, that alone makes the difference in a case; all
  /// of them when none does alone.
  private static func explanation(of finding: CaseFinding, search: FixSearch) -> UpstreamFixes {
    let departures = search.missing + search.beyond
    return departures.first { fix in
      finding.difference(from: search.against.symmetricDifference(fix)) == nil
    } ?? UpstreamFixes(departures)
  }

  /// Puts cases that differ from one reference into groups that no fix explains.
  public static func groups(
    findings: [CaseFinding], reference: UpstreamFixes
  ) -> [DifferenceGroup] {
    groups(findings: findings, search: FixSearch(against: reference, nearest: reference))
  }

  /// Cases that call the function directly first; of equal ones the smaller.
  private static func isShownBefore(
    _ left: CaseFinding, _ right: CaseFinding, function: SurfaceFunction
  ) -> Bool {
    let leftIsDirect = left.operations.contains(function)
    let rightIsDirect = right.operations.contains(function)
    if leftIsDirect != rightIsDirect { return leftIsDirect }
    return left.size == right.size ? left.place < right.place : left.size < right.size
  }

  private var sortKey: (Int, UInt8, UInt32, String, String) {
    (
      explanation == nil ? 0 : 1, explanation?.rawValue ?? 0, function.rawValue, mode, signature
    )
  }
}
