// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

/// Cases in which the subject mends the same bug of upstream's text, and differs in nothing else.
public struct MendGroup: Sendable, Hashable {
  /// What is mended.
  public var mend: Mend
  /// The paging modes in which it shows.
  public var modes: [String]
  /// The places of its cases in the run, the smallest case first, entry points' before others.
  public var places: [Int]

  /// The mends that findings show against a state of upstream, listed ones first.
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
  /// What the subject mends in the case, when it differs in nothing else from a state of upstream.
  func mends(of reference: UpstreamFixes) -> [Mend] { comparisons[reference]?.mends ?? [] }

  /// Whether the kernel calls what the case calls.
  fileprivate var isReached: Bool {
    operations.contains { $0.isEntryPoint || $0 == .vmemmapPopulate }
  }

  fileprivate func isShownBefore(_ other: CaseFinding) -> Bool {
    if isReached != other.isReached { return isReached }
    return size == other.size ? place < other.place : size < other.size
  }

  /// The finding without mends of which no case shows that they remove anything.
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
  /// The findings with the mends that count.
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
  /// The same, where calls mend something: behaviour that is not the reference's is not called identical.
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
