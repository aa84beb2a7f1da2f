// SPDX-License-Identifier: GPL-2.0-only

import HotplugPort
import MachineModel
import Oracle

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
  public var function: SurfaceFunction
  /// The word on it.
  public var status: FunctionStatus
  /// Direct calls of it, over all cases.
  public var cases: Int
  /// Direct calls of it that differ.
  public var differences: Int
  /// The functions that its differences are put down to; empty when they are its own.
  public var through: [SurfaceFunction]
  /// The rules of equivalence that its calls needed.
  public var rules: [EquivalenceRule]
}

/// Cases that show the same kind of difference in the same function and mode.
public struct DifferenceGroup: Sendable, Hashable {
  /// The function it is put down to.
  public var function: SurfaceFunction
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
  /// The rules of the oracle that the subject, and not the reference, breaks in its cases.
  public var rules: [OracleRule]
  /// The listed hazards that the reference has in each of its cases and the subject does not, which
  /// breaks no rule itself: upstream's bug may be mended here.
  public var mended: [Hazard.ID]
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
  public var absentEntryPoints: [SurfaceFunction]

  /// Missing fixes that the subject has in part: in some case it behaves as with the fix where the
  /// port without it does not.
  public var partial: [UpstreamFixes]

  /// What upstream's own text does wrong, and the subject with it.
  public var hazards: [HazardGroup]

  /// The rules of equivalence that the verdict rests on.
  public var rules: [EquivalenceRule] { Set(functions.flatMap(\.rules)).sorted() }

  /// Judges a complete run of a subject that has `present` functions. Where its text `bringsHotplug`,
  /// entry points that are not there are missed: one that is only about the creation side has none.
  public init(
    findings: [CaseFinding], present: [SurfaceFunction], against: UpstreamFixes,
    bringsHotplug: Bool = true
  ) {
    let search = FixSearch(findings: findings, against: against)
    let groups = DifferenceGroup.groups(findings: findings, search: search)
    self.search = search
    self.groups = groups
    hazards = HazardGroup.groups(findings: findings)
    partial = search.missing.filter { fix in
      findings.contains {
        $0.difference(from: search.nearest) != nil
          && $0.difference(from: search.nearest.union(fix)) == nil
      }
    }
    functions = FunctionJudgement.all(findings: findings, present: present, against: against)
    absentEntryPoints = SurfaceFunction.allCases.filter {
      bringsHotplug && $0.isEntryPoint && !present.contains($0)
    }
    if !absentEntryPoints.isEmpty || !search.isFaithful || !search.beyond.isEmpty {
      verdict = .differs
    } else {
      verdict = search.missing.isEmpty ? .conforms : .missingFixes
    }
  }
}
