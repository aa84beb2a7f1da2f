// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Subjects

/// The state of the series in a kernel, as a document.
package struct SeriesDocument {
  private let report: SeriesReport
  /// The most commits to pick whose advice a page leaves open.
  private static let unfolded = 3

  package static func of(_ report: SeriesReport) -> Document {
    SeriesDocument(report: report).document
  }

  private var document: Document {
    var document = Document(
      title: "mhpcheck series", name: "\(code: report.origin, atMost: 300)", lead: lead)
    document.isGood = report.isFine ? true : lacking.isEmpty ? nil : false
    document.sections = [picks, commits, evidence].compactMap { $0 }
    document.footer = [Fact(name: "tool", value: "mhpcheck \(report.tool)")]
    return document
  }

  private var lacking: [SeriesRow] { report.rows.filter(\.isToBePicked) }

  private var lead: Phrase {
    let unknown = report.rows.filter { !$0.isKnown && $0.commit != .merge }
    let untold: Phrase =
      "\(unknown.count) cannot be seen in this subject: \(Self.names(unknown))"
    guard lacking.isEmpty else {
      let rest: Phrase = unknown.isEmpty ? "" : "; \(untold)"
      return
        """
        \("incomplete", tone: .bad): \(Words.count(lacking.count, "commit")) missing or partly \
        missing: \(Self.names(lacking))\(rest)
        """
    }
    let count = report.rows.count { $0.status == .present }
    guard unknown.isEmpty else {
      return "undecided: \(Words.count(count, "commit")) present; \(untold)"
    }
    let rest = report.rows.count - count
    let unneeded: Phrase = rest > 0 ? ", \(rest) not needed" : ""
    return "\("complete", tone: .good): \(Words.count(count, "commit")) present\(unneeded)"
  }

  private static func names(_ rows: [SeriesRow]) -> Phrase {
    Words.names(rows.map(\.commit.hash))
  }

  /// The commits to pick, in order, with the effect of their absence.
  private var picks: Section? {
    guard !lacking.isEmpty else { return nil }
    var section = Section(id: "picks", heading: "To pick", importance: .essential)
    let order = lacking.flatMap { $0.first + [$0.commit.hash] }
    section.add(
      .command(
        Command(
          id: "pick", name: "pick what is missing",
          line: "git cherry-pick -x \(order.joined(separator: " "))",
          purpose: order.count == 1 ? "to pick it" : "to pick them, in this order")), .essential)
    section.sections = lacking.map(advice)
    return section
  }

  private func advice(_ row: SeriesRow) -> Section {
    let lacks: Phrase = row.status == .partial ? "lacks part of" : "lacks"
    var part = Section(
      id: Self.anchor(row),
      heading: "\(lacks) \(code: row.commit.hash) \"\(row.commit.title)\"")
    part.isFolded = lacking.count > Self.unfolded
    part.add(.paragraph("without it: \(row.commit.loss)"))
    part.blocks += Self.evidence(of: row)
    if let scenario = row.commit.scenario {
      part.add(
        .command(
          Command(
            id: "\(part.id)-replay", name: "replay it", line: "mhpcheck replay \(scenario) SUBJECT",
            purpose: "seen in")))
    }
    if !row.first.isEmpty {
      part.add(
        .command(
          Command(
            id: "\(part.id)-first", name: "pick what it needs",
            line: "git cherry-pick -x \(row.first.joined(separator: " "))", purpose: "first")))
    }
    part.add(
      .command(
        Command(
          id: "\(part.id)-pick", name: "pick \(row.commit.hash)",
          line: "git cherry-pick -x \(row.commit.hash)", purpose: "pick")))
    return part
  }

  private var commits: Section {
    var section = Section(id: "commits", heading: "Commits")
    section.add(
      .table(
        Table(
          caption: "", head: ["commit", "status", "judged by", "title and evidence"],
          rows: report.rows.map { row in
            Table.Row(cells: [
              "\(code: row.commit.hash)", Table.Cell(Self.status(row)),
              Table.Cell(Self.means(row)),
              "\(row.commit.title): \(sentence: row.evidence, atMost: 1000)",
            ])
          })), forms: .unlinked)
    section.add(
      .table(
        Table(
          caption: "", head: ["commit", "status", "judged by", "title"],
          rows: report.rows.map { row in
            Table.Row(cells: [
              "\(code: row.commit.hash, target: Self.anchor(row))", Table.Cell(Self.status(row)),
              Table.Cell(Self.means(row)), "\(row.commit.title)",
            ])
          }, isStacked: true)), forms: .linked)
    return section
  }

  /// What was seen of the commits that need not be picked, for a page; the advice has the others.
  private var evidence: Section {
    var section = Section(id: "evidence", heading: "Evidence", isFolded: true)
    section.sections = report.rows.filter { !$0.isToBePicked }.map { row -> Section in
      var part = Section(
        id: Self.anchor(row), heading: "\(code: row.commit.hash) \"\(row.commit.title)\"")
      if row.status != .present {
        part.add(.paragraph("without it: \(row.commit.loss)"), forms: .linked)
      }
      part.blocks += Self.evidence(of: row)
      return part
    }
    return section
  }

  /// The anchor of the part with a commit's evidence.
  private static func anchor(_ row: SeriesRow) -> String {
    row.isToBePicked ? "pick-\(row.commit.hash)" : "commit-\(row.commit.hash)"
  }

  /// What was seen of a commit, where a page's table has only the status.
  private static func evidence(of row: SeriesRow) -> [Block] {
    let facts = [
      Fact(name: "status", value: status(row)), Fact(name: "judged by", value: means(row)),
    ]
    return [
      Block(kind: .facts(facts), forms: .linked),
      Block(kind: .paragraph("\(sentence: row.evidence, atMost: 1000)"), forms: .linked),
    ]
  }

  private static func means(_ row: SeriesRow) -> Phrase {
    row.judgedBy == .behaviour ? "behaviour" : "structure"
  }

  private static func status(_ row: SeriesRow) -> Phrase {
    guard row.isKnown else { return Phrase("unknown", tone: .faint) }
    return switch row.status {
    case .present: Phrase(row.status.rawValue, tone: .good)
    case .notNeeded: Phrase(row.status.rawValue, tone: .faint)
    case .partial, .absent: Phrase(row.status.rawValue, tone: .bad)
    }
  }
}
