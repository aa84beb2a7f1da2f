// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Port

/// The result of a bisection as a document.
package struct BisectDocument {
  private let report: BisectReport
  /// The most kinds of difference on a terminal, in whole forms, and open on a page; the most skipped commits.
  private static let shown = (differences: 3, drawn: 12, unfolded: 2, skipped: 8)

  package static func of(_ report: BisectReport) -> Document {
    BisectDocument(report: report).document
  }

  private var document: Document {
    var document = Document(
      title: "mhpcheck bisect", name: "\(code: report.repository, atMost: 300)", lead: lead)
    document.isGood = report.isAlike
    var sections: [Section] = []
    if case .found(let suspects, let change) = report.outcome {
      sections = [commits(suspects), self.change(change)]
    }
    document.sections = sections + [ends]
    document.footer = [
      Fact(name: "tool", value: "mhpcheck \(report.tool)"),
      Fact(name: "modes", value: "\(report.modes.joined(separator: " "))"),
      Fact(name: "depth", value: "\(report.depth)"),
    ]
    return document
  }

  private var lead: Phrase {
    let known: Phrase = report.known > 0 ? ", \(report.known) known by their text" : ""
    let run: Phrase =
      """
      (\(Words.count(report.commits, "commit")), \(Words.count(report.runs, "revision")) \
      run\(known), \(report.skipped.count) skipped, \(Words.decimals(report.seconds)) s)
      """
    switch report.outcome {
    case .alike(let isSameText):
      let why: Phrase =
        isSameText ? "the text of the functions is the same" : "no case distinguishes them"
      return "\("alike", tone: .good): good and bad behave alike; \(why) \(run)"
    case .found(let suspects, _):
      let names = Words.names(suspects.map(\.short))
      return suspects.count == 1
        ? "\("changed", tone: .bad): by \(names) \(run)"
        : "\("changed", tone: .bad): by one of \(names) \(run)"
    }
  }

  private var ends: Section {
    var section = Section(id: "ends", heading: "Good, bad and skipped")
    section.add(
      .facts([
        Fact(name: "good", value: end(report.good)), Fact(name: "bad", value: end(report.bad)),
      ]))
    if !report.skipped.isEmpty {
      section.add(
        .list(
          report.skipped.prefix(Self.shown.skipped).map {
            "skipped \(line($0.commit)): \(sentence: $0.reason)"
          }), forms: .unlinked)
      section.sections = report.skipped.prefix(Self.shown.skipped).map { skipped -> Section in
        var part = Section(
          id: Self.anchor(skipped.commit), heading: "skipped \(line(skipped.commit))",
          isFolded: true)
        part.add(.paragraph("\(sentence: skipped.reason, atMost: 2000)"), forms: .linked)
        return part
      }
      let rest = report.skipped.count - Self.shown.skipped
      if rest > 0 { section.add(.paragraph("\(rest) more were skipped; --json FILE has all.")) }
    }
    return section
  }

  private func end(_ end: (revision: String, hash: String)) -> Phrase {
    end.revision == end.hash
      ? "\(code: end.revision)" : "\(code: end.revision) (\(code: String(end.hash.prefix(12))))"
  }

  private func line(_ commit: BisectReport.Commit) -> Phrase {
    "\(code: commit.short) \(code: "\"\(commit.title)\"")"
  }

  private func commits(_ suspects: [BisectReport.Commit]) -> Section {
    var section = Section(
      id: "commits", heading: suspects.count == 1 ? "The commit" : "One of these commits",
      importance: .essential)
    section.add(
      .list(suspects.map { "\(line($0)) by \(code: $0.author)" }), .essential,
      forms: suspects.count > 1 ? .unlinked : .all)
    if suspects.count > 1 { section.add(.table(index(suspects)), forms: .linked) }
    if let only = suspects.first, suspects.count == 1 {
      section.add(
        .command(
          Command(
            id: "show", name: "show the commit",
            line:
              "git -C \(SafeText.shellWord(report.repository)) show \(only.short)",
            purpose: "to see it")))
    }
    return section
  }

  /// The suspects in a line each, for a page: those that were skipped link to the reason, others to the change.
  private func index(_ suspects: [BisectReport.Commit]) -> Table {
    let skipped = Set(report.skipped.map(\.commit.hash))
    let told = Set(report.skipped.prefix(Self.shown.skipped).map(\.commit.hash))
    let rows = suspects.map { commit -> Table.Row in
      let isSkipped = skipped.contains(commit.hash)
      let reason: String? = told.contains(commit.hash) ? Self.anchor(commit) : nil
      let target: String? = isSkipped ? reason : "change"
      let remark: Phrase = isSkipped ? "could not be judged" : "behaves otherwise"
      return Table.Row(cells: [
        "\(code: commit.short, target: target)", "\(code: commit.title)",
        "\(code: commit.author)", Table.Cell(remark),
      ])
    }
    return Table(
      caption: "", head: ["commit", "title", "author", "result"], rows: rows, isStacked: true)
  }

  private static func anchor(_ skipped: BisectReport.Commit) -> String {
    "skipped-\(skipped.short)"
  }

  private func change(_ change: BisectReport.Change) -> Section {
    var section = Section(id: "change", heading: "The change", importance: .essential)
    section.add(
      .facts([
        Fact(name: "before", value: VerdictText(change.before).line),
        Fact(name: "after", value: VerdictText(change.after).line),
      ]))
    let changes = Self.changes(change)
    if !changes.isEmpty { section.add(.list(changes), .essential) }
    var seen: Set<String> = []
    let kinds = change.comparison.differences.filter {
      seen.insert("\($0.group.function.name) \($0.group.signature)").inserted
    }
    let drawn = Array(kinds.prefix(Self.shown.drawn))
    if drawn.count > 1 { section.add(.table(Self.index(drawn)), forms: .linked) }
    section.sections = drawn.enumerated().map { place, difference in
      part(
        difference, importance: place < Self.shown.differences ? .brief : .full,
        isFolded: place >= Self.shown.unfolded)
    }
    for (place, replay) in BisectWords.replays(change).enumerated() {
      section.add(
        .command(
          Command(
            id: """
              replay-\(place + 1)
              """, name: "replay on \(place == 0 ? "the later" : "the earlier")",
            line: replay, purpose: place == 0 ? "replay after" : "replay before")))
    }
    return section
  }

  /// The kinds of difference in a line each, for a page.
  private static func index(_ differences: [SubjectComparison.Finding]) -> Table {
    Table(
      caption: "kinds of difference",
      head: ["id", "function", "mode", "cases", "after the change it"],
      rows: differences.map { difference in
        let group = difference.group
        return Table.Row(cells: [
          "\(difference.id, target: difference.id)", "\(code: group.function.name)",
          "\(group.mode)", "\(group.places.count)", "\(BisectWords.sentence(difference))",
        ])
      }, isStacked: true)
  }

  private func part(
    _ difference: SubjectComparison.Finding, importance: Importance, isFolded: Bool
  ) -> Section {
    let group = difference.group
    var part = Section(
      id: difference.id,
      heading: "\(difference.id) \(code: group.function.name) changed on \(group.mode)",
      importance: importance, isFolded: isFolded)
    part.add(.paragraph("After the change it \(BisectWords.sentence(difference))."))
    if let place = difference.places.first { part.blocks += ChangedPlace(place).blocks }
    let blocks = CaseBlocks(
      names: SideNames(subject: "the text after", reference: "the text before"),
      toleratesExtraFlush: false)
    part.blocks += blocks.blocks(
      id: difference.id, scenario: difference.scenario, difference: difference.difference,
      subject: difference.observed?.first, reference: difference.observed?.second)
    return part
  }

  /// The fixes, hazards and functions that the change touches; hazards and fixes have one line each.
  private static func changes(_ change: BisectReport.Change) -> [Phrase] {
    var lines: [Phrase] = []
    lines += change.lostFixes.map { "loses the fix \(code: $0.commit) \"\($0.title)\"" }
    lines += change.gainedFixes.map { "brings the fix \(code: $0.commit) \"\($0.title)\"" }
    lines += change.newHazards.map { "brings the hazard \($0)" }
    // A text that differs may only end before its cases show the hazard.
    let isMended = change.after.verdict == .conforms
    lines += change.goneHazards.map { hazard -> Phrase in
      isMended ? "mends the hazard \(hazard)" : "no longer shows the hazard \(hazard)"
    }
    let functions = change.functions.map(\.name)
    if !functions.isEmpty { lines.append("changes \(Words.names(functions))") }
    lines += change.comparison.onlySecond.map { "drops \(code: $0.name)" }
    lines += change.comparison.onlyFirst.map { "adds \(code: $0.name)" }
    return lines
  }
}
