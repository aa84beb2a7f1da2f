// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Oracle
import Reports

/// A confirmation as Markdown and as HTML.
public struct ConfirmPage: Sendable {
  private let page: TablePage
  /// Rows of a table and lines of a listing: what more there is stands in JSON.
  private static let rows = 400
  /// Characters of a quotation.
  private static let width = 400

  /// What a page of a confirmation says.
  ///
  /// - Parameters:
  ///   - report: what came of the cases.
  ///   - tool: the program's version.
  public init(_ report: ConfirmReport, tool: String) {
    var lead = [TablePage.Cell(code: Self.short(report.kernel))]
    let details = ConfirmWords.details(release: report.release, machine: report.machine)
    if !details.isEmpty { lead += [.init(" ("), .init(code: Self.short(details)), .init(")")] }
    lead.append(.init(": \(ConfirmWords.summary(report))."))
    page = TablePage(
      title: "mhpcheck confirm", lead: lead,
      sections: [Self.cases(report)] + Self.disagreements(report) + Self.hazards(report),
      footer: "mhpcheck \(tool); what a hazard is: mhpcheck explain ID")
  }

  /// Markdown, with a final newline.
  public var markdown: String { TablePageMarkdown().render(page) }
  /// One self-contained HTML file.
  public var html: String { TablePageHTML().render(page) }

  private static func cases(_ report: ConfirmReport) -> TablePage.Section {
    let rows = report.cases.map { one -> [TablePage.Cell] in
      let head: [TablePage.Cell] = [.init(code: one.confirmCase.id), .init(one.mode)]
      if case .skipped(let reason) = one.status {
        return head + [.init("skipped", tone: .faint), .init(code: short(reason))]
      }
      let compared = one.compared
      return head + [
        one.status == .agrees ? .init("agrees", tone: .good) : .init("differs", tone: .bad),
        .init(
          "\(compared.leaves) leaves, \(compared.tables) tables, \(compared.events) events, "
            + "\(VerdictText.seconds(one.seconds)) s"),
      ]
    }
    return TablePage.Section(
      heading: "Cases",
      table: TablePage.Table(
        caption: "What the kernel did beside what the model says, case by case.",
        head: ["case", "mode", "result", "compared"].map { .init($0) }, rows: rows))
  }

  private static func disagreements(_ report: ConfirmReport) -> [TablePage.Section] {
    let all = report.cases.flatMap { one in one.disagreements.map { (one, $0) } }
    guard !all.isEmpty else { return [] }
    let rows = all.prefix(Self.rows).map { one, disagreement -> [TablePage.Cell] in
      [
        .init(code: "\(one.confirmCase.id)@\(one.mode)"), .init(code: short(disagreement.step)),
        .init(disagreement.aspect.rawValue), .init(code: short(disagreement.place)),
        .init(code: short(disagreement.model)), .init(code: short(disagreement.kernel)),
      ]
    }
    let missing = report.cases.filter { !$0.missingFixes.isEmpty }.map { one -> [TablePage.Cell] in
      [
        .init(code: "\(one.confirmCase.id)@\(one.mode)"),
        .init(": \(ConfirmWords.missing(one.missingFixes))."),
      ]
    }
    return [
      TablePage.Section(
        heading: "Where model and kernel part",
        paragraphs: missing + more(all.count - rows.count),
        table: TablePage.Table(
          caption: "After which step, what was compared, and what each holds.",
          head: ["case", "step", "what", "where", "model", "kernel"].map { .init($0) },
          rows: rows))
    ]
  }

  private static func hazards(_ report: ConfirmReport) -> [TablePage.Section] {
    let all = ConfirmedHazard.all(report).flatMap(\.places)
    guard !all.isEmpty else { return [] }
    let rows = all.prefix(Self.rows).map { place -> [TablePage.Cell] in
      let hazard = place.hazard
      return [
        .init(hazard.id.rawValue), .init(code: "\(place.id)@\(place.mode)"),
        .init(code: short(hazard.step)), .init(code: short(hazard.predicted)),
        hazard.seen.map { .init(code: short($0)) } ?? .init(ConfirmWords.unseen, tone: .faint),
      ]
    }
    let quoted = all.filter { !$0.hazard.lines.isEmpty }.flatMap { place in
      ["\(place.hazard.id.rawValue), \(place.id)@\(place.mode), \(place.hazard.step):"]
        + place.hazard.lines.map { "  \($0)" }
    }
    return [
      TablePage.Section(
        heading: "Hazards", paragraphs: more(all.count - rows.count),
        table: TablePage.Table(
          caption:
            "What upstream's own text does wrong, as the model predicts it and as it was seen.",
          head: ["hazard", "case", "step", "predicted", "seen"].map { .init($0) }, rows: rows)),
      quoted.isEmpty
        ? nil
        : TablePage.Section(
          heading: "In the kernel's words", paragraphs: more(quoted.count - Self.rows),
          listing: quoted.prefix(Self.rows).map { SafeText.line(short($0)) }
            .joined(separator: "\n")),
    ].compactMap { $0 }
  }

  private static func more(_ count: Int) -> [[TablePage.Cell]] {
    count > 0 ? [[.init("\(count) more are left out here; --json has all.")]] : []
  }

  private static func short(_ text: String) -> String { SafeText.shortened(text, to: width) }
}
