// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

/// Cases in which the subject mends the same upstream bug, and differs in nothing else.
public struct MendGroup: Sendable, Hashable {
  public var mend: Mend
  /// The paging modes of the cases.
  public var modes: [String]
  /// The places of its cases in the run: cases of functions that the kernel itself calls first, then by size.
  public var places: [Int]

  /// The mends that findings show against an upstream state, listed hazards first.
  static func groups(findings: [CaseFinding], reference: UpstreamFixes) -> [MendGroup] {
    var members: [Mend: [CaseFinding]] = [:]
    for finding in findings {
      for mend in finding.mends(of: reference) where !mend.isConsequence {
        members[mend, default: []].append(finding)
      }
    }
    return members.sorted { $0.key < $1.key }.map { mend, cases in
      MendGroup(
        mend: mend, modes: Set(cases.map(\.mode)).sorted(),
        places: cases.sorted { $0.isShownBefore($1) }.map(\.place))
    }
  }
}

extension CaseFinding {
  /// The mends in the case, if the subject differs from an upstream state in nothing else.
  func mends(of reference: UpstreamFixes) -> [Mend] { comparisons[reference]?.mends ?? [] }

  /// Whether the case calls a function that the kernel itself calls.
  fileprivate var isReached: Bool {
    operations.contains { $0.isEntryPoint || $0 == .vmemmapPopulate }
  }

  fileprivate func isShownBefore(_ other: CaseFinding) -> Bool {
    if isReached != other.isReached { return isReached }
    return size == other.size ? place < other.place : size < other.size
  }

  /// The finding, without mends that rest on a consequence when no case shows the mend itself.
  fileprivate func crediting(_ shown: [UpstreamFixes: Set<Violation.Kind>]) -> CaseFinding {
    var finding = self
    for (fixes, result) in comparisons {
      let isShown = result.mends.allSatisfy {
        !$0.isConsequence || shown[fixes]?.contains($0.kind) ?? false
      }
      if !isShown { finding.comparisons[fixes]?.mends = [] }
    }
    return finding
  }
}

extension Array<CaseFinding> {
  /// The findings with only the mends that count.
  func crediting() -> [CaseFinding] {
    guard contains(where: { $0.comparisons.values.contains { !$0.mends.isEmpty } }) else {
      return self
    }
    var shown: [UpstreamFixes: Set<Violation.Kind>] = [:]
    for finding in self {
      for (fixes, result) in finding.comparisons {
        shown[fixes, default: []].formUnion(
          result.mends.filter { !$0.isConsequence }.map(\.kind))
      }
    }
    return map { $0.crediting(shown) }
  }
}

extension FunctionJudgement {
  /// Marks functions whose calls mend something as equivalent: their behaviour is not identical to the
  /// reference.
  static func marking(
    _ judgements: [FunctionJudgement], mendedIn findings: [CaseFinding], reference: UpstreamFixes
  ) -> [FunctionJudgement] {
    let mending = Set(
      findings.filter { !$0.mends(of: reference).isEmpty }.compactMap { finding in
        Set(finding.operations).count == 1 ? finding.operations.first : nil
      })
    return judgements.map { judgement in
      var judgement = judgement
      if judgement.status == .identical, mending.contains(judgement.function) {
        judgement.status = .equivalent
      }
      return judgement
    }
  }
}
