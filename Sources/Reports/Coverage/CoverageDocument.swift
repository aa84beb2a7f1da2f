// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Subjects

/// A coverage report as a document.
package struct CoverageDocument {
  private let report: CoverageReport
  private var coverage: Coverage { report.coverage }

  package static func of(_ report: CoverageReport) -> Document {
    CoverageDocument(report: report).document
  }

  private var document: Document {
    var document = Document(
      title: "mhpcheck coverage", name: "\(code: report.subject.origin, atMost: 300)", lead: lead)
    document.isGood = report.isComplete ? coverage.hasAllBranches : nil
    document.sections = [missing, table] + listings
    document.footer = [
      Fact(name: "tool", value: "mhpcheck \(report.tool)"),
      Fact(name: "run", value: "\(report.means.joined(separator: ", "))"),
      Fact(name: "modes", value: "\(report.modes.joined(separator: " "))"),
      Fact(name: "SHA-256 of the extracted text", value: "\(code: report.subject.sha256)"),
    ]
    return document
  }

  private var lead: Phrase {
    let share: Phrase = "branches of the subject reached: \(CoverageWords.share(coverage.branches))"
    let rest: Phrase =
      """
      lines \(CoverageWords.share(coverage.lines)), conditions \
      \(CoverageWords.share(coverage.conditions))
      """
    let stopped: Phrase = report.isComplete ? "" : "stopped; "
    return
      """
      \(stopped)\(share.toned(coverage.hasAllBranches ? .good : .bad)); \(rest) \
      (\(Words.decimals(report.seconds)) s)
      """
  }

  private var missing: Section {
    var section = Section(id: "missing", heading: "Not reached", importance: .essential)
    let lines =
      coverage.unreachedBranches.map { CoverageWords.sentence($0.function, $0.point) }
      + coverage.functions.flatMap(\.argued).map {
        "out of reach: \(sentence: $0.text) of \(code: $0.function): \($0.reason)"
      } + CoverageWords.unread(coverage)
    section.add(lines.isEmpty ? .paragraph("Nothing.") : .list(lines), .essential)
    return section
  }

  private var table: Section {
    var section = Section(id: "functions", heading: "Functions")
    let rows = coverage.functions.enumerated().map { place, covered -> Table.Row in
      let name: Table.Cell = "\(code: covered.function.name, target: Self.listing(place))"
      if covered.function.points.isEmpty {
        return Table.Row(cells: [name, "not looked into", "", ""])
      }
      if !covered.isCompiled { return Table.Row(cells: [name, "not compiled", "", ""]) }
      return Table.Row(
        cells: [name] + Self.shares(covered.lines, covered.branches, covered.conditions))
    }
    section.add(
      .table(
        Table(
          caption: "", head: ["function", "lines", "branches", "conditions"],
          rows: rows + [
            Table.Row(
              cells: ["all"]
                + Self.shares(coverage.lines, coverage.branches, coverage.conditions))
          ])))
    return section
  }

  private static func shares(_ shares: Coverage.Share...) -> [Table.Cell] {
    shares.map { Table.Cell(CoverageWords.share($0)) }
  }

  // MARK: - Listings

  /// The anchor of a function's listing. A name alone can occur twice.
  private static func listing(_ place: Int) -> String { "lines-\(place + 1)" }

  private var listings: [Section] {
    coverage.functions.enumerated().map { place, covered in
      var section = Section(
        id: Self.listing(place), heading: "\(code: covered.function.name)", isFolded: true)
      let file = covered.function.lines.first?.line.file ?? ""
      section.add(
        .listing(
          Listing(
            caption:
              """
              \(code: file): + reached, - not reached, # left out by configuration or headers, \
              ? not looked into
              """,
            lines: lines(covered))))
      return section
    }
  }

  private func lines(_ covered: Coverage.Function) -> [Listing.Line] {
    let function = covered.function
    let width = function.lines.map { String($0.line.number).count }.max() ?? 1
    let gap = LineLayout.blanks(width)
    return function.lines.flatMap { line -> [Listing.Line] in
      let number = String(line.line.number)
      let (mark, tone) = mark(line.line, covered)
      let points = covered.unreached.filter { $0.line == line.line && $0.kind != .statement }
      let decided = covered.decided.filter { $0.line == line.line }
      return [
        Listing.Line(
          text: "\(LineLayout.blanks(width - number.count))\(number) \(mark) \(line.text)",
          tone: tone)
      ]
        + points.map {
          let text = $0.kind == .entry ? "entered" : $0.text
          return Listing.Line(text: "\(gap)   ^ never \(text)", tone: .bad)
        }
        + decided.map {
          Listing.Line(
            text: "\(gap)   ^ \($0.text) is left out by configuration or headers", tone: .faint)
        }
    }
  }

  private func mark(_ line: CoverageLine, _ covered: Coverage.Function) -> (String, Span.Tone) {
    switch covered.states[line] {
    case .reached?: return ("+", .plain)
    case .unreached?: return ("-", .bad)
    case .notCompiled?: return ("#", .faint)
    case nil: break
    }
    let isUnread = covered.function.unread.contains {
      $0.first.file == line.file && ($0.first.number...$0.last).contains(line.number)
    }
    return isUnread ? ("?", .bad) : (" ", .plain)
  }
}
