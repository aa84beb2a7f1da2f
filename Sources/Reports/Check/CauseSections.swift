// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

/// The causes of a verdict: first unexplained differences, then fixes to pick, then the differences that
/// fixes explain. Each has one example.
struct CauseSections {
  private let report: Report
  /// The differences that serve as examples, one per function and explanation.
  private let shown: [ReportedDifference]

  /// The most causes in a mail.
  private static let mailed = 3
  /// The most examples on a terminal, and on a page.
  private static let limits = (brief: 4, drawn: 12)

  init(_ report: Report) {
    self.report = report
    shown = Self.mostTelling(report.differences, atMost: Self.limits.drawn)
  }

  /// The kinds of difference that are not an example of a cause.
  var rest: [ReportedDifference] {
    let ids = Set(shown.map(\.id))
    return report.differences.filter { !ids.contains($0.id) }
  }

  var section: Section? {
    let own = shown.filter { $0.group.explanation == nil }
    let explained = shown.filter { $0.group.explanation != nil }
    var parts: [Section] = []
    for (place, reported) in own.enumerated() {
      parts.append(part(reported, place, isMailed: true))
    }
    for fix in report.missing.flatMap(\.descriptions) { parts.append(part(fix)) }
    for (place, reported) in explained.enumerated() {
      parts.append(part(reported, own.count + place, isMailed: own.isEmpty && place == 0))
    }
    guard !parts.isEmpty else { return nil }
    var section = Section(id: "causes", heading: "Causes", importance: .essential)
    section.sections = parts
    if !report.missing.isEmpty {
      let commits = report.missing.flatMap(\.descriptions).map(\.commit)
      section.add(
        .command(
          Command(
            id: "pick", name: "pick what is missing",
            line: "git cherry-pick -x \(commits.joined(separator: " "))",
            purpose: commits.count == 1 ? "to pick the fix" : "to pick the fixes, in this order")),
        .essential)
    }
    return section
  }

  /// The difference that shows a cause best.
  func example(of cause: Cause) -> ReportedDifference? {
    let own = shown.filter { $0.group.cause == cause.name }
    return own.first { ($0.group.explanation == nil) == cause.fixes.isEmpty } ?? own.first
  }

  /// The difference that shows best how a function differs; nil where none does.
  func example(of function: KernelFunction) -> ReportedDifference? {
    shown.first { $0.group.cause == function.name }
      ?? shown.first { $0.group.function == function }
  }

  /// A commit that the subject lacks.
  private func part(_ fix: UpstreamFixes.Description) -> Section {
    let lacks: Phrase = report.partial.contains(fix.fix) ? "lacks part of" : "lacks"
    var part = Section(
      id: "fix-\(fix.commit)", heading: "\(lacks) \(code: fix.commit) \"\(fix.title)\"",
      importance: .essential)
    part.add(.paragraph("Without it: \(fix.symptom)"))
    let groups = report.groups.filter { $0.explanation?.contains(fix.fix) ?? false }
    let seen = Self.seen(groups, in: report).map { "\($0.capitalised). " as Phrase } ?? ""
    part.add(.paragraph("\(seen)\(fix.modes)"), .essential)
    return part
  }

  /// The section of a difference, with its example.
  ///
  /// - Parameters:
  ///   - place: the rank among the examples, from 0; later ones are folded.
  ///   - isMailed: whether a mail shows the section, too.
  func part(_ reported: ReportedDifference, _ place: Int, isMailed: Bool) -> Section {
    var part = Section(
      id: reported.id, heading: Self.title(reported, of: kinds(reported), in: report),
      importance: isMailed && place < Self.mailed
        ? .essential : place < Self.limits.brief ? .brief : .full)
    part.isFolded = place >= Self.limits.brief
    part.add(.paragraph("\(Self.sentence(reported).capitalised.toned(.bad))."), .essential)
    if let place = reported.place {
      part.blocks += PlaceBlocks(place, cause: reported.group.cause).blocks
    }
    let remarks = Self.remarks(reported)
    if !remarks.isEmpty { part.add(.list(remarks)) }
    part.blocks += CaseBlocks().blocks(reported)
    part.add(
      .command(
        Command(
          id: "\(reported.id)-replay", name: "replay \(reported.id)", line: reported.replay,
          purpose: "replay")), .essential)
    source(of: reported).map { part.blocks.append($0) }
    return part
  }

  /// All kinds of difference with the cause and the explanation of an example, in any mode.
  private func kinds(_ reported: ReportedDifference) -> [DifferenceGroup] {
    report.groups.filter {
      $0.cause == reported.group.cause && $0.explanation == reported.group.explanation
    }
  }

