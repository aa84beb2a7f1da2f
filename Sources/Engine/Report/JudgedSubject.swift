// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

/// A judged subject for the line of a verdict: a report, or the extract of one that a fleet keeps.
package protocol JudgedSubject: Sendable {
  var subject: SubjectSummary { get }
  var against: UpstreamFixes { get }
  var verdict: Verdict { get }
  var missing: [UpstreamFixes] { get }
  var partial: [UpstreamFixes] { get }
  var beyond: [UpstreamFixes] { get }
  var unseen: [UpstreamFixes] { get }
  var functions: [FunctionJudgement] { get }
  var absentEntryPoints: [KernelFunction] { get }
  var compiledOut: NotCompiled? { get }
  var isTried: Bool { get }
  var causes: [Cause] { get }
  var cases: Int { get }
  var seconds: Double { get }
  /// The names that the tree's own headers define differently from the stub headers.
  var strangeNames: [String] { get }
  /// Whether the comparison of the tree's own headers failed.
  var hasUnknownHeaders: Bool { get }
  /// Bugs of the upstream text that the subject does not have.
  var mendedBugs: [UpstreamBug] { get }
  /// Bugs of the upstream text that the subject has, too.
  var sharedBugs: [UpstreamBug] { get }
}

/// A bug of the upstream text: a listed hazard, or else the rule that it breaks.
public struct UpstreamBug: Sendable, Hashable {
  package var hazard: Hazard.ID?
  package var rule: OracleRule

  package init(hazard: Hazard.ID?, rule: OracleRule) {
    self.hazard = hazard
    self.rule = rule
  }

  /// "H1", ... or "unlisted".
  package var id: String { hazard?.rawValue ?? "unlisted" }

  /// The bug, in one line.
  package var title: String {
    hazard.map { Hazard($0).title } ?? "it does not hold that \(rule.sentence)"
  }
}

extension JudgedSubject {
  /// The upstream state that is nearest to the subject.
  package var nearest: UpstreamFixes {
    against.subtracting(UpstreamFixes(missing)).union(UpstreamFixes(beyond))
  }

  /// The functions that the verdict covers.
  package var judgedFunctions: [KernelFunction] {
    functions.filter { $0.status != .absent }.map(\.function)
  }

  /// The functions that get a line in a report: those that are present, and all of commit c75a74f4ba19 if any
  /// is. Of the creation side, a patch brings only some functions; the shim has the rest.
  package var listedFunctions: [FunctionJudgement] {
    let isOfHotplug =
      !subject.isInPart
      && functions.contains { $0.status != .absent && $0.function.isOfHotplug }
    return functions.filter {
      $0.status != .absent || (isOfHotplug && $0.function.isOfHotplug)
    }
  }

  /// Inner functions that are absent by name; the run omitted the cases that call them.
  package var absentInnerFunctions: [KernelFunction] {
    listedFunctions.filter {
      $0.status == .absent && !$0.function.isEntryPoint
        && compiledOut?.functions.contains($0.function) != true
        && !isJudgedThroughCallers($0)
    }.map(\.function)
  }

  /// Functions that are there, and that no case calls directly; the run judged them through their callers.
  package var functionsJudgedThroughCallers: [KernelFunction] {
    functions.filter(isJudgedThroughCallers).map(\.function)
  }

  /// Whether a function is there although its status says that it is absent. One with another definition that cases
  /// call is not absent.
  package func isJudgedThroughCallers(_ judgement: FunctionJudgement) -> Bool {
    judgement.status == .absent && subject.judgedThroughCallers.contains(judgement.function)
  }
}

extension Report: JudgedSubject {
  package var strangeNames: [String] { headers.differing.map(\.name) }

  package var hasUnknownHeaders: Bool {
    if case .unknown = headers { true } else { false }
  }

  package var mendedBugs: [UpstreamBug] {
    mends.map { UpstreamBug(hazard: $0.group.mend.hazard, rule: $0.group.mend.rule) }
  }

  package var sharedBugs: [UpstreamBug] { hazards.map(\.bug) }
}

extension ReportedHazard {
  package var bug: UpstreamBug { UpstreamBug(hazard: group.hazard, rule: group.rule) }
}
