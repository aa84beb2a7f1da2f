// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

/// A fleet as a document: the subjects, then the fixes, hazards and functions by which they differ. On a page,
/// the rows link to a part for each subject.
package struct FleetDocument {
  private let fleet: FleetReport

  package static func of(_ fleet: FleetReport) -> Document { FleetDocument(fleet: fleet).document }

  private var document: Document {
    var document = Document(
      title: "mhpcheck fleet", name: Words.count(fleet.rows.count, "subject"), lead: lead)
    document.isGood = fleet.status == .conforms
    document.sections = [subjects, fixes, functions, details].compactMap { $0 }
    document.footer = [
      Fact(name: "tool", value: "mhpcheck \(fleet.tool)"),
      Fact(name: "against", value: "\(fleet.against.name)"),
    ]
    document.more = "mhpcheck explain ID says what an id means"
    return document
  }

  /// "3 of 5 conform to latest (sv39 sv48 sv57; smoke; 4.10 s)".
  private var lead: Phrase {
    let conform = fleet.conforming == 1 ? "conforms" : "conform"
    let modes = fleet.modes.joined(separator: " ")
    return
      """
      \(fleet.conforming) of \(fleet.rows.count) \(conform) to \(fleet.against.name) \
      (\(modes); \(fleet.depth); \(Words.decimals(fleet.seconds)) s)
      """
  }

  private var subjects: Section {
    var section = Section(id: "subjects", heading: "Subjects", importance: .essential)
    let hasOrigins = fleet.rows.contains { $0.argument != $0.origin }
    var head: [Table.Cell] = ["", "subject", "verdict"]
    if hasOrigins { head.append("origin") }
    section.add(
      .table(
        Table(
          caption: "", head: head,
          rows: fleet.rows.map { row in
            let tone: Span.Tone = row.report?.verdict == .conforms ? .good : .bad
            let verdict: Phrase =
              row.report.map { VerdictText($0).line }
              ?? "\(row.word, tone: tone): \(sentence: row.reason ?? "", atMost: 600)"
            let origin: Table.Cell = row.argument == row.origin ? "" : "\(code: row.origin)"
            var cells: [Table.Cell] = [
              "\(row.label)", "\(code: row.argument, target: FleetDetails.id(of: row))",
              Table.Cell(verdict),
            ]
            if hasOrigins { cells.append(origin) }
            return Table.Row(cells: cells)
          }, isStacked: true)), .essential)
    return section
  }

  private var details: Section {
    var section = Section(id: "details", heading: "Each subject")
    section.sections = fleet.rows.map { FleetDetails(row: $0, fleet: fleet).section }
    return section
  }

  private static func link(_ row: FleetRow) -> Table.Cell {
    "\(row.label, target: FleetDetails.id(of: row))"
  }

  private var fixes: Section? {
    guard !fleet.functions.isEmpty else { return nil }
    var section = Section(id: "fixes", heading: "Fixes and hazards")
    let head =
      ["subject" as Table.Cell]
      + UpstreamFixes.all.map { "\(code: $0.commit)" as Table.Cell }
      + FleetReport.hazards.map { "\($0 == FleetReport.unlisted ? "more" : $0)" as Table.Cell }
    let rows = fleet.tabled.map { row -> Table.Row in
      let fixes = UpstreamFixes.all.map { Self.cell(row.state(of: $0.fix)) }
      let hazards = FleetReport.hazards.map { hazard -> Table.Cell in
        guard let count = row.count(of: hazard) else { return Self.unknown }
        if count == 0 { return Table.Cell(Phrase("no", tone: .faint), mark: ".") }
        return hazard == FleetReport.unlisted
          ? "\(count)" : Table.Cell("yes", mark: "!")
      }
      return Table.Row(cells: [Self.link(row)] + fixes + hazards)
    }
    section.add(
      .table(
        Table(
          caption:
            "fixes of upstream, and hazards of upstream's own text, which no verdict counts",
          head: head, rows: rows)))
    return section
  }

  private var functions: Section? {
    guard !fleet.functions.isEmpty else { return nil }
    var section = Section(id: "functions", heading: "Functions")
    section.add(
      .table(
        Table(
          caption: "each function of each subject, held against the port",
          head: ["function"] + fleet.tabled.map(Self.link),
          rows: fleet.functions.map { function in
            Table.Row(
              cells: ["\(code: function.name)"]
                + fleet.tabled.map { Self.cell($0.status(of: function)) })
          })))
    return section
  }

  private static let unknown = Table.Cell(Phrase("unknown", tone: .faint), mark: "?")

  private static func cell(_ status: FunctionStatus?) -> Table.Cell {
    switch status {
    case .identical: Table.Cell(Phrase("identical", tone: .good), mark: "=")
    case .equivalent: Table.Cell(Phrase("equivalent", tone: .good), mark: "~")
    case .differs: Table.Cell(Phrase("differs", tone: .bad), mark: "X")
    case .absent: Table.Cell(Phrase("absent", tone: .faint), mark: ".")
    case nil: unknown
    }
  }

  private static func cell(_ state: FixState) -> Table.Cell {
    switch state {
    case .present: Table.Cell(Phrase("there", tone: .good), mark: "+")
    case .missing: Table.Cell(Phrase("lacking", tone: .bad), mark: "-")
    case .partial: Table.Cell(Phrase("in part", tone: .bad), mark: "~")
    case .unseen: Table.Cell("unseen", mark: "o")
    case .absent: Table.Cell(Phrase("nothing to mend", tone: .faint), mark: ".")
    case .unknown: unknown
    }
  }
}
