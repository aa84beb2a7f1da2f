// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Oracle
import Port

/// A report as "mhpcheck.report/1" has it.
struct WireReport: Encodable {
  struct Subject: Encodable {
    var kind: String
    var origin: String
    var sha256: String
  }

  struct Function: Encodable {
    var name: String
    var status: FunctionStatus
    var cases: Int
    var differences: Int
    /// Functions that its differences are put down to, when they are not its own.
    var through: [String]
    /// Rules of equivalence that its calls needed.
    var equivalences: [String]
  }

  struct Equivalence: Encodable {
    var id: String
    var rule: String
    var functions: [String]
  }

  struct Universe: Encodable {
    var name: String
    var definition: String
    var size: UInt64
    /// Cases run: all, or fewer when enough differed.
    var cases: UInt64
    var differing: UInt64
    /// Cases that mend something of upstream's text and differ in nothing else.
    var mended: UInt64
  }

  struct Random: Encodable {
    /// Cases drawn.
    var drawn: Int
    /// Cases run: all, or fewer when some were left.
    var cases: Int
    var differing: Int
    /// Cases that mend something of upstream's text and differ in nothing else.
    var mended: Int
    var seed: UInt64
    /// The functions of which most cases were left.
    var left: [String]
  }

  struct WireHazard: Encodable {
    /// "H1", ... or "unlisted".
    var id: String
    var title: String
    /// What is known of it; nil for an unlisted one.
    var known: String?
    /// The rule of the oracle that is broken.
    var rule: String
    /// How the scenario breaks it.
    var what: String
    var modes: [String]
    /// Cases that show it.
    var cases: Int
    var replay: String
    var scenario: Scenario

    init(_ reported: ReportedHazard) {
      id = reported.group.id
      title = reported.title
      known = reported.group.hazard.map { Hazard($0).known }
      rule = reported.group.rule.rawValue
      what = reported.group.violation.sentence
      modes = reported.group.modes
      cases = reported.group.places.count
      replay = reported.replay
      scenario = reported.scenario
    }
  }

  struct WireMend: Encodable {
    /// "H1", ... or "unlisted".
    var id: String
    var title: String
    /// The rule of the oracle that upstream's text breaks.
    var rule: String
    var modes: [String]
    /// Cases that show it.
    var cases: Int
    var replay: String

    init(_ reported: ReportedMend) {
      id = reported.group.mend.id
      title = reported.title
      rule = reported.group.mend.rule.rawValue
      modes = reported.group.modes
      cases = reported.group.places.count
      replay = reported.replay
    }
  }

  /// Branches of the subject's own text.
  struct WireReached: Encodable {
    var branches: WireCoverage.Share?
    /// Branches, and functions, that no case reached.
    var unreached: [WireCoverage.Point] = []
    /// What was not looked into.
    var unread: [WireCoverage.Unread] = []
    /// The subject's own macros that decide something; they are not looked into.
    var macros: [String] = []
    /// Why it is not known.
    var unknown: String?

    init(_ reported: ReportedCoverage) {
      switch reported {
      case .measured(let coverage):
        branches = WireCoverage.Share(coverage.branches)
        unreached = coverage.unreachedBranches.map {
          WireCoverage.Point($0.point, of: $0.function)
        }
        unread = WireCoverage.unread(coverage)
        macros = coverage.macros
      case .unknown(let reason): unknown = reason
      }
    }
  }

  /// What the verdict is worth.
  struct Worth: Encodable {
    struct Mutation: Encodable {
      var total: Int
      var killed: Int
      var equivalent: Int
    }
    var universes: Int
    var universesWhole: Int
    /// Cases that the oracle judged.
    var judged: Int
    /// Mutants of the reference that the cases of standard depth tell from it.
    var mutation: Mutation

    init(_ report: Report) {
      let score = SuiteScore.reference
      universes = report.universes.count
      universesWhole = report.universes.count(where: \.isComplete)
      judged = report.judged
      mutation = Mutation(
        total: score.total, killed: score.killed, equivalent: score.equivalent)
    }
  }

  /// What came of holding the report against a file of expectations.
  struct Expectations: Encodable {
    struct Stale: Encodable {
      var line: Int
      var text: String
    }
    var file: String
    var isMet: Bool
    /// Findings that the file names, each in a sentence.
    var expected: [String]
    /// Findings that it does not.
    var unexpected: [String]
    /// What it names and does not occur.
    var stale: [Stale]

    init(_ outcome: ExpectationOutcome) {
      file = outcome.file
      isMet = outcome.isMet
      expected = outcome.expected.map(\.sentence)
      unexpected = outcome.unexpected.map(\.sentence)
      stale = outcome.stale.map { Stale(line: $0.line, text: $0.text) }
    }
  }

  /// What the subject's kernel is like, beside its fixes.
  struct State: Encodable {
    var id: String
    var sentence: String

    init(_ state: KernelState) {
      id = state.rawValue
      sentence = state.sentence
    }
  }

