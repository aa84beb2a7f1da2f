// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// Which parts of a subject the difference in each case is put down to: those that experiments name, and
/// without any, the innermost function that shows it.
struct CauseShares {
  /// A part that makes a difference in a case.
  struct Share: Hashable {
    /// A function of the surface by which it shows.
    var function: KernelFunction
    /// The part's name when it is no function of the surface.
    var helper: String?
    /// The fixes that account for it; nil when none do.
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

  /// The function that a case calls directly and that its difference shows in.
  func called(in finding: CaseFinding) -> KernelFunction? {
    (finding.difference(from: search.nearest) == nil ? explained : unexplained)
      .called(in: finding) ?? explained.called(in: finding)
  }

  /// The parts that make the difference in a case; none where it agrees with what was asked for.
  func shares(of finding: CaseFinding) -> [Share] {
    // Right where the nearest set is wrong is no defect: the subject has part of a missing fix.
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

  /// The fixes that account for a function wherever it was tried; nil where some case is not theirs.
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

  /// The fix, missing or beyond what was asked for, that alone makes the difference in a case; all
  /// of them when none does alone.
  private func explanation(of finding: CaseFinding) -> UpstreamFixes {
    let departures = search.missing + search.beyond
    return departures.first { fix in
      finding.difference(from: search.against.symmetricDifference(fix)) == nil
    } ?? UpstreamFixes(departures)
  }

  /// A function whose text is not the reference's, in place of one whose text is: the innermost that the
  /// case reaches, of those that are causes elsewhere if there are any.
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
    // A right text is accused of nothing, whatever is not known of the way there.
    return guilty.min() ?? evidence.untested.min() ?? evidence.suspects.min() ?? function
  }
}
