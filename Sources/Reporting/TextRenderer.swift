// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import HotplugPort
import MachineModel

/// A report as terminal text.
public struct TextRenderer: Sendable {
  private let style: TextStyle
  /// Only the verdict.
  private let isQuiet: Bool
  /// How many differences are shown in full.
  private let shown: Int

  public init(style: TextStyle, isQuiet: Bool = false, shown: Int = 4) {
    self.style = style
    self.isQuiet = isQuiet
    self.shown = shown
  }

  /// The whole text, with a final newline.
  public func render(_ report: Report) -> String {
    var lines: [String] = []
    if !isQuiet {
      lines.append("subject  \(report.subject.origin)")
      lines.append("         sha256 \(report.subject.sha256)")
      lines.append(
        "against  \(Self.name(of: report.against)), modes \(report.modes.joined(separator: " "))")
      lines.append("")
      lines += functions(report)
      lines += equivalences(report)
      lines += fixes(report)
      lines += differences(report)
      lines.append("")
    }
    lines.append(verdict(report))
    return lines.joined(separator: "\n") + "\n"
  }

  /// "latest", "as-merged" or the commits.
  public static func name(of fixes: UpstreamFixes) -> String {
    if fixes == .latest { return "latest" }
    if fixes == .asMerged { return "as-merged" }
    return fixes.descriptions.map(\.commit).joined(separator: ",")
  }

  private func functions(_ report: Report) -> [String] {
    let width = report.functions.map(\.function.name.count).max() ?? 0
    return report.functions.map { judged in
      let name = judged.function.name
      let padding = String(repeating: " ", count: width - name.count)
      let word = judged.status.rawValue
      let status: String =
        switch judged.status {
        case .identical, .equivalent: style.good(word)
        case .differs: style.bad(word)
        case .absent: style.faint(word)
        }
      let gap = String(repeating: " ", count: 10 - word.count)
      var line = "\(name)\(padding)  \(status)\(gap) \(judged.cases) cases"
      if judged.differences > 0 {
        line += ", \(judged.differences) differ"
        if !judged.through.isEmpty {
          line += " only through \(judged.through.map(\.name).joined(separator: ", "))"
        }
      }
      return line
    }
  }

  private func equivalences(_ report: Report) -> [String] {
    guard !report.equivalences.isEmpty else { return [] }
    return ["", "rules of equivalence used:"]
      + report.equivalences.map { "  \($0.rule.rawValue): \($0.rule.sentence)" }
  }

  private func fixes(_ report: Report) -> [String] {
    var lines: [String] = []
    for fix in report.missing.flatMap(\.descriptions) {
      let groups = report.differences.filter { $0.group.explanation?.contains(fix.fix) ?? false }
      let modes = report.modes.filter { mode in groups.contains { $0.group.mode == mode } }
      lines += ["", style.strong("lacks \(fix.commit) \"\(fix.title)\""), "  \(fix.symptom)"]
      if !modes.isEmpty {
        let cases = groups.reduce(0) { $0 + $1.group.places.count }
        lines.append("  seen on \(modes.joined(separator: ", ")) in \(cases) cases")
      }
      lines.append("  \(fix.modes)")
      lines.append("  to pick it: git cherry-pick -x \(fix.commit)")
    }
    return lines
  }

  private func differences(_ report: Report) -> [String] {
    var lines: [String] = []
    let renderer = DifferenceRenderer(style: style)
    let chosen = Self.mostTelling(report.differences, atMost: shown)
    for reported in chosen {
      let group = reported.group
      let why =
        group.explanation.map { " (explained by the missing \(Self.commits($0)))" } ?? ""
      let count = group.places.count == 1 ? "1 case" : "\(group.places.count) cases"
      lines += [
        "",
        style.strong(
          "\(reported.id) \(group.function.name) differs on \(group.mode) in \(count)\(why)"),
      ]
      lines += renderer.lines(reported)
    }
    let rest = report.differences.count - chosen.count
    if rest > 0 {
      lines += ["", "\(rest) more kinds of difference; --json FILE writes all of them"]
    }
    return lines
  }

  private static func commits(_ fixes: UpstreamFixes) -> String {
    fixes.descriptions.map(\.commit).joined(separator: " and ")
  }

  /// One difference for each function and explanation first, then the others.
  private static func mostTelling(
    _ differences: [ReportedDifference], atMost limit: Int
  ) -> [ReportedDifference] {
    struct Key: Hashable {
      var function: SurfaceFunction
      var explanation: UpstreamFixes?
    }
    var seen: Set<Key> = []
    var first: [ReportedDifference] = []
    for reported in differences
    where seen.insert(Key(function: reported.group.function, explanation: reported.group.explanation))
      .inserted
    {
      first.append(reported)
    }
    return Array(first.prefix(limit))
  }

  private func verdict(_ report: Report) -> String {
    let run = "\(report.cases) cases, \(Self.seconds(report.seconds)) s"
    switch report.verdict {
    case .conforms:
      return style.good("conforms")
        + ": behaves as the reference with the fixes \(Self.name(of: report.against)) (\(run))"
    case .missingFixes:
      let commits = report.missing.flatMap(\.descriptions).map(\.commit)
      let state = report.against == .latest && report.missing.count == UpstreamFixes.all.count
      return style.bad("missing-fixes")
        + ": faithful to the patch\(state ? " as merged" : ""); lacks "
        + "\(commits.joined(separator: " and ")) (\(run))"
    case .differs: return style.bad("differs") + ": \(reason(report)) (\(run))"
    case .unbuildable: return style.bad("unbuildable")
    case .incomplete: return style.bad("incomplete") + " (\(run))"
    }
  }

  private func reason(_ report: Report) -> String {
    var reasons: [String] = []
    let own = Set(
      report.differences.filter { $0.group.explanation == nil }.map(\.group.function.name))
    if !own.isEmpty { reasons.append("in \(own.sorted().joined(separator: ", "))") }
    if !report.absentEntryPoints.isEmpty {
      let names = report.absentEntryPoints.map(\.name).joined(separator: ", ")
      reasons.append("\(names) absent, so the kernel falls back on generic code")
    }
    if !report.missing.isEmpty {
      let commits = report.missing.flatMap(\.descriptions).map(\.commit)
      reasons.append("besides, lacks \(commits.joined(separator: " and "))")
    }
    if !report.beyond.isEmpty {
      let commits = report.beyond.flatMap(\.descriptions).map(\.commit)
      reasons.append("has \(commits.joined(separator: " and ")) beyond what was asked for")
    }
    return reasons.joined(separator: "; ")
  }

  private static func seconds(_ seconds: Double) -> String {
    let hundredths = Int((seconds * 100).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }
}
