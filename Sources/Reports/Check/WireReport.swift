// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Oracle
import Port

/// A report in schema "mhpcheck.report/1".
struct WireReport: Encodable {
  struct Function: Encodable {
    var name: String
    var status: FunctionStatus
    var cases: Int
    var differences: Int
    /// The functions that cause its differences, if it does not cause them itself.
    var through: [String]
    /// The equivalence rules that its calls needed.
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
    /// The number of cases that ran: all, or fewer when enough differed.
    var cases: UInt64
    var differing: UInt64
    /// The number of cases that mend a hazard of the upstream text, and differ in nothing else.
    var mended: UInt64
    /// True if the cases did not run now: an earlier run of the same machine code ran them. Else omitted.
    var kept: Bool?
  }

  struct Random: Encodable {
    /// The number of cases drawn.
    var drawn: Int
    /// The number of cases that ran: all, or fewer when some were skipped.
    var cases: Int
    var differing: Int
    /// The number of cases that mend a hazard of the upstream text, and differ in nothing else.
    var mended: Int
    var seed: UInt64
    /// The functions for which the run skipped most cases.
    var left: [String]
  }

  struct WireHazard: Encodable {
    /// "H1", ... or "unlisted".
    var id: String
    var title: String
    /// The known facts about the hazard; nil for an unlisted one.
    var known: String?
    /// The broken oracle rule.
    var rule: String
    /// The way in which the scenario breaks the rule.
    var what: String
    var modes: [String]
    /// The number of cases that show it.
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
    /// The oracle rule that the upstream text breaks.
    var rule: String
    var modes: [String]
    /// The number of cases that show it.
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

  /// The coverage of branches in the subject's own text.
  struct WireReached: Encodable {
    var branches: WireCoverage.Share?
    /// The branches, and functions, that no case reached.
    var unreached: [WireCoverage.Point] = []
    /// The lines that coverage did not look into.
    var unread: [WireCoverage.Unread] = []
    /// The subject's own macros that contain decisions; coverage does not look into them.
    var macros: [String] = []
    /// The reason why the coverage is unknown.
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

  /// The evidence for the power of the cases to find defects.
  struct Worth: Encodable {
    struct Mutation: Encodable {
      var total: Int
      var killed: Int
      var equivalent: Int
    }
    var universes: Int
    var universesWhole: Int
    /// The number of cases that the oracle judged.
    var judged: Int
    /// The mutants of the reference, and the number that the cases of standard depth kill.
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

  /// The result of the comparison with a file of expectations.
  struct Expectations: Encodable {
    struct Stale: Encodable {
      var line: Int
      var text: String
    }
    var file: String
    var isMet: Bool
    /// The findings that the file expects, one sentence each.
    var expected: [String]
    /// The findings that it does not expect.
    var unexpected: [String]
    /// The expectations that no finding matches.
    var stale: [Stale]

    init(_ outcome: ExpectationOutcome) {
      file = outcome.file
      isMet = outcome.isMet
      expected = outcome.expected.map(\.sentence)
      unexpected = outcome.unexpected.map(\.sentence)
      stale = outcome.stale.map { Stale(line: $0.line, text: $0.text) }
    }
  }

  /// A property of the subject's kernel, besides its fixes.
  struct State: Encodable {
    var id: String
    var sentence: String

    init(_ state: KernelState) {
      id = state.rawValue
      sentence = state.sentence
    }
  }

  /// The functions that the verdict covers.
  struct Scope: Encodable {
    /// The number of judged functions of commit c75a74f4ba19, then the number of all its functions (`of`).
    var functions: Int
    var of: Int
    /// The number of other judged functions.
    var others: Int
    /// The functions of that commit that the subject lacks.
    var absent: [String]

    init(_ report: Report) {
      let judged = report.judgedFunctions
      functions = judged.count(where: \.isOfHotplug)
      of = KernelFunction.allCases.count(where: \.isOfHotplug)
      others = judged.count - functions
      absent = report.unjudgedFunctions.map(\.name)
    }
  }

  /// A part of the subject that causes differences.
  struct WireCause: Encodable {
    /// The C name of a function, a helper or another definition.
    var function: String
    /// The first fix, missing or beyond the requested set, that explains its differences; null when none
    /// does.
    var commit: String?
    /// The method that found the cause.
    var proof: Cause.Proof