  /// The source of the function as the user wrote it, for a page; only the function's first example has it.
  private func source(of reported: ReportedDifference) -> Block? {
    let function = reported.group.function
    guard shown.first(where: { $0.group.function == function })?.id == reported.id,
      let source = report.sources.first(where: { $0.function == function })
    else { return nil }
    let width = source.lines.last.map { String($0.number).count } ?? 1
    let places = Set(
      shown.filter { $0.group.function == function }.compactMap { example in
        example.place?.frames.first { $0.function == function.name }?.line
      })
    var lines = source.lines.prefix(160).map { line in
      let number = String(line.number)
      return Listing.Line(
        text: LineLayout.blanks(width - number.count) + "\(number)  \(line.text)",
        isMarked: places.contains(line.number))
    }
    if source.lines.count > lines.count {
      lines.append(
        Listing.Line(text: "... \(source.lines.count - lines.count) more lines", tone: .faint))
    }
    return Block(
      kind: .fold(
        "\(code: function.name) in \(code: source.file)",
        [Block(kind: .listing(Listing(caption: "", lines: lines, language: "c")))]),
      importance: .full, forms: .page)
  }

  // MARK: - Words

  /// "D1 free_pmd_table differs on sv39 and sv48 in 3 cases (explained by the missing 21f1b85c8912)", with the
  /// modes and cases of these kinds of difference.
  static func title(
    _ reported: ReportedDifference, of kinds: [DifferenceGroup], in report: Report
  ) -> Phrase {
    let group = reported.group
    let modes = report.modes.filter { mode in kinds.contains { $0.mode == mode } }
    let cases = Set(kinds.flatMap(\.places)).count
    let why: Phrase =
      group.explanation.map { " (explained by \(cause($0, in: report)))" } ?? ""
    return
      """
      \(reported.id) \(code: group.cause) differs on \(Words.list(modes)) in \
      \(Words.count(cases, "case"))\(why)
      """
  }

  /// The first difference between the sides, as a sentence with its subject.
  static func sentence(_ reported: ReportedDifference) -> Phrase {
    CaseBlocks().sentence(
      scenario: reported.scenario, difference: reported.difference, subject: reported.subject,
      reference: reported.reference)
  }

  /// The oracle rules that the subject breaks, each with what happens instead, and the hazards that it may mend.
  static func remarks(_ reported: ReportedDifference) -> [Phrase] {
    let broken = reported.group.rules.map { rule -> Phrase in
      guard let violation = reported.violations.first(where: { $0.rule == rule }) else {
        return "breaks \(rule.rawValue, tone: .strong). Required: \(rule.sentence)"
      }
      return
        """
        breaks \(rule.rawValue, tone: .strong). Required: \(rule.sentence). Here: \
        \(violation.sentence)
        """
    }
    let mended = reported.group.mended.map { hazard -> Phrase in
      """
      the reference has hazard \(hazard.rawValue) in all of these cases, and the subject does \
      not: it may mend upstream's text
      """
    }
    return broken + mended
  }

  /// "the missing X", "X, which it has" (a fix beyond the requested set), or both.
  static func cause(_ fixes: UpstreamFixes, in report: any JudgedSubject) -> Phrase {
    func commits(_ fixes: UpstreamFixes) -> Phrase {
      Words.names(fixes.descriptions.map(\.commit))
    }
    let missing = fixes.intersection(UpstreamFixes(report.missing))
    let beyond = fixes.subtracting(missing)
    return [
      missing.isEmpty ? nil : "the missing \(commits(missing))" as Phrase,
      beyond.isEmpty ? nil : "\(commits(beyond)), which it has" as Phrase,
    ].compactMap { $0 }.joined(" and ")
  }

  /// The modes and the number of cases that show these differences, e.g. "seen on sv48 in 3 cases"; nil when
  /// no case does.
  static func seen(_ groups: [DifferenceGroup], in report: Report) -> Phrase? {
    let modes = report.modes(showing: groups)
    guard !modes.isEmpty else { return nil }
    let cases = groups.reduce(0) { $0 + $1.places.count }
    let direct = report.modes.filter { mode in
      !modes.contains(mode) && groups.contains { $0.mode == mode }
    }
    let aside: Phrase =
      direct.isEmpty
      ? ""
      : ", on \(Words.list(direct)) only when inner functions are called directly"
    return "seen on \(Words.list(modes)) in \(Words.count(cases, "case"))\(aside)"
  }

  /// One difference per function and explanation, preferably one that entry points show.
  static func mostTelling(
    _ differences: [ReportedDifference], atMost limit: Int
  ) -> [ReportedDifference] {
    struct Key: Hashable {
      var cause: String
      var explanation: UpstreamFixes?
    }
    var seen: Set<Key> = []
    var first: [ReportedDifference] = []
    let ordered = differences.filter(\.group.isReached) + differences.filter { !$0.group.isReached }
    for reported in ordered
    where seen.insert(
      Key(cause: reported.group.cause, explanation: reported.group.explanation)
    )
    .inserted {
      first.append(reported)
    }
    return Array(first.prefix(limit))
  }
}
