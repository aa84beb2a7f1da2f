// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Port

/// What a fleet found in one of its subjects, as a part of a page. Text and Markdown have the tables alone.
struct FleetDetails {
  let row: FleetRow
  let fleet: FleetReport

  /// The most kinds of difference in the table.
  private static let listed = 100

  /// The anchor of a subject's part.
  static func id(of row: FleetRow) -> String { "subject-\(row.label.lowercased())" }

  private var id: String { Self.id(of: row) }

  var section: Section {
    var section = Section(
      id: id, heading: "\(row.label): \(code: row.argument)", importance: .full, isFolded: true)
    section.add(.paragraph(verdict), forms: .linked)
    if let report = row.report {
      for kind in findings(of: report) + more(of: report) { section.add(kind, forms: .linked) }
    }
    return section
  }

  private var verdict: Phrase {
    if let report = row.report { return VerdictText(report).line }
    return "\(row.word, tone: .bad): \(sentence: row.reason ?? "", atMost: 600)"
  }

  /// The subject, its warnings, what it lacks and where it differs.
  private func findings(of report: FleetSubject) -> [Block.Kind] {
    var kinds: [Block.Kind] = [
      .facts([
        Fact(name: "origin", value: "\(code: report.subject.origin, atMost: 300)"),
        Fact(name: "sha256 of the extracted text", value: "\(code: report.subject.sha256)"),
      ])
    ]
    for warning in report.subject.warnings {
      kinds.append(.paragraph("\("warning", tone: .bad): \(sentence: warning, atMost: 2000)"))
    }
    let commits = report.missing.flatMap(\.descriptions).map(\.commit)
    if !commits.isEmpty {
      kinds.append(
        .command(
          Command(
            id: "\(id)-pick", name: "pick what is missing",
            line: "git cherry-pick -x \(commits.joined(separator: " "))",
            purpose: commits.count == 1 ? "to pick the fix" : "to pick the fixes, in this order")))
    }
    if !report.kinds.isEmpty { kinds.append(.table(differences(of: report))) }
    let hidden = report.kinds.count - Self.listed
    if hidden > 0 { kinds.append(.paragraph("\(hidden) more; mhpcheck check has all of them.")) }
    return kinds
  }

  private func differences(of report: FleetSubject) -> Table {
    let rows = report.kinds.prefix(Self.listed).map { kind -> Table.Row in
      let why: Phrase =
        kind.explanation.map { " (explained by \(CauseSections.cause($0, in: report)))" } ?? ""
      return Table.Row(cells: [
        "\(code: kind.cause)", "\(kind.mode)", "\(kind.cases)",
        "\(code: kind.signature)\(why)",
      ])
    }
    return Table(
      caption: "kinds of difference", head: ["function", "mode", "cases", "kind"], rows: rows,
      isStacked: true)
  }

  /// The hazards, and the command that shows what a fleet does not keep: cases and drawings.
  private func more(of report: FleetSubject) -> [Block.Kind] {
    var kinds: [Block.Kind] = []
    if !report.hazards.isEmpty {
      let hazards = report.hazards.map { shared -> Phrase in
        let modes = shared.modes.joined(separator: " ")
        return "\(shared.bug.id, tone: .strong): \(shared.bug.title) (\(modes))"
      }
      kinds.append(
        .fold(
          "hazards of upstream's own text, which no verdict counts", [Block(kind: .list(hazards))]))
    }
    // The argument is a word of a shell already.
    let against = fleet.against == .latest ? "" : " --against \(fleet.against.name)"
    let line =
      "mhpcheck check \(report.subject.argument) --depth \(fleet.depth)\(against) --html FILE"
    kinds.append(
      .command(
        Command(
          id: "\(id)-check", name: "check the subject", line: line,
          purpose: "to see its cases, with drawings")))
    return kinds
  }
}
