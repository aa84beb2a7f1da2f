// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

/// The overall verdict on a subject; raw values are those of the JSON report.
public enum Verdict: String, Sendable, Codable {
  case conforms
  case missingFixes = "missing-fixes"
  case differs
  case unbuildable
  case incomplete
}

/// The verdict on one function; raw values are those of the JSON report.
public enum FunctionStatus: String, Sendable, Codable {
  case identical
  case equivalent
  case differs
  case absent
}

/// The result of a run for one function of the surface.
public struct FunctionJudgement: Sendable, Hashable {
  public var function: KernelFunction
  public var status: FunctionStatus
  /// The number of cases that call it directly.
  public var cases: Int
  /// The number of cases that differ in a direct call of it.
  public var differences: Int
  /// The names of the causes of its differences; empty when the function itself is a cause.
  public var through: [String]
  /// The equivalence rules that its calls needed.
  public var rules: [EquivalenceRule]
}

/// Cases that show the same kind of difference, with the same cause, in the same mode.
public struct DifferenceGroup: Sendable, Hashable {
  /// The function that is the cause, or in which the cause shows.
  public var function: KernelFunction
  /// The cause, if it is not a function of the surface: a helper, or another definition.
  public var helper: String?
  /// The paging mode's name.
  public var mode: String
  /// See ``Difference/signature``.
  public var signature: String
  /// The set of fixes that the cases were compared with.
  public var reference: UpstreamFixes
  /// The fixes, missing or beyond the requested set, that explain the whole group; nil when none do.
  public var explanation: UpstreamFixes?
  /// The places of its cases in the run; reports show the first one.
  public var places: [Int]
  /// Whether a case shows the difference through an entry point. If not, cases only call inner functions, on
  /// states that the entry points may never produce.
  public var isReached: Bool
  /// The oracle rules that the subject, and not the reference, breaks in the first case.
  public var rules: [OracleRule]
  /// The oracle rules that the subject, and not the reference, breaks in any of its cases.
  public var rulesOfCases: [OracleRule]
  /// The listed hazards that the reference has in each of its cases and the subject does not, while the
  /// subject breaks no rule itself. The subject may fix an upstream bug here.
  public var mended: [Hazard.ID]

  /// The C name of the cause.
  public var cause: String { helper ?? function.name }
}

/// The verdict on a subject, with its grounds.
public struct Judgement: Sendable {
  public var verdict: Verdict
  /// The upstream state that the subject implements.
  public var search: FixSearch
  /// One judgement for each function of the surface.
  public var functions: [FunctionJudgement]
  /// The groups of differences: unexplained ones first, then by function and mode.
  public var groups: [DifferenceGroup]
  /// Entry points that the subject lacks. A kernel falls back on generic code that does nothing.
  public var absentEntryPoints: [KernelFunction]

  /// Missing fixes that the subject has in part: in some case it behaves like the port with the fix, where
  /// the port without it differs.
  public var partial: [UpstreamFixes]

  /// Bugs of the upstream text that the subject has, too.
  public var hazards: [HazardGroup]

  /// Prerequisites of the patch that the kernel lacks, in upstream order. No case shows them, because the
  /// reference runs without them, too.
  public var prerequisites: [UpstreamFixes]
  /// Bugs of the upstream text that the subject does not have; empty when the subject differs.
  public var mends: [MendGroup]
  /// Whether experiments searched for the causes.
  public var isTried: Bool
  /// The causes of the differences: unexplained ones first, each once.
  public var causes: [Cause]

  /// The fixes that the subject lacks, in whole or in part, in upstream order.
  public var missing: [UpstreamFixes] {
    UpstreamFixes(search.missing + partial).members
  }

  /// The equivalence rules that the verdict rests on.
  public var rules: [EquivalenceRule] { Set(functions.flatMap(\.rules)).sorted() }

  /// Judges a complete run of a subject that has the functions `present`, on a kernel with the options
  /// `kernel`. If its text `bringsHotplug`, it must have all entry points; a text of only the creation side
  /// has none. Without `evidence`, the results of direct calls decide which function is the cause.
  public init(
    findings: [CaseFinding], present: [KernelFunction], against: UpstreamFixes,
    bringsHotplug: Bool = true, kernel: KernelOptions = .standard, evidence: Evidence? = nil
  ) {
    prerequisites = kernel.contains(.memmapWithoutAltmap) ? [.forwardedAltmap] : []
    let findings = findings.crediting()
    let found = FixSearch(findings: findings, against: against)
    let stated = found.stated(by: evidence)
    let shares = CauseShares(findings: findings, search: stated.search, evidence: evidence)
    let groups = DifferenceGroup.groups(findings: findings, search: stated.search, shares: shares)
    search = stated.search
    let untold = found.missing.filter { fix in
      !stated.told.contains(fix)
        && findings.contains {
          $0.difference(from: found.nearest) != nil
            && $0.difference(from: found.nearest.union(fix)) == nil
        }
    }
    partial = UpstreamFixes(stated.partial + untold).members
    self.groups = groups
    causes = Self.causes(groups, evidence)
    isTried = evidence != nil
    hazards = HazardGroup.groups(findings: findings)
    mends = MendGroup.groups(findings: findings, reference: search.nearest)
    functions = FunctionJudgement.marking(
      FunctionJudgement.all(
        findings: findings, present: present, against: against, shares: shares),
      mendedIn: findings, reference: search.nearest)
    absentEntryPoints = KernelFunction.allCases.filter {
      bringsHotplug && $0.isEntryPoint && !present.contains($0)
    }
    if !absentEntryPoints.isEmpty || !found.isFaithful || !found.beyond.isEmpty {
      verdict = .differs
    } else {
      verdict = (prerequisites + found.missing).isEmpty ? .conforms : .missingFixes
    }
    // A text with other defects may never reach the call that has the bug.
    if verdict == .differs { mends = [] }
  }

  private static func causes(_ groups: [DifferenceGroup], _ evidence: Evidence?) -> [Cause] {
    var causes: [Cause] = []
    for group in groups {
      let isShown = evidence?.guilty.contains { $0.name == group.cause } ?? false
      let fixes = group.explanation ?? []
      if let known = causes.firstIndex(where: { $0.name == group.cause }) {
        // Unexplained groups come first; a cause with one stays unexplained.
        if !causes[known].fixes.isEmpty { causes[known].fixes.formUnion(fixes) }
        continue
      }
      causes.append(
        Cause(name: group.cause, fixes: fixes, proof: isShown ? .substitution : .calls))
    }
    return causes
  }
}
