// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

/// A comparison of two subjects as Markdown and as HTML.
public struct SubjectComparisonPage: Sendable {
  private let page: TablePage
  /// How many kinds of difference are shown with what both did.
  private static let shown = 8

  /// What a comparison's page says.
  public init(_ comparison: SubjectComparison) {
    let verdict = SubjectComparisonText(style: Self.plain, isQuiet: true).render(comparison)
    page = TablePage(
      title: "mhpcheck compare",
      lead: [TablePage.Cell(String(verdict.dropLast()), tone: comparison.isSame ? .good : .bad)],
      sections: [Self.subjects(comparison)] + Self.kinds(comparison)
        + comparison.differences.prefix(Self.shown).map(Self.difference),
      footer: "mhpcheck \(comparison.first.tool); \(comparison.modes.joined(separator: " "))")
  }

  /// Markdown, with a final newline.
  public var markdown: String { TablePageMarkdown().render(page) }
  /// One self-contained HTML file.
  public var html: String { TablePageHTML().render(page) }

  private static let plain = TextStyle(isColoured: false)

  private static func subjects(_ comparison: SubjectComparison) -> TablePage.Section {
    let subjects = [
      ("A", comparison.first, comparison.onlyFirst),
      ("B", comparison.second, comparison.onlySecond),
    ]
    let rows = subjects.map { name, report, only -> [TablePage.Cell] in
      [
        TablePage.Cell(name), TablePage.Cell(code: report.subject.origin),
        TablePage.Cell(
          VerdictText(report).line(style: plain),
          tone: report.verdict == .conforms ? .good : .bad),
        TablePage.Cell(code: report.subject.sha256),
        TablePage.Cell(only.map(\.name).joined(separator: ", ")),
      ]
    }
    return TablePage.Section(
      heading: "Subjects",
      table: TablePage.Table(
        caption: "Each by itself, held against the port with all fixes.",
        head: ["label", "subject", "verdict", "sha256 of the text", "has alone"].map { .init($0) },
        rows: rows))
  }

  private static func kinds(_ comparison: SubjectComparison) -> [TablePage.Section] {
    guard !comparison.differences.isEmpty else { return [] }
    let rows = comparison.differences.map { difference -> [TablePage.Cell] in
      [
        TablePage.Cell(difference.id), TablePage.Cell(code: difference.group.function.name),
        TablePage.Cell(difference.group.mode), TablePage.Cell("\(difference.group.places.count)"),
        TablePage.Cell(code: "\(difference.scenario.id)@\(difference.scenario.mode)"),
        TablePage.Cell(SubjectComparisonText.sentence(difference.witness)),
      ]
    }
    return [
      TablePage.Section(
        heading: "Differences",
        table: TablePage.Table(
          caption: "Kinds of difference, each with its smallest case.",
          head: ["id", "function", "mode", "cases", "smallest case", "witness"].map { .init($0) },
          rows: rows))
    ]
  }

  private static func difference(
    _ difference: SubjectComparison.Finding
  ) -> TablePage.Section {
    let group = difference.group
    var section = TablePage.Section(
      heading: "\(difference.id): \(group.function.name) on \(group.mode)")
    section.paragraphs = difference.replays.map {
      [TablePage.Cell("replay: "), TablePage.Cell(code: $0)]
    }
    guard difference.observed != nil else {
      section.paragraphs.insert(
        [TablePage.Cell("A subject kills the process that runs it.", tone: .bad)], at: 0)
      return section
    }
    let renderer = DifferenceRenderer(
      style: plain, names: SideNames(subject: "A", reference: "B"), toleratesExtraFlush: false)
    section.listing = renderer.lines(
      scenario: difference.scenario, difference: difference.difference,
      subject: difference.observed?.first, reference: difference.observed?.second
    ).joined(separator: "\n")
    return section
  }
}
