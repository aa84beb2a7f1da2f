// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Oracle
import Port
import Subjects

/// Functions that a text defines and that a conditional hides from the compiler.
public struct NotCompiled: Sendable, Hashable {
  /// The functions, in surface order.
  public var functions: [KernelFunction]
  /// The conditional, and the option that enables it, in one line.
  public var sentence: String

  public init(functions: [KernelFunction], sentence: String) {
    self.functions = functions
    self.sentence = sentence
  }
}

/// The result of a run. Every renderer is a pure function of it.
public struct Report: Sendable {
  /// The tool's version.
  public var tool: String
  public var subject: SubjectSummary
  /// The set of fixes that the subject was compared with.
  public var against: UpstreamFixes
  public var verdict: Verdict
  /// Fixes of `against` and prerequisites of the patch that the subject lacks, in upstream order.
  public var missing: [UpstreamFixes]
  /// The fixes of `missing` that the subject has in part.
  public var partial: [UpstreamFixes]
  /// Fixes that the subject has beyond `against`, in upstream order.
  public var beyond: [UpstreamFixes]
  /// Fixes that no case of this run can detect.
  public var unseen: [UpstreamFixes]
  /// One judgement for each function of the surface.
  public var functions: [FunctionJudgement]
  /// Entry points that the subject lacks.
  public var absentEntryPoints: [KernelFunction]
  /// The properties of the subject's kernel, besides its fixes.
  public var states: [KernelState]
  /// Functions that the text defines and that a conditional hides from the compiler.
  public var compiledOut: NotCompiled?
  /// Configuration symbols that the text reads and that nobody set.
  public var unsetSymbols: [String]
  /// The paging modes' names.
  public var modes: [String]
  /// The number of cases that ran.
  public var cases: Int
  /// The time from start to verdict.
  public var seconds: Double
  /// The seed of all random choices.
  public var seed: UInt64
  /// The outcome of each universe that ran.
  public var universes: [UniverseOutcome]
  /// The functions for which the run skipped most cases of universes, because they hang, run away or end
  /// their worker.
  public var leftOfUniverses: [KernelFunction]
  /// The same for cases of the catalogue.
  public var leftOfCatalogue: [KernelFunction]
  /// All functions with skipped cases, in surface order.
  public var left: [KernelFunction] {
    Set(leftOfCatalogue + leftOfUniverses + (random?.left ?? [])).sorted()
  }
  /// The outcome of the random cases; nil when there were none.
  public var random: RandomOutcome?
  /// Whether experiments searched for the causes.
  public var isTried: Bool
  /// The causes of the differences, unexplained ones first.
  public var causes: [Cause]
  /// All kinds of difference, unexplained ones first.
  public var groups: [DifferenceGroup]
  /// Bugs of the upstream text that the subject has, too; a scenario shows each.
  public var hazards: [ReportedHazard]
  /// Bugs of the upstream text that the subject does not have.
  public var mends: [ReportedMend]
  /// The compiler's warnings for the subject's own text; they do not affect the verdict.
  public var compilerWarnings: [String]
  /// The coverage of the subject's own text; nil if not requested.
  public var coverage: ReportedCoverage?
  /// The groups, with both observations of the smallest case; empty if not requested.
  public var differences: [ReportedDifference]
  /// The subject's functions as the user wrote them; empty if not requested.
  public var sources: [FunctionSource]
  /// The comparison of the subject's own headers with the stub headers, with which the functions ran.
  public var headers: HeaderComparison
  /// The result of the comparison with a file of expectations; nil if not requested.
  public var expectations: ExpectationOutcome?

  init(
    tool: String, subject: SubjectSummary, against: UpstreamFixes, judgement: Judgement,
    modes: [String], cases: Int, seconds: Double, seed: UInt64,
    universes: [UniverseOutcome] = [], leftOfUniverses: [KernelFunction] = [],
    leftOfCatalogue: [KernelFunction] = [],
    random: RandomOutcome? = nil, isComplete: Bool = true,
    hazards: [ReportedHazard] = [], mends: [ReportedMend] = [],
    compilerWarnings: [String] = [], coverage: ReportedCoverage? = nil,
    differences: [ReportedDifference], sources: [FunctionSource] = [],
    states: [KernelState] = [], headers: HeaderComparison = .none,
    compiledOut: NotCompiled? = nil, unsetSymbols: [String] = []
  ) {
    self.states = states
    self.tool = tool
    self.subject = subject
    self.against = against
    let isOther = !headers.differing.isEmpty
    verdict = isComplete ? isOther ? .differs : judgement.verdict : .incomplete
    missing = judgement.prerequisites + judgement.missing
    causes = judgement.causes
    isTried = judgement.isTried
    partial = judgement.partial
    beyond = judgement.search.beyond
    unseen = judgement.search.unseen
    groups = judgement.groups
    functions = judgement.functions
    absentEntryPoints = judgement.absentEntryPoints
    self.modes = modes
    self.cases = cases
    self.seconds = seconds
    self.seed = seed
    self.universes = universes
    self.leftOfUniverses = leftOfUniverses
    self.leftOfCatalogue = leftOfCatalogue
    self.random = random
    self.hazards = hazards
    self.mends = mends
    self.compilerWarnings = compilerWarnings
    self.coverage = coverage
    self.differences = differences
    self.sources = sources
    self.headers = headers
    self.compiledOut = compiledOut
    self.unsetSymbols = unsetSymbols
  }

