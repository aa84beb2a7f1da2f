// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

/// An extract of the report on a subject of a fleet: all that the fleet's tables and page show, without cases. A fleet
/// has hundreds of subjects, and a shard writes their extracts into its part.
public struct FleetSubject: Sendable, Hashable, JudgedSubject {
  /// A bug of the upstream text that the subject has, too.
  package struct Shared: Sendable, Hashable {
    package var bug: UpstreamBug
    /// The paging modes of the cases that show it.
    package var modes: [String]
    /// The command that replays one of them.
    package var replay: String

    package init(bug: UpstreamBug, modes: [String], replay: String) {
      self.bug = bug
      self.modes = modes
      self.replay = replay
    }
  }

  /// A kind of difference.
  package struct Kind: Sendable, Hashable {
    package var cause: String
    package var mode: String
    package var cases: Int
    package var signature: String
    /// The fixes that explain it; nil when none do.
    package var explanation: UpstreamFixes?

    package init(
      cause: String, mode: String, cases: Int, signature: String, explanation: UpstreamFixes?
    ) {
      self.cause = cause
      self.mode = mode
      self.cases = cases
      self.signature = signature
      self.explanation = explanation
    }
  }

  package var subject: SubjectSummary
  package var against: UpstreamFixes
  package var verdict: Verdict
  package var missing: [UpstreamFixes] = []
  package var partial: [UpstreamFixes] = []
  package var beyond: [UpstreamFixes] = []
  package var unseen: [UpstreamFixes] = []
  package var functions: [FunctionJudgement] = []
  package var absentEntryPoints: [KernelFunction] = []
  package var compiledOut: NotCompiled?
  package var isTried = false
  package var causes: [Cause] = []
  package var cases = 0
  package var seconds = 0.0
  package var strangeNames: [String] = []
  package var hasUnknownHeaders = false
  package var mendedBugs: [UpstreamBug] = []
  package var hazards: [Shared] = []
  package var kinds: [Kind] = []

  package var sharedBugs: [UpstreamBug] { hazards.map(\.bug) }

  package init(subject: SubjectSummary, against: UpstreamFixes, verdict: Verdict) {
    self.subject = subject
    self.against = against
    self.verdict = verdict
  }

  package init(_ report: Report) {
    self.init(subject: report.subject, against: report.against, verdict: report.verdict)
    missing = report.missing
    partial = report.partial
    beyond = report.beyond
    unseen = report.unseen
    functions = report.functions.map {
      FunctionJudgement($0.function, $0.status, cases: $0.cases, differences: $0.differences)
    }
    absentEntryPoints = report.absentEntryPoints
    compiledOut = report.compiledOut
    isTried = report.isTried
    causes = report.causes
    cases = report.cases
    seconds = report.seconds
    strangeNames = report.strangeNames
    hasUnknownHeaders = report.hasUnknownHeaders
    mendedBugs = report.mendedBugs
    hazards = report.hazards.map {
      Shared(bug: $0.bug, modes: $0.group.modes, replay: $0.replay)
    }
    kinds = report.groups.map {
      Kind(
        cause: $0.cause, mode: $0.mode, cases: $0.places.count, signature: $0.signature,
        explanation: $0.explanation)
    }
  }
}

extension FunctionJudgement {
  /// A judgement without the rules and causes, which a fleet's table of functions does not show.
  package init(
    _ function: KernelFunction, _ status: FunctionStatus, cases: Int, differences: Int
  ) {
    self.init(
      function: function, status: status, cases: cases, differences: differences, through: [],
      rules: [])
  }
}
