// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Oracle
import Port
import Subjects

/// Functions that a text defines and that a conditional keeps from the compiler.
public struct NotCompiled: Sendable, Hashable {
  /// In the order of the surface.
  public var functions: [KernelFunction]
  /// What they stand under, and the option that turns it on: one line.
  public var sentence: String

  public init(functions: [KernelFunction], sentence: String) {
    self.functions = functions
    self.sentence = sentence
  }
}

/// All that is said of a run, as a value. Every renderer is a pure function of it.
public struct Report: Sendable {
  /// The tool's version.
  public var tool: String
  /// What was checked.
  public var subject: SubjectSummary
  /// The set of fixes the subject was held against.
  public var against: UpstreamFixes
  /// The overall word.
  public var verdict: Verdict
  /// What `against` has, or the patch stands on, and the subject lacks, in upstream's order.
  public var missing: [UpstreamFixes]
  /// Those of `missing` that it has in part.
  public var partial: [UpstreamFixes]
  /// What the subject has beyond `against`, in upstream's order.
  public var beyond: [UpstreamFixes]
  /// Fixes that no case of this run can tell from their absence.
  public var unseen: [UpstreamFixes]
  /// The word on each function of the surface.
  public var functions: [FunctionJudgement]
  /// Entry points that the subject lacks.
  public var absentEntryPoints: [KernelFunction]
  /// What the subject's kernel is like, beside its fixes.
  public var states: [KernelState]
  /// Functions that the text defines and that a conditional keeps from the compiler.
  public var compiledOut: NotCompiled?
  /// The paging modes' names.
  public var modes: [String]
  /// Cases run.
  public var cases: Int
  /// From start to verdict.
  public var seconds: Double
  /// The seed of all that was drawn at random.
  public var seed: UInt64
  /// The universes that were run, and what came of them.
  public var universes: [UniverseOutcome]
  /// The functions of which most cases of universes were left, because they hang, run away or end their
  /// worker.
  public var leftOfUniverses: [KernelFunction]
  /// The same of the catalogue's cases.
  public var leftOfCatalogue: [KernelFunction]
  /// All functions of which cases were left, in the surface's order.
  public var left: [KernelFunction] {
    Set(leftOfCatalogue + leftOfUniverses + (random?.left ?? [])).sorted()
  }
  /// The random cases that were run, and what came of them; nil when there were none.
  public var random: RandomOutcome?
  /// Whether causes were looked for by experiment.
  public var isTried: Bool
  /// What the differences come from, unexplained ones first.
  public var causes: [Cause]
  /// All kinds of difference, unexplained ones first.
  public var groups: [DifferenceGroup]
  /// What upstream's own text does wrong, and the subject with it; each by a scenario.
  public var hazards: [ReportedHazard]
  /// What upstream's own text does wrong, and the subject does not.
  public var mends: [ReportedMend]
  /// What the compiler warns of in the subject's own text; no part of the verdict.
  public var compilerWarnings: [String]
  /// What was reached of the subject's own text; nil where nobody asked.
  public var coverage: ReportedCoverage?
  /// The groups with what both sides did in the smallest case; empty where nobody asked.
  public var differences: [ReportedDifference]
  /// The subject's functions as the user wrote them; empty where nobody asked.
  public var sources: [FunctionSource]
  /// What the subject's own headers make of names that the functions ran with as the stub headers have
  /// them.
  public var headers: HeaderComparison
  /// What came of holding it against a file of expectations; nil where nobody asked.
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
    compiledOut: NotCompiled? = nil
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
  }

  /// The state of upstream that the subject comes nearest to.
  public var nearest: UpstreamFixes {
    against.subtracting(UpstreamFixes(missing)).union(UpstreamFixes(beyond))
  }

  /// Cases that the oracle judged: all that are not of universes, and a share of these.
  public var judged: Int {
    cases - universes.reduce(0) { $0 + Int($1.cases) - Int($1.judged) }
  }

  /// The modes in which differences show through entry points; all in which they show at all when
  /// that is nowhere.
  package func modes(showing groups: [DifferenceGroup]) -> [String] {
    let reached = groups.filter(\.isReached)
    let telling = reached.isEmpty ? groups : reached
    return modes.filter { mode in telling.contains { $0.mode == mode } }
  }

  /// The functions that the verdict is about.
  public var judgedFunctions: [KernelFunction] {
    functions.filter { $0.status != .absent }.map(\.function)
  }

  /// Those of commit c75a74f4ba19 that it is not about.
  public var unjudgedFunctions: [KernelFunction] {
    functions.filter { $0.status == .absent && $0.function.isOfHotplug }.map(\.function)
  }

  /// The functions that are worth a line: those that are there, and of commit c75a74f4ba19 all, if any.
  /// Of the creation side, a patch brings what it brings; the rest is the shim's.
  public var listedFunctions: [FunctionJudgement] {
    let isOfHotplug =
      !subject.isInPart
      && functions.contains { $0.status != .absent && $0.function.isOfHotplug }
    return functions.filter {
      $0.status != .absent || (isOfHotplug && $0.function.isOfHotplug)
    }
  }

  /// Inner functions that are not there by name: the cases that call them were left out.
  public var absentInnerFunctions: [KernelFunction] {
    listedFunctions.filter {
      $0.status == .absent && !$0.function.isEntryPoint
        && compiledOut?.functions.contains($0.function) != true
    }.map(\.function)
  }

  /// Each rule of equivalence that the verdict rests on, with the functions that needed it.
  public var equivalences: [(rule: EquivalenceRule, functions: [KernelFunction])] {
    EquivalenceRule.allCases.compactMap { rule in
      let users = functions.filter { $0.rules.contains(rule) }.map(\.function)
      return users.isEmpty ? nil : (rule, users)
    }
  }
}

