// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

extension FunctionJudgement {
  /// Judges every function of the surface by its direct calls, compared with the port at a set of fixes.
  static func all(
    findings: [CaseFinding], present: [KernelFunction], against: UpstreamFixes,
    shares: CauseShares
  ) -> [FunctionJudgement] {
    let attribution = Attribution(findings: findings, reference: against)
    var judgements = KernelFunction.allCases.map { function in
      FunctionJudgement(
        function: function, status: present.contains(function) ? .identical : .absent, cases: 0,
        differences: 0, through: [], rules: [])
    }
    var hasOwn: Set<KernelFunction> = []
    for finding in findings {
      for function in Set(finding.operations) {
        judgements[Int(function.rawValue)].cases += 1
      }
      if let only = Set(finding.operations).only {
        let rules = finding.comparisons[against]?.rules ?? []
        judgements[Int(only.rawValue)].rules += rules
      }
      guard let function = attribution.called(in: finding) else { continue }
      let index = Int(function.rawValue)
      judgements[index].differences += 1
      for share in shares.shares(of: finding) {
        if share.helper == nil, share.function == function { hasOwn.insert(function) }
        judgements[index].through.append(share.helper ?? share.function.name)
      }
    }
    return judgements.map { judgement in
      var judgement = judgement
      judgement.rules = Set(judgement.rules).sorted()
      judgement.through =
        hasOwn.contains(judgement.function) ? [] : inOrder(judgement.through)
      if judgement.status == .identical, !judgement.rules.isEmpty { judgement.status = .equivalent }
      if judgement.status != .absent, judgement.differences > 0 { judgement.status = .differs }
      return judgement
    }
  }

  /// Each name once: functions of the surface in surface order, then the other names.
  private static func inOrder(_ names: [String]) -> [String] {
    let surface = KernelFunction.allCases.map(\.name).filter(names.contains)
    return surface + Set(names).subtracting(surface).sorted()
  }
}

extension Set {
  /// The element of a set of one; nil for other sets.
  fileprivate var only: Element? { count == 1 ? first : nil }
}
