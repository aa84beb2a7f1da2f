// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// What a page says, in the words of its template: every stored property is a name that the template asks
/// for. A name means one thing on the whole page, as an inner part that lacks it would show an outer one's.
struct Page {
  /// A thing to know, in a list of such.
  struct Fact {
    var fact: String
    var figure: String
    var remark = ""
  }

  /// A link to a part.
  struct Part {
    var anchor: String
    var part: String
  }

  /// A command to be copied.
  struct Command {
    var commandID: String
    var commandName: String
    var command: String
  }

  let css = String(decoding: PackageResources.page_css, as: UTF8.self)
  let script = String(decoding: PackageResources.page_js, as: UTF8.self)
  var tool: String
  var subject: String
  /// The verdict, its colour, and its sign for those who do not see colours.
  var word: String
  var tone: String
  var sign: String
  /// What was found, and what the verdict means.
  var sentence: String
  var meaning: String
  var isJudged: Bool
  var about: [Fact]

  var facts: [Fact] = []
  var warningTitle = ""
  var warnings: [String] = []
  var parts: [Part] = []
  var fixes: [PageFix] = []
  var functions: [PageFunction] = []
  var rules: [PageRule] = []
  var differences: [PageDifference] = []
  var noDifferences = ""
  var listed: [PageListedDifference] = []
  var listedTitle = ""
  var rest = ""
  var hazardIntroduction = ""
  var hazards: [PageHazard] = []
  var confirmed: [PageConfirmed] = []
  var universeSentence = ""
  var universes: [PageUniverse] = []

  /// A page of what a check came to, with what running kernels did.
  init(_ outcome: CheckOutcome, confirmed: [ConfirmFile] = []) {
    switch outcome {
    case .judged(let report): self.init(report, confirmed)
    case .failed(let failed): self.init(failed)
    }
  }

  private init(_ failed: FailedCheck) {
    tool = "mhpcheck \(failed.tool)"
    subject = PageText.line(failed.subject)
    word = failed.verdict.rawValue
    (tone, sign) = Self.look(of: failed.verdict)
    sentence = PageText.line(failed.message, atMost: 2000)
    meaning = Self.meaning(of: failed.verdict)
    isJudged = false
    about = [
      Fact(fact: "Tool", figure: tool),
      Fact(fact: "Was to be held against", figure: failed.against.name),
      Fact(fact: "Modes", figure: failed.modes.joined(separator: " ")),
      Fact(fact: "Seed", figure: "\(failed.seed)"),
    ]
  }

  private init(_ report: Report, _ files: [ConfirmFile]) {
    tool = "mhpcheck \(report.tool)"
    subject = PageText.line(report.subject.origin)
    word = report.verdict.rawValue
    (tone, sign) = Self.look(of: report.verdict)
    sentence = VerdictText(report).sentence
    meaning = Self.meaning(of: report.verdict)
    isJudged = true
    about =
      [
        Fact(fact: "Tool", figure: tool),
        Fact(
          fact: "Subject", figure: PageText.line(report.subject.argument),
          remark: report.subject.kind
        ),
        Fact(fact: "SHA-256 of its extracted text", figure: report.subject.sha256),
        Fact(fact: "Held against", figure: report.against.name),
      ] + report.states.map { Fact(fact: "State", figure: $0.rawValue, remark: $0.sentence) } + [
        Fact(fact: "Modes", figure: report.modes.joined(separator: " ")),
        Fact(fact: "Seed", figure: "\(report.seed)"),
        Fact(
          fact: "Mutants of the reference told at standard depth",
          figure: SuiteScore.reference.phrase),
      ]
    facts = Self.facts(report)
    (warningTitle, warnings) = Self.warnings(report)
    fixes = report.missing.flatMap(\.descriptions).map { PageFix($0, in: report) }
    functions = report.listedFunctions.map { PageFunction($0) }
    rules = report.equivalences.map { PageRule($0.rule, users: $0.functions) }
    fill(differences: report)
    hazards = PageHazard.all(report)
    hazardIntroduction =
      hazards.isEmpty
      ? "No case broke a rule that the reference breaks, too."
      : "What upstream's own text does wrong, and the subject with it. None of it is part of the verdict."
    confirmed = files.map { PageConfirmed($0) }
    universes = report.universes.prefix(400).map { PageUniverse($0) }
    universeSentence = Self.universeSentence(report)
    parts = [
      !fixes.isEmpty ? Part(anchor: "picks", part: "Commits to pick") : nil,
      Part(anchor: "functions", part: "Functions"),
      Part(anchor: "differences", part: "Differences"), Part(anchor: "hazards", part: "Hazards"),
      !confirmed.isEmpty ? Part(anchor: "confirmed", part: "Running kernels") : nil,
      !universes.isEmpty ? Part(anchor: "universes", part: "Universes") : nil,
    ].compactMap { $0 }
  }

  private static func look(of verdict: Verdict) -> (tone: String, sign: String) {
    switch verdict {
    case .conforms: ("good", "\u{2713}")
    case .missingFixes: ("warn", "!")
    case .differs: ("bad", "\u{2717}")
    case .unbuildable, .incomplete: ("warn", "?")
    }
  }

  private static func meaning(of verdict: Verdict) -> String {
    switch verdict {
    case .conforms:
      "In every case that was run the subject did what the reference does, or what a rule of "
        + "equivalence makes the same."
    case .missingFixes:
      "The subject is a faithful copy of an older state of upstream's text. It does nothing wrong that "
        + "upstream did not; picking the commits below brings it up to date."
    case .differs:
      "The subject does something that no known state of upstream's text does. Below are the smallest "
        + "cases that show it."
    case .unbuildable:
      "Nothing was run: the subject could not be read, extracted or compiled. This is no verdict on what "
        + "it does."
    case .incomplete:
      "The run did not come to its end. This is no verdict on what the subject does."
    }
  }
}
