// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import Coverage
import HotplugPort
import MachineModel
import Oracle
import Scenarios

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
  /// What `against` has and the subject lacks, in upstream's order.
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
  public var absentEntryPoints: [SurfaceFunction]
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
  public var leftOfUniverses: [SurfaceFunction]
  /// The random cases that were run, and what came of them; nil when there were none.
  public var random: RandomOutcome?
  /// Failures of earlier runs that were tried first.
  public var remembered: Int
  /// All kinds of difference, unexplained ones first.
  public var groups: [DifferenceGroup]
  /// What upstream's own text does wrong, and the subject with it; each by a scenario.
  public var hazards: [ReportedHazard]
  /// What was reached of the subject's own text; nil where nobody asked.
  public var coverage: ReportedCoverage?
  /// The groups with what both sides did in the smallest case; empty where nobody asked.
  public var differences: [ReportedDifference]
  /// The subject's functions as the user wrote them; empty where nobody asked.
  public var sources: [FunctionSource]
  /// What came of holding it against a file of expectations; nil where nobody asked.
  public var expectations: ExpectationOutcome?

  /// Memberwise.
  public init(
    tool: String, subject: SubjectSummary, against: UpstreamFixes, judgement: Judgement,
    modes: [String], cases: Int, seconds: Double, seed: UInt64,
    universes: [UniverseOutcome] = [], leftOfUniverses: [SurfaceFunction] = [],
    random: RandomOutcome? = nil, remembered: Int = 0, isComplete: Bool = true,
    hazards: [ReportedHazard] = [], coverage: ReportedCoverage? = nil,
    differences: [ReportedDifference], sources: [FunctionSource] = []
  ) {
    self.tool = tool
    self.subject = subject
    self.against = against
    verdict = isComplete ? judgement.verdict : .incomplete
    missing = judgement.search.missing
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
    self.random = random
    self.remembered = remembered
    self.hazards = hazards
    self.coverage = coverage
    self.differences = differences
    self.sources = sources
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
  func modes(showing groups: [DifferenceGroup]) -> [String] {
    let reached = groups.filter(\.isReached)
    let telling = reached.isEmpty ? groups : reached
    return modes.filter { mode in telling.contains { $0.mode == mode } }
  }

  /// The functions that are worth a line: those that are there, and of commit c75a74f4ba19 all, if any.
  /// Of the creation side, a patch brings what it brings; the rest is the shim's.
  public var listedFunctions: [FunctionJudgement] {
    let isOfHotplug = functions.contains { $0.status != .absent && $0.function.isOfHotplug }
    return functions.filter {
      $0.status != .absent || (isOfHotplug && $0.function.isOfHotplug)
    }
  }

  /// Inner functions that are not there by name: the cases that call them were left out.
  public var absentInnerFunctions: [SurfaceFunction] {
    listedFunctions.filter { $0.status == .absent && !$0.function.isEntryPoint }.map(\.function)
  }

  /// Each rule of equivalence that the verdict rests on, with the functions that needed it.
  public var equivalences: [(rule: EquivalenceRule, functions: [SurfaceFunction])] {
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
  /// Cases that the oracle judged.
  public var judged: UInt64

  /// Memberwise.
  public init(
    name: String, definition: String, size: UInt64, cases: UInt64, differing: UInt64,
    judged: UInt64 = 0
  ) {
    self.judged = judged
    self.name = name
    self.definition = definition
    self.size = size
    self.cases = cases
    self.differing = differing
  }

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
  /// The functions of which most cases were left, because they hang, run away or end their worker.
  public var left: [SurfaceFunction]

  /// Memberwise.
  public init(
    seed: UInt64, drawn: Int, cases: Int, differing: Int, left: [SurfaceFunction] = []
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

  /// Memberwise.
  public init(kind: String, origin: String, sha256: String, argument: String) {
    self.kind = kind
    self.origin = origin
    self.sha256 = sha256
    self.argument = argument
  }
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

  /// Memberwise.
  public init(
    group: HazardGroup, scenario: Scenario, replay: String, reference: Observation? = nil
  ) {
    self.group = group
    self.scenario = scenario
    self.replay = replay
    self.reference = reference
  }

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
  public var isMinimal: Bool
  /// The command that replays the case.
  public var replay: String
  /// The command that replays one that every installation has, for readers elsewhere: `replay` may name a
  /// failure that only the user's own state remembers. Nil when there is none.
  public var replayAnywhere: String?

  /// Memberwise.
  public init(
    id: String, group: DifferenceGroup, scenario: Scenario, difference: Difference?,
    subject: Observation?, reference: Observation?, madeFrom: String? = nil,
    isMinimal: Bool = false, replay: String,
    replayAnywhere: String? = nil
  ) {
    self.id = id
    self.group = group
    self.scenario = scenario
    self.difference = difference
    self.subject = subject
    self.reference = reference
    self.madeFrom = madeFrom
    self.isMinimal = isMinimal
    self.replay = replay
    self.replayAnywhere = replayAnywhere
  }
}