/// What came of one universe.
public struct UniverseOutcome: Sendable, Hashable {
  /// The universe's name, e.g. "sv39/linear/spine".
  public var name: String
  /// What it holds, in a sentence.
  public var definition: String
  /// Cases it has for the functions that the subject has.
  public var size: UInt64
  /// Cases that were run.
  public var cases: UInt64
  /// Cases that differ from the state of upstream that the subject comes nearest to.
  public var differing: UInt64
  /// Cases that mend a hazard of upstream's text, and differ in nothing else.
  public var mended: UInt64 = 0
  /// Cases that the oracle judged.
  public var judged: UInt64 = 0

  /// Whether every case was run.
  public var isComplete: Bool { cases == size }
}

/// What came of the random cases.
public struct RandomOutcome: Sendable, Hashable {
  /// The seed they were drawn from.
  public var seed: UInt64
  /// Cases drawn for the functions that the subject has, over all modes.
  public var drawn: Int
  /// Cases that were run.
  public var cases: Int
  /// Cases that differ from the state of upstream that the subject comes nearest to.
  public var differing: Int
  /// Cases that mend a hazard of upstream's text, and differ in nothing else.
  public var mended = 0
  /// The functions of which most cases were left, because they hang, run away or end their worker.
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

/// What was checked.
public struct SubjectSummary: Sendable, Hashable {
  /// "patch", "file", "tree", "tarball", "git", "debian" or "builtin".
  public var kind: String
  /// What the user named, with what it resolved to.
  public var origin: String
  /// SHA-256 of the extracted text, in hex.
  public var sha256: String
  /// How the user's command line names it, for replay commands.
  public var argument: String
  /// What has to be known of how it was read, each in a sentence without its stop.
  public var warnings: [String] = []
  /// Whether it shows a part of the hotplug code only, so that nothing is absent that is not there.
  public var isInPart: Bool = false
}

/// What a check knows of the branches that its cases reach.
public enum ReportedCoverage: Sendable {
  /// What was reached, until every branch was; the deep universes are not run for it.
  case measured(Coverage)
  /// Why it is not known: one phrase. That is no word on the verdict.
  case unknown(String)
}

/// A rule that upstream's text breaks and the subject with it, shown by a case.
public struct ReportedHazard: Sendable {
  /// The group.
  public var group: HazardGroup
  /// The case that shows it.
  public var scenario: Scenario
  /// The command that replays it.
  public var replay: String

  /// What the reference, which has the hazard, too, did in the scenario; nil where nobody asked.
  public var reference: Observation?

  /// What goes wrong, in a line.
  public var title: String {
    group.hazard.map { Hazard($0).title } ?? "it does not hold that \(group.rule.sentence)"
  }
}

/// A kind of difference, shown by its smallest case.
public struct ReportedDifference: Sendable {
  /// Stable within a report: "D1", ...
  public var id: String
  /// The kind of difference.
  public var group: DifferenceGroup
  /// Its smallest case.
  public var scenario: Scenario
  /// What parts the sides; nil only when the observation could not be repeated.
  public var difference: Difference?
  /// Both observations; nil when the worker died of the case.
  public var subject: Observation?
  /// What the reference did.
  public var reference: Observation?
  /// The case that this one was made from by making it smaller; nil when it is as it was found.
  public var madeFrom: String?
  /// Whether no single removal or simplification of the case still shows the difference.
  public var isMinimal: Bool = false
  /// The command that replays the case, or the one that it was made from, which every installation has.
  public var replay: String
}
