// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Port

/// A check as a document: the verdict, its causes with one example each, then the evidence.
package struct CheckDocument {
  let report: Report
  private let confirmed: [ConfirmFile]
  /// The least importance that will be shown; drawings that nobody sees are not made.
  let least: Importance

  /// The document of a check, with confirmations by running kernels (`confirmed`) for a page. It may lack what is
  /// less important than `least`.
  package static func of(
    _ outcome: CheckOutcome, confirmed: [ConfirmFile] = [], least: Importance = .full
  ) -> Document {
    switch outcome {
    case .judged(let report):
      CheckDocument(report: report, confirmed: confirmed, least: least).document
    case .failed(let failed): document(failed)
    }
  }

  private static let title = "mhpcheck check"

  private static func document(_ failed: FailedCheck) -> Document {
    var document = Document(
      title: title, name: "\(code: failed.subject, atMost: 300)",
      lead: "\(failed.verdict.rawValue, tone: .bad): \(sentence: failed.message, atMost: 2000)")
    var meaning = Section(id: "meaning", heading: "", importance: .full)
    meaning.add(.paragraph(Self.meaning(of: failed.verdict)))
    var run = Section(id: "run", heading: "", importance: .essential, isKept: true)
    let tool = Self.run(failed.tool, failed.against, failed.modes, failed.seed)
    run.blocks = [
      Block(
        kind: .facts([
          Fact(name: "source", value: "\(code: failed.subject, atMost: 120)"),
          Fact(name: "run", value: tool),
        ]), importance: .essential, forms: .mail)
    ]
    document.sections = [meaning, run]
    document.footer = [
      Fact(name: "subject", value: "\(code: failed.subject, atMost: 300)"),
      Fact(name: "run", value: tool),
    ]
    return document
  }

  private var document: Document {
    var document = Document(
      title: Self.title, name: "\(code: report.subject.origin, atMost: 300)",
      lead: VerdictText(report).line)
    document.isGood = report.verdict == .conforms ? true : report.verdict == .differs ? false : nil
    document.isKnown = report.verdict == .missingFixes
    document.sections = [
      notes, CauseSections(report).section, expectations, headers, mends, hazards, warnings,
      functions, more, running, universes, evidence, provenance,
    ].compactMap { $0 }
    document.footer = [
      Fact(name: "tool", value: "mhpcheck \(report.tool)"),
      Fact(
        name: """
          subject
          """, value: "\(code: report.subject.argument, atMost: 300) (\(report.subject.kind))"),
      Fact(name: "against", value: "\(report.against.name)"),
      Fact(name: "modes", value: "\(report.modes.joined(separator: " "))"),
      Fact(name: "seed", value: "\(report.seed)"),
      Fact(name: "SHA-256 of the extracted text", value: "\(code: report.subject.sha256)"),
    ]
    document.more =
      """
      --verbose shows tables, traces and hazards in full, --html FILE draws them; mhpcheck \
      explain ID says what an id means
      """
    return document
  }

  static func run(
    _ version: String, _ against: UpstreamFixes, _ modes: [String], _ seed: UInt64
  ) -> Phrase {
    "mhpcheck \(version), against \(against.name), \(modes.joined(separator: " ")), seed \(seed)"
  }

  private static func meaning(of verdict: Verdict) -> Phrase {
    switch verdict {
    case .conforms:
      """
      In every case that was run the subject did what the reference does, or what a rule of \
      equivalence makes the same.
      """
    case .missingFixes:
      """
      The subject is a faithful copy of an older state of upstream's text. Picking the commits \
      below brings it up to date.
      """
    case .differs:
      "The subject does something that no known state of upstream's text does."
    case .unbuildable:
      """
      Nothing was run: the subject could not be read, extracted or compiled. This is no \
      verdict on what it does.
      """
    case .incomplete:
      """
      The run did not come to its end. This is no verdict on what the subject does.
      """
    }
  }

  /// The facts about the subject that a reader needs first.
  private var notes: Section? {
    var section = Section(id: "notes", heading: "", importance: .essential)
    section.add(.paragraph(Self.meaning(of: report.verdict)), .full)
    for state in report.states {
      section.add(
        .paragraph(
          """
          state \(state.rawValue): \(state.sentence)
          """))
    }
    for warning in report.subject.warnings {
      section.add(
        .paragraph(
          """
          \("warning", tone: .bad): \(sentence: warning, atMost: 2000)
          """), .essential)
    }
    if !report.left.isEmpty {
      section.add(
        .paragraph(
          """
          The run skipped further cases that call \(Words.names(report.left.map(\.name))): \
          several of them hang, run away or kill their worker.
          """
        ))
    }
    return section
  }

  private var expectations: Section? {
    report.expectations.map { ExpectationSection(outcome: $0).section }
  }

  private var headers: Section? {
    var section = Section(
      id: "headers", heading: "The tree's own headers", importance: .essential)
    if case .unknown(let reason) = report.headers {
      section.add(
        .paragraph(
          """
          They could not be compared with the harness's: \(sentence: reason, atMost: 600).
          """), .essential)
      return section
    }
    let differing = report.headers.differing
    guard !differing.isEmpty else { return nil }
    section.add(
      .paragraph(
        """
        Their definitions differ from upstream's. The functions ran with upstream's, \
        so nothing here holds for this tree.
        """
      ), .essential)
    section.add(.list(differing.map { "\(sentence: $0.sentence, atMost: 600)" }), .essential)
    return section
  }

  // MARK: - Evidence

  /// The size of the run, and its power to find defects: universes, mutants, coverage, random cases.
  private var evidence: Section? {
    var section = Section(id: "worth", heading: "What was run", importance: .brief)
    let universes = report.universes.count(where: \.isComplete)
    let small: Phrase =
      report.universes.isEmpty
      ? "" : ", \(universes) of \(report.universes.count) universes of small machines whole"
    let random: Phrase = report.random.map { ", \($0.cases) at random" } ?? ""
    section.add(
      .paragraph(
        """
        \(Words.count(report.cases, "case"))\(random)\(small); the oracle judged \
        \(report.judged). At standard depth the cases kill \(SuiteScore.reference.killed) of \
        \(SuiteScore.reference.total) mutants of the reference.
        """
      ))
    let kept = report.universes.count(where: \.isKept)
    if kept > 0 {
      section.add(
        .paragraph(
          """
          \(kept) of \(report.universes.count) universes are kept from an earlier run of the same machine code; \
          --fresh runs them again.
          """
        ))
    }
    let reach = CoverageWords.summary(report.coverage)
    if let reach { section.add(.paragraph(reach)) }
    if !report.unsetSymbols.isEmpty { section.add(.paragraph(unset)) }
    let warnings = CoverageWords.warnings(report.coverage)
    if !warnings.isEmpty {
      section.blocks.append(
        Block(kind: .list(Array(warnings.prefix(3)) + Self.rest(warnings.count - 3)), forms: .short)
      )
      section.blocks.append(
        Block(
          kind: .list(Array(warnings.prefix(100)) + Self.rest(warnings.count - 100)), forms: .whole)
      )
    }
    if let random = report.random {
      section.add(
        .paragraph(
          """
          Random cases: \(random.cases) of \(random.drawn) at real geometry, seed \
          \(random.seed); \(random.differing) differ, \(random.mended) mend.
          """
        ), .full)
    }
    return section
  }

  /// The symbols that nobody set, in one line, with the options that set them.
  private var unset: Phrase {
    let most = 8
    let shown = report.unsetSymbols.prefix(most).map { "\(code: "-D \($0)", atMost: 80)" as Phrase }
    let rest = report.unsetSymbols.count - shown.count
    let more: Phrase = rest > 0 ? " and \(rest) more" : ""
    return "symbols that nobody set, whose text is not judged: \(shown.joined(", "))\(more)"
  }

  private static func rest(_ count: Int) -> [Phrase] {
    count > 0 ? ["\(count) more; mhpcheck coverage has all of them"] : []
  }

  private var functions: Section? {
    guard !report.listedFunctions.isEmpty else { return nil }
    var section = Section(id: "functions", heading: "Functions", importance: .full)
    let examples = CauseSections(report)
    let rows = report.listedFunctions.map { judged -> Table.Row in
      let tone: Span.Tone =
        switch judged.status {
        case .identical, .equivalent: .good
        case .differs: .bad
        case .absent: .faint
        }
      let through: Phrase =
        judged.through.isEmpty ? "" : "only through \(Words.names(judged.through))"
      let rules: Phrase =
        judged.rules.isEmpty
        ? "" : "by \(Words.list(judged.rules.map(\.rawValue)))"
      return Table.Row(cells: [
        "\(code: judged.function.name, target: examples.example(of: judged.function)?.id)",
        "\(judged.status.rawValue, tone: tone)",
        "\(judged.cases)", "\(judged.differences)",
        Table.Cell([through, rules].filter { !$0.isEmpty }.joined("; ")),
      ])
    }
    var table = Table(
      caption: "", head: ["function", "status", "cases", "differ", "remark"], rows: rows,
      numbers: [2, 3], isStacked: true)
    table.dropLastColumnIfEmpty()
    section.add(.table(table))
    if !report.equivalences.isEmpty {
      section.add(
        .fold(
          "Equivalence rules that the verdict uses",
          [
            Block(
              kind: .list(
                report.equivalences.map { rule, users in
                  """
                  \(rule.rawValue, tone: .strong): \(rule.sentence) \
                  (\(Words.names(users.map(\.name))))
                  """
                }), importance: .full)
          ]))
    }
    return section
  }

  /// The kinds of difference that are not an example of a cause.
  private var more: Section? {
    let rest = CauseSections(report).rest
    guard !rest.isEmpty else { return nil }
    var section = Section(
      id: "differences", heading: "More kinds of difference", importance: .full, isFolded: true)
    let rows = rest.prefix(100).map { reported -> Table.Row in
      Table.Row(cells: [
        "\(reported.id)", "\(code: reported.group.cause)", "\(reported.group.mode)",
        Table.Cell(CauseSections.sentence(reported)), "\(code: reported.replay)",
      ])
    }
    section.add(
      .table(
        Table(
          caption: "each with its smallest case",
          head: ["id", "function", "mode", "what", "see it"], rows: rows)))
    if rest.count > rows.count {
      section.add(.paragraph("\(rest.count - rows.count) more; --json FILE writes all of them."))
    }
    return section
  }

  private var universes: Section? {
    guard !report.universes.isEmpty else { return nil }
    var section = Section(
      id: "universes", heading: "Universes", importance: .full, isFolded: true)
    section.add(
      .table(
        Table(
          caption: """
            bounded sets of cases of small machines, each run completely, unless cases were skipped
            """,
          head: ["universe", "cases run", "of", "differ", "mend"],
          rows: report.universes.prefix(400).map { outcome in
            Table.Row(cells: [
              "\(code: outcome.name)", "\(outcome.cases)", "\(outcome.size)",
              "\(outcome.differing)", "\(outcome.mended)",
            ])
          }, numbers: [1, 2, 3, 4])))
    return section
  }

  private var running: Section? {
    confirmed.isEmpty ? nil : ConfirmedSections(confirmed).section
  }

  /// The facts that the reader of a mail needs to repeat the run.
  private var provenance: Section? {
    var section = Section(
      id: "provenance", heading: "", importance: .essential, isKept: true)
    section.blocks = [
      Block(
        kind: .facts([
          Fact(name: "source", value: "\(code: report.subject.origin, atMost: 120)"),
          Fact(
            name: "run",
            value:
              """
              \(Self.run(report.tool, report.against, report.modes, report.seed)); \
              \(Words.count(report.cases, "case"))
              """
          ),
          // The name "sha256" and the digest fill a mail's line of 72 columns.
          Fact(name: "sha256", value: "\(code: report.subject.sha256)"),
        ]), importance: .essential, forms: .mail)
    ]
    if report.verdict == .conforms {
      section.blocks.append(
        Block(
          kind: .paragraph("Tested-by: NAME <ADDRESS> # mhpcheck \(report.tool)"),
          importance: .essential, forms: .mail))
    }
    return section
  }
}
