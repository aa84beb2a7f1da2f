// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// The parts of a subject that cause the difference in each case: those that experiments found, or else the
/// innermost function that shows the difference.
struct CauseShares {
  /// A part that causes the difference in a case.
  struct Share: Hashable {
    /// The function of the surface in which the difference shows.
    var function: KernelFunction
    /// The part's name, if the part is not a function of the surface.
    var helper: String?
    /// The fixes that explain the difference; nil when no fix does.
    var explanation: UpstreamFixes?
  }

  private let search: FixSearch
  private let evidence: Evidence?
  private let explained: Attribution
  private let unexplained: Attribution

  init(findings: [CaseFinding], search: FixSearch, evidence: Evidence?) {
    self.search = search
    self.evidence = evidence
    explained = Attribution(findings: findings, reference: search.against)
    unexplained = Attribution(findings: findings, reference: search.nearest)
  }

  /// The function that a case calls directly and that shows the difference.
  func called(in finding: CaseFinding) -> KernelFunction? {
    (finding.difference(from: search.nearest) == nil ? explained : unexplained)
      .called(in: finding) ?? explained.called(in: finding)
  }

  /// The parts that cause the difference in a case; empty where the case agrees with the requested set of
  /// fixes.
  func shares(of finding: CaseFinding) -> [Share] {
    // Agreement with `against` where `nearest` differs is not a defect: the subject has part of a missing
    // fix.
    guard finding.difference(from: search.against) != nil, let called = called(in: finding) else {
      return []
    }
    if let shown = evidence?.shares[finding.place], !shown.isEmpty {
      return shown.map { share in
        Share(
          function: share.function ?? called, helper: share.function == nil ? share.name : nil,
          explanation: share.fixes.isEmpty ? nil : share.fixes)
      }
    }
    guard let own = finding.difference(from: search.nearest) else {
      return [explainedShare(of: finding, called: called)]
    }
    let guilty = evidence?.guilty ?? []
    if !guilty.contains(where: { $0.function != nil }),
      let helper = guilty.map(\.name).min()
    {
      return [Share(function: called, helper: helper, explanation: nil)]
    }
    let innermost = unexplained.innermost(
      below: called, mode: finding.mode, signature: own.signature)
    let function = suspect(for: innermost, in: finding)
    return [Share(function: function, helper: nil, explanation: elsewhere(function))]
  }

  /// The fixes that explain a function in every experiment; nil if no fix explains one of them.
  private func elsewhere(_ function: KernelFunction) -> UpstreamFixes? {
    let shown = (evidence?.guilty ?? []).filter { $0.function == function }.map(\.fixes)
    guard !shown.isEmpty, !shown.contains([]) else { return nil }
    return shown.reduce([]) { $0.union($1) }
  }

  private func explainedShare(of finding: CaseFinding, called: KernelFunction) -> Share {
    let fixes = explanation(of: finding)
    let signature = finding.difference(from: search.against)?.signature ?? ""
    let innermost = explained.innermost(below: called, mode: finding.mode, signature: signature)
    let holders = fixes.functions
    let function =
      holders.contains(innermost)
      ? innermost : holders.last { called.reach.contains($0) } ?? innermost
    return Share(function: function, helper: nil, explanation: fixes)
  }

  /// The fix, missing or beyond the requested set, that alone explains the difference in a case; all of them
  /// when none does alone.
  private func explanation(of finding: CaseFinding) -> UpstreamFixes {
    let departures = search.missing + search.beyond
    return departures.first { fix in
      finding.difference(from: search.against.symmetricDifference(fix)) == nil
    } ?? UpstreamFixes(departures)
  }

  /// Replaces a function whose text equals the reference by the innermost one that the case reaches and whose
  /// text differs. Causes of other cases come first, then untested functions.
  private func suspect(
    for function: KernelFunction, in finding: CaseFinding
  ) -> KernelFunction {
    guard let evidence else { return function }
    let guilty = Set(evidence.guilty.compactMap(\.function))
    let reached = Set(finding.operations.flatMap(\.reach))
    for candidates in [guilty, evidence.untested, evidence.suspects] {
      if candidates.contains(function) { return function }
      if let inner = candidates.intersection(reached).min() { return inner }
    }
    // Never blame a text that equals the reference, even if the experiments did not cover its callers.
    return guilty.min() ?? evidence.untested.min() ?? evidence.suspects.min() ?? function
  }
}
