// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

/// The overall word on a subject; raw values are those of the JSON report.
public enum Verdict: String, Sendable, Codable {
  case conforms
  case missingFixes = "missing-fixes"
  case differs
  case unbuildable
  case incomplete
}

/// The word on one function; raw values are those of the JSON report.
public enum FunctionStatus: String, Sendable, Codable {
  case identical
  case equivalent
  case differs
  case absent
}

/// What a run says of one function of the surface.
public struct FunctionJudgement: Sendable, Hashable {
  /// The function.
  public var function: KernelFunction
  /// The word on it.
  public var status: FunctionStatus
  /// Direct calls of it, over all cases.
  public var cases: Int
  /// Direct calls of it that differ.
  public var differences: Int
  /// The names of the causes that its differences come from; empty when it is one itself.
  public var through: [String]
  /// The rules of equivalence that its calls needed.
  public var rules: [EquivalenceRule]
}

/// Cases that show the same kind of difference of the same cause, in the same mode.
public struct DifferenceGroup: Sendable, Hashable {
  /// The function it is put down to, or by which it shows.
  public var function: KernelFunction
  /// What it is put down to when that is no function of the surface: a helper, or another definition.
  public var helper: String?
  /// The paging mode's name.
  public var mode: String
  /// `Difference.signature`.
  public var signature: String
  /// The set of fixes that the cases were held against.
  public var reference: UpstreamFixes
  /// The fixes, missing or beyond what was asked for, that explain all of it; nil when none do.
  public var explanation: UpstreamFixes?
  /// The places of its cases in the run, the smallest case first.
  public var places: [Int]
  /// Whether a case shows it through an entry point, and not only by calling an inner function on a
  /// state that the entry points may never offer it.
  public var isReached: Bool
  /// The rules of the oracle that the subject, and not the reference, breaks in its first case.
  public var rules: [OracleRule]
  /// Those that it breaks in any of its cases.
  public var rulesOfCases: [OracleRule]
  /// The listed hazards that the reference has in each of its cases and the subject does not, which
  /// breaks no rule itself: upstream's bug may be mended here.
  public var mended: [Hazard.ID]

  /// The C name of what it is put down to.
  public var cause: String { helper ?? function.name }
}

/// The verdict on a subject and all that it rests on.
public struct Judgement: Sendable {
  /// The overall word.
  public var verdict: Verdict
  /// Which state of upstream the subject is in.
  public var search: FixSearch
  /// The word on each function of the surface.
  public var functions: [FunctionJudgement]
  /// Unexplained ones first, then by function and mode.
  public var groups: [DifferenceGroup]
  /// Entry points that the subject lacks: a kernel falls back on generic code that does nothing.
  public var absentEntryPoints: [KernelFunction]

  /// Missing fixes that the subject has in part: in some case it behaves as with the fix where the
  /// port without it does not.
  public var partial: [UpstreamFixes]

  /// What upstream's own text does wrong, and the subject with it.
  public var hazards: [HazardGroup]

  /// What the kernel lacks that the patch stands on, in upstream's order: no case shows it, for the
  /// reference does without, too.
  public var prerequisites: [UpstreamFixes]
  /// The bugs of upstream's text that the subject does not have; empty when the subject differs.
  public var mends: [MendGroup]
  /// Whether causes were looked for by experiment.
  public var isTried: Bool
  /// What the differences come from: unexplained ones first, each once.
  public var causes: [Cause]

  /// The fixes that the subject lacks, in whole or in part, in upstream's order.
  public var missing: [UpstreamFixes] {
    UpstreamFixes(search.missing + partial).members
  }

  /// The rules of equivalence that the verdict rests on.
  public var rules: [EquivalenceRule] { Set(functions.flatMap(\.rules)).sorted() }

  /// Judges a complete run of a subject that has `present` functions, of a kernel that is so. Where its text `bringsHotplug`,
  /// entry points that are not there are missed: one that is only about the creation side has none.
  /// Without `evidence`, differences are put down to functions by what calls of them show.
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
    // A text that is wrong elsewhere may never come to the call that has the bug.
    if verdict == .differs { mends = [] }
  }

  private static func causes(_ groups: [DifferenceGroup], _ evidence: Evidence?) -> [Cause] {
    var causes: [Cause] = []
    for group in groups {
      let isShown = evidence?.guilty.contains { $0.name == group.cause } ?? false
      let fixes = group.explanation ?? []
      if let known = causes.firstIndex(where: { $0.name == group.cause }) {
        // What no fix accounts for comes first, and of that one word is said.
        if !causes[known].fixes.isEmpty { causes[known].fixes.formUnion(fixes) }
        continue
      }
      causes.append(
        Cause(name: group.cause, fixes: fixes, proof: isShown ? .substitution : .calls))
    }
    return causes
  }
}
