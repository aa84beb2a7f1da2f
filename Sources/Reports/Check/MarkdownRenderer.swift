// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Port

/// A check as Markdown for a merge request.
public struct MarkdownRenderer: CheckRenderer {
  /// Bytes at most: GitHub takes 65,536 characters, and other people's text may stand around it.
  static let limit = 60_000

  public init() {}

  /// The whole of a file, with a final newline.
  public func render(_ outcome: CheckOutcome) -> String {
    switch outcome {
    case .judged(let report): Self.render(report)
    case .failed(let failed): Self.render(failed)
    }
  }

  private static func render(_ failed: FailedCheck) -> String {
    let lines =
      ["### mhpcheck: \(failed.verdict.rawValue)", ""]
      + MarkdownText.block([SafeText.shortened(failed.message, to: 2000)])
      + ["", "- subject: \(name(failed.subject))"] + tool(failed.tool, failed.seed)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func render(_ report: Report) -> String {
    let verdict = VerdictText(report).line(style: TextStyle(isColoured: false))
    let head =
      ["### mhpcheck: \(report.verdict.rawValue)", "", verdict] + warnings(report)
      + states(report) + fixes(report) + functions(report)
    let tail =
      MendText.markdown(report.mends) + hazards(report)
      + WarningText.markdown(report.compilerWarnings)
      + worth(report)
    let used = (head + tail).reduce(0) { $0 + $1.utf8.count + 1 }
    let lines = head + differences(report, within: limit - used) + tail
    return lines.joined(separator: "\n") + "\n"
  }

  private static func states(_ report: Report) -> [String] {
    let lines = report.states.map {
      "- state `\($0.rawValue)`: \($0.sentence.replacing("_", with: "\\_"))"
    }
    return lines.isEmpty ? [] : [""] + lines
  }

  private static func warnings(_ report: Report) -> [String] {
    let lines = report.subject.warnings.map { "warning: \(SafeText.shortened($0, to: 2000))" }
    return lines.isEmpty ? [] : [""] + MarkdownText.block(lines)
  }

  private static func fixes(_ report: Report) -> [String] {
    let missing = report.missing.flatMap(\.descriptions)
    guard !missing.isEmpty else { return [] }
    var lines = ["", "#### Fixes to pick", ""]
    for fix in missing {
      let part = report.partial.contains(fix.fix) ? " (it has a part of it)" : ""
      let groups = report.groups.filter { $0.explanation?.contains(fix.fix) ?? false }
      let modes = report.modes(showing: groups).joined(separator: ", ")
      lines.append(
        "- `\(fix.commit)` \(fix.title)\(part): "
          + "\(fix.symptom.replacing("_", with: "\\_"))\(modes.isEmpty ? "" : " Seen on \(modes).")"
      )
    }
    return lines + ["", "```sh"]
      + missing.map { "git cherry-pick -x \($0.commit)" } + ["```"]
  }

  private static func functions(_ report: Report) -> [String] {
    let listed = report.listedFunctions.filter { $0.cases > 0 || $0.status == .absent }
    let rest = report.listedFunctions.count - listed.count
    guard !listed.isEmpty else { return [] }
    let rows = listed.map { judged in
      let through = judged.through.map { "`\($0)`" }.joined(separator: ", ")
      let word =
        judged.status == .differs ? "**\(judged.status.rawValue)**" : judged.status.rawValue
      return "| `\(judged.function.name)` | \(word)\(through.isEmpty ? "" : " through \(through)") "
        + "| \(judged.cases) | \(judged.differences) |"
    }
    return ["", "| function | | cases | differ |", "|---|---|--:|--:|"] + rows
      + (rest > 0 ? ["", "\(rest) more functions are called by no case."] : [])
  }

  /// As many as there is room for; the most telling first.
  private static func differences(_ report: Report, within limit: Int) -> [String] {
    let first = TextRenderer.mostTelling(report.differences, atMost: report.differences.count)
    let ids = Set(first.map(\.id))
    let ordered = first + report.differences.filter { !ids.contains($0.id) }
    guard !ordered.isEmpty else { return [] }
    var lines = ["", "#### Differences"]
    // For the line that says how many there are besides.
    var room = limit - 120
    var shown = 0
    for reported in ordered {
      let block = difference(reported, report)
      let size = block.reduce(0) { $0 + $1.utf8.count + 1 }
      guard size <= room else { break }
      room -= size
      lines += block
      shown += 1
    }
    if shown < ordered.count {
      lines += [
        "", "\(ordered.count - shown) more kinds of difference; `--json FILE` writes all of them.",
      ]
    }
    return lines
  }

  private static func difference(_ reported: ReportedDifference, _ report: Report) -> [String] {
    let renderer = DifferenceRenderer(style: TextStyle(isColoured: false))
    return [
      "", "<details><summary>\(DifferenceSummary.title(reported, in: report))</summary>", "",
    ] + MarkdownText.block(DifferenceSummary.remarks(reported) + renderer.lines(reported))
      + ["", "</details>"]
  }

  private static func hazards(_ report: Report) -> [String] {
    guard !report.hazards.isEmpty else { return [] }
    return [
      "", "#### Hazards of upstream's own text", "",
      "The subject has them too; they are no part of the verdict.", "",
    ]
      + report.hazards.map { reported in
        let modes = reported.group.modes.joined(separator: ", ")
        let title = reported.title.replacing("_", with: "\\_")
        return "- \(reported.group.id): \(title) (\(modes)): "
          + MarkdownText.code(SafeText.shortened(reported.replay, to: 300))
      }
  }

  private static func worth(_ report: Report) -> [String] {
    let whole = report.universes.count(where: \.isComplete)
    var lines = [
      "", "#### What it is worth", "",
      "- \(report.cases) cases on \(report.modes.joined(separator: ", ")); of these "
        + "\(report.judged) judged by the oracle; \(whole) of \(report.universes.count) universes of "
        + "small machines whole",
      "- mutants of the reference told from it at standard depth: \(SuiteScore.reference.phrase)",
    ]
    switch report.coverage {
    case .measured(let coverage):
      lines.append("- branches of the subject reached: \(CoverageText.share(coverage.branches))")
    case .unknown(let reason):
      lines.append(
        "- branches of the subject reached: unknown, "
          + MarkdownText.code(SafeText.shortened(reason, to: 300)))
    case nil: break
    }
    return lines + [
      "- subject: \(name(report.subject.origin)), sha256 of its text `\(report.subject.sha256)`",
      "- held against: \(report.against.name)",
    ] + tool(report.tool, report.seed)
  }

  private static func name(_ text: String) -> String {
    MarkdownText.code(SafeText.shortened(SafeText.line(text), to: 300))
  }

  private static func tool(_ version: String, _ seed: UInt64) -> [String] {
    ["- mhpcheck \(version), seed \(seed)"]
  }
}
