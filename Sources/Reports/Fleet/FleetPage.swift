// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

/// A fleet as Markdown and as HTML.
public struct FleetPage: Sendable {
  private let page: TablePage

  /// What a fleet's page says.
  public init(_ fleet: FleetReport) {
    page = TablePage(
      title: "mhpcheck fleet", lead: [TablePage.Cell(FleetWords.summary(fleet) + ".")],
      sections: [Self.subjects(fleet)] + Self.fixesAndHazards(fleet) + Self.functions(fleet),
      footer: "mhpcheck \(fleet.tool); what an id means: mhpcheck explain ID")
  }

  /// Markdown, with a final newline.
  public var markdown: String { TablePageMarkdown().render(page) }
  /// One self-contained HTML file.
  public var html: String { TablePageHTML().render(page) }

  private static func subjects(_ fleet: FleetReport) -> TablePage.Section {
    let rows = fleet.rows.map { row -> [TablePage.Cell] in
      let tone: TablePage.Tone = row.report?.verdict == .conforms ? .good : .bad
      let why =
        row.report.map {
          TablePage.Cell(String(VerdictText($0).line(style: plain).dropFirst(row.word.count + 2)))
        }
        ?? TablePage.Cell(code: row.reason ?? "")
      return [
        TablePage.Cell(row.label), TablePage.Cell(code: row.argument),
        TablePage.Cell(row.word, tone: tone), why,
        row.argument == row.origin ? TablePage.Cell("") : TablePage.Cell(code: row.origin),
      ]
    }
    return TablePage.Section(
      heading: "Subjects",
      table: TablePage.Table(
        caption: "What was checked, and the word on each.",
        head: ["label", "subject", "verdict", "what it rests on", "origin"].map { .init($0) },
        rows: rows))
  }

  private static func fixesAndHazards(_ fleet: FleetReport) -> [TablePage.Section] {
    guard !fleet.functions.isEmpty else { return [] }
    let head =
      ["subject"] + UpstreamFixes.all.map(\.commit) + FleetReport.hazards
    let rows = fleet.tabled.map { row -> [TablePage.Cell] in
      let fixes = UpstreamFixes.all.map { cell(row.state(of: $0.fix)) }
      let hazards = FleetReport.hazards.map { hazard -> TablePage.Cell in
        guard let count = row.count(of: hazard) else { return .init("?", tone: .faint) }
        if count == 0 { return .init("no", tone: .faint) }
        return .init(hazard == FleetReport.unlisted ? "\(count)" : "yes")
      }
      return [TablePage.Cell(row.label)] + fixes + hazards
    }
    return [
      TablePage.Section(
        heading: "Fixes and hazards",
        table: TablePage.Table(
          caption: "Fixes of upstream, and hazards of upstream's own text, which are no part of a "
            + "verdict.",
          head: head.map { .init($0) }, rows: rows))
    ]
  }

  private static func functions(_ fleet: FleetReport) -> [TablePage.Section] {
    guard !fleet.functions.isEmpty else { return [] }
    let rows = fleet.functions.map { function -> [TablePage.Cell] in
      [TablePage.Cell(code: function.name)]
        + fleet.tabled.map { row -> TablePage.Cell in
          switch row.status(of: function) {
          case .identical: .init("identical", tone: .good)
          case .equivalent: .init("equivalent", tone: .good)
          case .differs: .init("differs", tone: .bad)
          case .absent: .init("absent", tone: .faint)
          case nil: .init("?", tone: .faint)
          }
        }
    }
    return [
      TablePage.Section(
        heading: "Functions",
        table: TablePage.Table(
          caption: "Each function of each subject, held against the port.",
          head: (["function"] + fleet.tabled.map(\.label)).map { .init($0) }, rows: rows))
    ]
  }

  private static func cell(_ state: FixState) -> TablePage.Cell {
    switch state {
    case .present: .init("there", tone: .good)
    case .missing: .init("lacking", tone: .bad)
    case .partial: .init("in part", tone: .bad)
    case .unseen: .init("not shown")
    case .absent: .init("nothing to mend", tone: .faint)
    case .unknown: .init("?", tone: .faint)
    }
  }

  private static let plain = TextStyle(isColoured: false)
}