    /// The line at which the sides part in the cause's example; nil where it was not found.
    var file: String?
    var line: Int?
    /// The sentence on the example, the rules that it breaks, and its id among the differences.
    var what: String?
    var rules: [String]?
    var `case`: String?

    init(_ cause: Cause, in report: Report) {
      function = cause.name
      commit = cause.fixes.descriptions.first?.commit
      proof = cause.proof
      let example = CauseSections(report).example(of: cause)
      let frame = example?.place?.frame(of: cause.name)
      file = frame?.file
      line = frame?.line
      what = example.map { CauseSections.sentence($0).plain }
      rules = example?.group.rules.map(\.rawValue)
      self.case = example?.id
    }

    enum CodingKeys: String, CodingKey {
      case function, commit, proof, file, line, what, rules, `case`
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(function, forKey: .function)
      // Encoded even if nil: null says that no fix explains the cause.
      try container.encode(commit, forKey: .commit)
      try container.encode(proof, forKey: .proof)
      try container.encodeIfPresent(file, forKey: .file)
      try container.encodeIfPresent(line, forKey: .line)
      try container.encodeIfPresent(what, forKey: .what)
      try container.encodeIfPresent(rules, forKey: .rules)
      try container.encodeIfPresent(`case`, forKey: .case)
    }
  }

  struct MissingFix: Encodable {
    var commit: String
    var title: String
    var symptom: String
    /// The modes in which this run saw its absence.
    var modes: [String]
    /// The number of cases that it explains.
    var cases: Int
  }

  var schema = "mhpcheck.report/1"
  var tool: String
  var subject: WireSubject
  /// Warnings about the reading of the subject.
  var warnings: [String]
  var against: String
  var verdict: Verdict
  var scope: Scope
  /// The causes of the differences, unexplained ones first.
  var causes: [WireCause]
  var missingFixes: [String]
  var fixes: [MissingFix]
  /// The fixes that the subject has beyond `against`.
  var fixesBeyond: [String]
  var functions: [Function]
  /// Those of `functions` whose status is "absent" although the subject has them: a parameter does not say what it
  /// counts, so no case calls them directly. Omitted if there are none.
  var judgedThroughCallers: [String]?
  var modes: [String]
  var cases: Int
  var seconds: Double
  var seed: UInt64
  var universes: [Universe]
  /// The functions for which the run skipped most cases of universes.
  var leftOfUniverses: [String]
  /// The same for cases of the catalogue; omitted if there are none.
  var leftOfCatalogue: [String]?
  var random: Random?
  var differences: [WireDifference]
  var equivalences: [Equivalence]
  var hazards: [WireHazard]
  /// Bugs of the upstream text that the subject does not have. They are not differences.
  var mends: [WireMend]
  /// The compiler's warnings for the subject's own text.
  var compilerWarnings: [String]
  var worth: Worth
  var coverage: WireReached?
  var expectations: Expectations?
  /// Omitted if there are none.
  var states: [State]?
  /// Configuration symbols that the text reads and that nobody set; omitted if there are none.
  var unsetSymbols: [String]?
  /// Omitted if the subject has no headers of its own.
  var headers: WireHeaders?

  init(_ report: Report) {
    tool = report.tool
    subject = WireSubject(report.subject)
    warnings = report.subject.warnings
    against = report.against.name
    verdict = report.verdict
    scope = Scope(report)
    causes = report.causes.map { WireCause($0, in: report) }
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
    let uncalled = report.functionsJudgedThroughCallers
    judgedThroughCallers = uncalled.isEmpty ? nil : uncalled.map(\.name)
    modes = report.modes
    cases = report.cases
    seconds = report.seconds
    seed = report.seed
    universes = report.universes.map {
      Universe(
        name: $0.name, definition: $0.definition, size: $0.size, cases: $0.cases,
        differing: $0.differing, mended: $0.mended, kept: $0.isKept ? true : nil)
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
    unsetSymbols = report.unsetSymbols.isEmpty ? nil : report.unsetSymbols
    states = report.states.isEmpty ? nil : report.states.map { State($0) }
    coverage = report.coverage.map { WireReached($0) }
    equivalences = report.equivalences.map { used in
      Equivalence(
        id: used.rule.rawValue, rule: used.rule.sentence, functions: used.functions.map(\.name))
    }
  }
}
