// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

/// A check as tests that pass or fail, for formats that have nothing else. All texts are single lines of
/// bounded length.
struct CheckAsTestSuite {
  /// The outcome of a test, with a phrase.
  enum Outcome {
    case passed(String)
    case failed(String)
    /// The test could not be run.
    case error(String)
    /// The test was not run.
    case skipped(String)
    /// The test fails with the upstream text, too, so the verdict ignores it.
    case expected(String)
  }

  struct Test {
    var name: String
    var outcome: Outcome
    /// The differences, and the commands that show them.
    var details: [String] = []
  }

  /// Tests of one kind. No test has the name of its group, because a KTAP parser would take its result for
  /// the group's end.
  struct Group {
    var name: String
    var tests: [Test]
  }

  /// The subject's name, which is the suite's name.
  let subject: String
  /// The verdict in one line.
  let summary: String
  let properties: [(name: String, value: String)]
  /// The duration of the whole run.
  let seconds: Double
  /// The groups; each has at least one test.
  let groups: [Group]
  /// Whether the subject conforms.
  let isGood: Bool

  init(_ outcome: CheckOutcome) {
    switch outcome {
    case .judged(let report): self.init(report)
    case .failed(let failed): self.init(failed)
    }
  }

  private init(_ failed: FailedCheck) {
    subject = Self.name(failed.subject)
    isGood = false
    seconds = 0
    let isBuild = failed.verdict == .unbuildable
    summary = Self.line("\(failed.verdict.rawValue): \(failed.message)")
    properties = [
      ("tool", "mhpcheck \(failed.tool)"), ("verdict", failed.verdict.rawValue),
      ("against", failed.against.name),
      ("modes", failed.modes.joined(separator: " ")), ("seed", "\(failed.seed)"),
    ]
    groups = [
      Group(
        name: "run",
        tests: [
          Test(name: isBuild ? "build" : "complete", outcome: .error(Self.line(failed.message)))
        ])
    ]
  }

  private init(_ report: Report) {
    subject = Self.name(report.subject.origin)
    isGood = report.verdict == .conforms
    seconds = report.seconds
    summary = Self.line(VerdictText(report).line.plain)
    properties = [
      ("tool", "mhpcheck \(report.tool)"), ("verdict", report.verdict.rawValue),
      ("sha256", Self.line(report.subject.sha256)),
      ("against", report.against.name),
      ("modes", report.modes.joined(separator: " ")), ("cases", "\(report.cases)"),
      ("seed", "\(report.seed)"),
    ]
    groups = [
      Group(name: "run", tests: [Self.run(report)]),
      Group(
        name: "functions",
        tests: report.listedFunctions.map { Self.function($0, report) } + Self.helpers(report)),
      Group(name: "fixes", tests: Self.fixes(report).map { Self.fix($0, report) }),
      Group(name: "hazards of upstream's text", tests: report.hazards.map(Self.hazard)),
    ].filter { !$0.tests.isEmpty }
  }

  /// The prerequisites of the patch that the subject lacks, then all fixes.
  private static func fixes(_ report: Report) -> [UpstreamFixes.Description] {
    report.missing.filter { !UpstreamFixes.latest.contains($0) }.flatMap(\.descriptions)
      + UpstreamFixes.all
  }

  private static func run(_ report: Report) -> Test {
    let run = "\(report.cases) cases, \(Words.decimals(report.seconds)) s"
    return Test(
      name: "complete",
      outcome: report.verdict == .incomplete
        ? .error("stopped after \(run): no verdict") : .passed(run))
  }

  private static func function(_ judged: FunctionJudgement, _ report: Report) -> Test {
    let name = judged.function.name
    let through = judged.through.list
    let outcome: Outcome =
      switch judged.status {
      case .differs where !through.isEmpty:
        .skipped("\(judged.differences) of \(judged.cases) cases differ, only through \(through)")
      case .differs: .failed("\(judged.differences) of \(judged.cases) cases differ")
      case .absent where judged.function.isEntryPoint:
        .failed("absent, so the kernel falls back on generic code")
      case .absent where report.isJudgedThroughCallers(judged):
        .skipped("judged through its callers alone")
      case .absent: .skipped("absent by name: inlined?")
      case .identical, .equivalent:
        if judged.cases == 0 {
          .skipped("no case calls it")
        } else if report.verdict == .incomplete {
          .skipped("stopped: \(judged.cases) cases by then, and none differed")
        } else {
          .passed("\(judged.status.rawValue) in \(judged.cases) cases")
        }
      }
    let own = report.differences.filter { $0.group.cause == name }
    return Test(name: name, outcome: outcome, details: own.flatMap { details($0, report) })
  }

  /// One failed test per cause that is not a function of the surface.
  private static func helpers(_ report: Report) -> [Test] {
    report.causes.filter { KernelFunction(name: $0.name) == nil }.map { cause in
      let own = report.differences.filter { $0.group.cause == cause.name }
      return Test(
        name: line(cause.name), outcome: .failed("differences come from it"),
        details: own.flatMap { details($0, report) })
    }
  }

  private static func details(_ reported: ReportedDifference, _ report: Report) -> [String] {
    TextPrinter.lines(of: CauseSections(report).part(reported, 0, isMailed: true)).map(line)
  }

  private static func fix(_ fix: UpstreamFixes.Description, _ report: Report) -> Test {
    var details: [String] = []
    let outcome: Outcome
    if report.missing.contains(fix.fix) {
      let part = report.partial.contains(fix.fix) ? "has it only in part" : "lacks it"
      outcome = .failed("the subject \(part)")
      details = [fix.symptom, fix.modes, "to pick it: git cherry-pick -x \(fix.commit)"]
    } else if report.beyond.contains(fix.fix) {
      outcome = .failed("the subject has it, beyond what was asked for")
    } else if !report.against.contains(fix.fix) {
      outcome = .skipped("not asked for, and not there")
    } else if report.unseen.contains(fix.fix) {
      outcome = .skipped("no case of this run shows it")
    } else if report.verdict == .incomplete {
      outcome = .skipped("stopped: nothing shows by then that it is missing")
    } else {
      outcome = .passed("the subject has it")
    }
    return Test(name: "\(fix.commit) \(fix.title)", outcome: outcome, details: details)
  }

  private static func hazard(_ reported: ReportedHazard) -> Test {
    let group = reported.group
    return Test(
      name: line("\(group.id) \(reported.title)"),
      outcome: .expected("upstream's text has it too, on \(group.modes.joined(separator: " "))"),
      details: [line(group.violation.sentence), line("replay: \(reported.replay)")])
  }

  private static func name(_ text: String) -> String {
    let name = SafeText.shortened(SafeText.line(text), to: 160)
      .split(separator: " ").joined(separator: " ")
    return name.isEmpty ? "unnamed" : name
  }

  private static func line(_ text: String) -> String {
    SafeText.shortened(SafeText.line(text), to: 1000)
  }
}