  /// What the verdict is about.
  struct Scope: Encodable {
    /// Functions of commit c75a74f4ba19 that were judged, of how many.
    var functions: Int
    var of: Int
    /// Functions beside them that were judged.
    var others: Int
    /// Functions of that commit that are not there.
    var absent: [String]

    init(_ report: Report) {
      let judged = report.judgedFunctions
      functions = judged.count(where: \.isOfHotplug)
      of = KernelFunction.allCases.count(where: \.isOfHotplug)
      others = judged.count - functions
      absent = report.unjudgedFunctions.map(\.name)
    }
  }

  /// A part of the subject that differences come from.
  struct WireCause: Encodable {
    /// A function, a helper or another definition.
    var function: String
    /// The first fix, missing or beyond what was asked for, that accounts for it; null when none does.
    var commit: String?
    /// How it was found.
    var proof: Cause.Proof

    init(_ cause: Cause) {
      function = cause.name
      commit = cause.fixes.descriptions.first?.commit
      proof = cause.proof
    }

    enum CodingKeys: String, CodingKey { case function, commit, proof }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(function, forKey: .function)
      // Not left out: nothing accounts for it.
      try container.encode(commit, forKey: .commit)
      try container.encode(proof, forKey: .proof)
    }
  }

  struct MissingFix: Encodable {
    var commit: String
    var title: String
    var symptom: String
    /// The modes in which its absence was seen in this run.
    var modes: [String]
    /// Cases that it explains.
    var cases: Int
  }

  var schema = "mhpcheck.report/1"
  var tool: String
  var subject: Subject
  /// What has to be known of how the subject was read.
  var warnings: [String]
  var against: String
  var verdict: Verdict
  /// What the verdict is about.
  var scope: Scope
  /// Where the differences come from, unexplained ones first; each once.
  var causes: [WireCause]
  var missingFixes: [String]
  var fixes: [MissingFix]
  /// Fixes that the subject has beyond `against`.
  var fixesBeyond: [String]
  var functions: [Function]
  var modes: [String]
  var cases: Int
  var seconds: Double
  var seed: UInt64
  var universes: [Universe]
  /// The functions of which most cases of universes were left.
  var leftOfUniverses: [String]
  /// The same of the catalogue; left out where there is none.
  var leftOfCatalogue: [String]?
  var random: Random?
  var differences: [WireDifference]
  var equivalences: [Equivalence]
  var hazards: [WireHazard]
  /// What upstream's text does wrong, and the subject does not: no differences.
  var mends: [WireMend]
  /// What the compiler warns of in the subject's own text.
  var compilerWarnings: [String]
  var worth: Worth
  var coverage: WireReached?
  var expectations: Expectations?
  /// Left out where there is none.
  var states: [State]?
  /// Left out where the subject brings none.
  var headers: WireHeaders?

  init(_ report: Report) {
    tool = report.tool
    subject = Subject(
      kind: report.subject.kind, origin: report.subject.origin, sha256: report.subject.sha256)
    warnings = report.subject.warnings
    against = report.against.name
    verdict = report.verdict
    scope = Scope(report)
    causes = report.causes.map { WireCause($0) }
    missingFixes = report.missing.flatMap(\.descriptions).map(\.commit)
    fixes = report.missing.flatMap(\.descriptions).map { fix in
      let groups = report.groups.filter { $0.explanation?.contains(fix.fix) ?? false }
      return MissingFix(
        commit: fix.commit, title: fix.title, symptom: fix.symptom,
        modes: report.modes(showing: groups),
        cases: groups.reduce(0) { $0 + $1.places.count })
    }
    fixesBeyond = report.beyond.flatMap(\.descriptions).map(\.commit)
    functions = report.functions.map { judged in
      Function(
        name: judged.function.name, status: judged.status, cases: judged.cases,
        differences: judged.differences, through: judged.through,
        equivalences: judged.rules.map(\.rawValue))
    }
    modes = report.modes
    cases = report.cases
    seconds = report.seconds
    seed = report.seed
    universes = report.universes.map {
      Universe(
        name: $0.name, definition: $0.definition, size: $0.size, cases: $0.cases,
        differing: $0.differing, mended: $0.mended)
    }
    leftOfUniverses = report.leftOfUniverses.map(\.name)
    if !report.leftOfCatalogue.isEmpty {
      leftOfCatalogue = report.leftOfCatalogue.map(\.name)
    }
    random = report.random.map {
      Random(
        drawn: $0.drawn, cases: $0.cases, differing: $0.differing, mended: $0.mended,
        seed: $0.seed, left: $0.left.map(\.name))
    }
    differences = report.differences.map { WireDifference($0) }
    worth = Worth(report)
    hazards = report.hazards.map { WireHazard($0) }
    mends = report.mends.map { WireMend($0) }
    compilerWarnings = report.compilerWarnings
    expectations = report.expectations.map { Expectations($0) }
    headers = WireHeaders(report.headers)
    states = report.states.isEmpty ? nil : report.states.map { State($0) }
    coverage = report.coverage.map { WireReached($0) }
    equivalences = report.equivalences.map { used in
      Equivalence(
        id: used.rule.rawValue, rule: used.rule.sentence, functions: used.functions.map(\.name))
    }
  }
}