  /// The number of cases that the oracle judged: all cases outside universes, and a share of the others.
  public var judged: Int {
    cases - universes.reduce(0) { $0 + Int($1.cases) - Int($1.judged) }
  }

  /// The modes in which differences show through entry points; if there are none, all modes in which they
  /// show.
  package func modes(showing groups: [DifferenceGroup]) -> [String] {
    let reached = groups.filter(\.isReached)
    let telling = reached.isEmpty ? groups : reached
    return modes.filter { mode in telling.contains { $0.mode == mode } }
  }

  /// The functions of commit c75a74f4ba19 that the verdict does not cover.
  public var unjudgedFunctions: [KernelFunction] {
    functions.filter { $0.status == .absent && $0.function.isOfHotplug }.map(\.function)
  }

  /// Each equivalence rule that the verdict rests on, with the functions that needed it.
  public var equivalences: [(rule: EquivalenceRule, functions: [KernelFunction])] {
    EquivalenceRule.allCases.compactMap { rule in
      let users = functions.filter { $0.rules.contains(rule) }.map(\.function)
      return users.isEmpty ? nil : (rule, users)
    }
  }
}

/// The outcome of one universe.
public struct UniverseOutcome: Sendable, Hashable {
  /// The universe's name, e.g. "sv39/linear/spine".
  public var name: String
  /// Its contents, in one sentence.
  public var definition: String
  /// The number of its cases for the functions that the subject has.
  public var size: UInt64
  /// The number of cases that ran.
  public var cases: UInt64
  /// The number of cases that differ from the nearest upstream state.
  public var differing: UInt64
  /// The number of cases that mend a hazard of the upstream text, and differ in nothing else.
  public var mended: UInt64 = 0
  /// The number of cases that the oracle judged.
  public var judged: UInt64 = 0
  /// Whether its result is that of an earlier run of the same machine code.
  public var isKept = false

  /// Whether every case ran.
  public var isComplete: Bool { cases == size }
}

/// The outcome of the random cases.
public struct RandomOutcome: Sendable, Hashable {
  /// The seed of the cases.
  public var seed: UInt64
  /// The number of cases drawn for the functions that the subject has, over all modes.
  public var drawn: Int
  /// The number of cases that ran.
  public var cases: Int
  /// The number of cases that differ from the nearest upstream state.
  public var differing: Int
  /// The number of cases that mend a hazard of the upstream text, and differ in nothing else.
  public var mended = 0
  /// The functions for which the run skipped most cases, because they hang, run away or end their worker.
  public var left: [KernelFunction]

  public init(
    seed: UInt64, drawn: Int, cases: Int, differing: Int, left: [KernelFunction] = []
  ) {
    self.seed = seed
    self.drawn = drawn
    self.cases = cases
    self.differing = differing
    self.left = left
  }
}

/// The identity of the checked subject.
public struct SubjectSummary: Sendable, Hashable {
  /// "patch", "file", "tree", "tarball", "git", "debian" or "builtin".
  public var kind: String
  /// The subject that the user named, with its resolved form.
  public var origin: String
  /// SHA-256 of the extracted text, in hex.
  public var sha256: String
  /// The argument on the user's command line, for replay commands.
  public var argument: String
  /// Warnings about the reading of the subject; each is a sentence without a full stop.
  public var warnings: [String]
  /// Whether the subject shows only a part of the hotplug code. Then functions that it lacks are not absent.
  public var isInPart: Bool
  /// Functions of the subject that no case calls directly, because a parameter does not say what it counts.
  public var judgedThroughCallers: [KernelFunction]

  package init(
    kind: String, origin: String, sha256: String, argument: String, warnings: [String] = [],
    isInPart: Bool = false, judgedThroughCallers: [KernelFunction] = []
  ) {
    self.kind = kind
    self.origin = origin
    self.sha256 = sha256
    self.argument = argument
    self.warnings = warnings
    self.isInPart = isInPart
    self.judgedThroughCallers = judgedThroughCallers
  }
}

/// The branch coverage of a check's cases.
public enum ReportedCoverage: Sendable {
  /// The coverage. The cases run until every branch is reached, without the deep universes.
  case measured(Coverage)
  /// The reason why the coverage is unknown, as one phrase. It does not affect the verdict.
  case unknown(String)
}

/// A rule that the upstream text and the subject both break, shown by a case.
public struct ReportedHazard: Sendable {
  public var group: HazardGroup
  /// The case that shows it.
  public var scenario: Scenario
  /// The command that replays it.
  public var replay: String

  /// The observation of the reference, which has the hazard, too; nil if not requested.
  public var reference: Observation?

  /// The hazard, in one line.
  public var title: String { bug.title }
}

/// A kind of difference, shown by its smallest case.
public struct ReportedDifference: Sendable {
  /// Stable within a report: "D1", ...
  public var id: String
  public var group: DifferenceGroup
  /// Its smallest case.
  public var scenario: Scenario
  /// The first difference of the sides; nil only when the observation could not be repeated.
  public var difference: Difference?
  /// The subject's observation; nil when the worker died of the case.
  public var subject: Observation?
  /// The reference's observation.
  public var reference: Observation?
  /// The case from which this one was shrunk; nil when it was not shrunk.
  public var madeFrom: String?
  /// Whether the shrink is complete: no single removal or simplification still shows the difference.
  public var isMinimal: Bool = false
  /// The command that replays the case as it was found, because every installation has that one.
  public var replay: String
  /// The line of the subject's text at which the sides part; nil where it could not be found.
  public var place: Place?
  /// The violations of the group's rules in the scenario.
  public var violations: [Violation] = []
}
