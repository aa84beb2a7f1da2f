// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Subjects

/// What a run reached, as an annotated listing for a terminal.
public struct CoverageRenderer: Sendable {
  private let style: TextStyle
  /// Only the last line.
  private let isQuiet: Bool

  public init(style: TextStyle, isQuiet: Bool = false) {
    self.style = style
    self.isQuiet = isQuiet
  }

  /// The whole text, with a final newline.
  public func render(_ report: CoverageReport) -> String {
    var lines: [String] = []
    if !isQuiet {
      lines.append("subject  \(report.subject.origin)")
      lines.append("         sha256 \(report.subject.sha256)")
      lines.append(
        "run      \(report.means.joined(separator: ", ")); modes "
          + report.modes.joined(separator: " "))
      lines.append(
        "lines    + reached, - not reached, # left out by configuration or headers, ? not looked into"
      )
      for covered in report.coverage.functions { lines += [""] + listing(covered) }
      lines += [""] + table(report.coverage) + [""] + missing(report.coverage)
    }
    lines.append(last(report))
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: - Listing

  private func listing(_ covered: Coverage.Function) -> [String] {
    let function = covered.function
    let width = function.lines.map { String($0.line.number).count }.max() ?? 1
    let gap = String(repeating: " ", count: width)
    var file = ""
    var result: [String] = []
    for line in function.lines {
      if line.line.file != file {
        file = line.line.file
        result.append(style.strong("\(file)  \(function.name)"))
      }
      let number = String(line.line.number)
      let padding = String(repeating: " ", count: width - number.count)
      result.append("\(padding)\(number) \(mark(line.line, covered)) \(line.text)")
      let points = covered.unreached.filter { $0.line == line.line && $0.kind != .statement }
      result += points.map { "\(gap)   \(style.bad("^ never \(remark($0))"))" }
      let decided = covered.decided.filter { $0.line == line.line }
      result += decided.map {
        "\(gap)   \(style.faint("^ \($0.text) is left out by configuration or headers"))"
      }
    }
    return result
  }

  private func mark(_ line: CoverageLine, _ covered: Coverage.Function) -> String {
    switch covered.states[line] {
    case .reached?: return style.good("+")
    case .unreached?: return style.bad("-")
    case .notCompiled?: return style.faint("#")
    case nil: break
    }
    let isUnread = covered.function.unread.contains {
      $0.first.file == line.file && ($0.first.number...$0.last).contains(line.number)
    }
    return isUnread ? style.bad("?") : " "
  }

  private func remark(_ point: CoveragePoint) -> String {
    point.kind == .entry ? "entered" : point.text
  }

  // MARK: - Table

  private func table(_ coverage: Coverage) -> [String] {
    var rows = [["", "lines", "branches", "conditions"]]
    rows += coverage.functions.map { covered in
      let name = covered.function.name
      if covered.function.points.isEmpty { return [name, "not looked into", "", ""] }
      if !covered.isCompiled { return [name, "not compiled", "", ""] }
      return [name] + [covered.lines, covered.branches, covered.conditions].map(CoverageText.share)
    }
    rows.append(
      ["all"]
        + [coverage.lines, coverage.branches, coverage.conditions].map(CoverageText.share))
    let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).map { text, width in
        text + String(repeating: " ", count: width - text.count)
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  // MARK: - What is missing

  private func missing(_ coverage: Coverage) -> [String] {
    var lines = coverage.unreachedBranches.map { CoverageText.sentence($0.function, $0.point) }
    lines += coverage.functions.flatMap(\.argued).map {
      "out of reach: \($0.text) of \($0.function): \($0.reason)"
    }
    lines += CoverageText.unread(coverage)
    return lines.isEmpty ? [] : lines + [""]
  }

  private func last(_ report: CoverageReport) -> String {
    let coverage = report.coverage
    let share = "branches of the subject reached: \(CoverageText.share(coverage.branches))"
    let rest =
      "lines \(CoverageText.share(coverage.lines)), conditions "
      + CoverageText.share(coverage.conditions)
    let word = coverage.hasAllBranches ? style.good(share) : style.bad(share)
    let end = report.isComplete ? "" : "stopped; "
    return "\(end)\(word); \(rest) (\(VerdictText.seconds(report.seconds)) s)"
  }
}
