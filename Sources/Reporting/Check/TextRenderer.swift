// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import HotplugPort
import MachineModel

/// A report as terminal text.
public struct TextRenderer: CheckRenderer {
  private let style: TextStyle
  /// Only the verdict.
  private let isQuiet: Bool
  /// How many differences are shown in full.
  private let shown: Int

  /// Memberwise.
  public init(style: TextStyle, isQuiet: Bool = false, shown: Int = 4) {
    self.style = style
    self.isQuiet = isQuiet
    self.shown = shown
  }

  /// The whole text, with a final newline.
  public func render(_ report: Report) -> String {
    var lines: [String] = []
    if !isQuiet {
      lines.append("subject  \(PlainText.line(report.subject.origin))")
      lines.append("         sha256 \(report.subject.sha256)")
      lines.append(
        "against  \(Self.name(of: report.against)), modes \(report.modes.joined(separator: " "))")
      lines.append("")
      lines += functions(report)
      lines += universes(report)
      lines += random(report)
      lines += equivalences(report)
      lines += fixes(report)
      lines += differences(report)
      lines += HazardText.lines(report.hazards, style: style)
      lines += WorthText.lines(report, style: style)
      lines.append("")
    }
    lines.append(VerdictText(report).line(style: style))
    if let expectations = report.expectations {
      lines += ExpectationText(style: style).lines(expectations)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same; of a check that failed, the verdict's word and the reason in one line.
  public func render(_ outcome: CheckOutcome) -> String {
    switch outcome {
    case .judged(let report): return render(report)
    case .failed(let failed):
      return "\(style.bad(failed.verdict.rawValue)): \(PlainText.line(failed.message))\n"
    }
  }

  /// "latest", "as-merged" or the commits.
  public static func name(of fixes: UpstreamFixes) -> String {
    if fixes == .latest { return "latest" }
    if fixes == .asMerged { return "as-merged" }
    return fixes.descriptions.map(\.commit).joined(separator: ",")
  }

  private func functions(_ report: Report) -> [String] {
    let listed = report.listedFunctions
    let width = listed.map(\.function.name.count).max() ?? 0
    return listed.map { judged in
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

  private func universes(_ report: Report) -> [String] {
    guard !report.universes.isEmpty else { return [] }
    let cases = report.universes.reduce(0) { $0 + $1.cases }
    let whole = report.universes.count(where: \.isComplete)
    var lines = [
      "",
      "universes: \(whole) of \(report.universes.count) run whole, \(cases) cases of small machines",
    ]
    for universe in report.universes where universe.differing > 0 || !universe.isComplete {
      let end = universe.isComplete ? "" : ", then left"
      lines.append(
        "  \(universe.name): \(universe.cases) of \(universe.size) cases run, "
          + "\(universe.differing) differ\(end)")
    }
    if !report.leftOfUniverses.isEmpty { lines.append("  " + left(report.leftOfUniverses)) }
    return lines
  }

  private func random(_ report: Report) -> [String] {
    guard let random = report.random else { return [] }
    let found = random.differing > 0 ? ", \(random.differing) differ" : ""
    let gap = report.universes.isEmpty ? [""] : []
    let old =
      report.remembered > 0
      ? ["remembered: \(report.remembered) failures of earlier runs tried"] : []
    let all = random.cases == random.drawn ? "" : " of \(random.drawn)"
    let rest = random.left.isEmpty ? [] : ["  " + left(random.left)]
    return gap + old + [
      "random: \(random.cases)\(all) cases at real geometry, seed \(random.seed)\(found)"
    ] + rest
  }

  /// Says which cases were left.
  private func left(_ functions: [SurfaceFunction]) -> String {
    let names = functions.map(\.name).joined(separator: ", ")
    return "after a few that hang, run away or end their worker, cases that call \(names) were left"
  }

  private func equivalences(_ report: Report) -> [String] {
    guard !report.equivalences.isEmpty else { return [] }
    return ["", "rules of equivalence used:"]
      + report.equivalences.map { "  \($0.rule.rawValue): \($0.rule.sentence)" }
  }

  private func fixes(_ report: Report) -> [String] {
    var lines: [String] = []
    for fix in report.missing.flatMap(\.descriptions) {
      let lack = report.partial.contains(fix.fix) ? "lacks part of" : "lacks"
      let groups = report.groups.filter { $0.explanation?.contains(fix.fix) ?? false }
      lines += ["", style.strong("\(lack) \(fix.commit) \"\(fix.title)\""), "  \(fix.symptom)"]
      lines += Self.seen(groups, in: report).map { ["  \($0)"] } ?? []
      lines.append("  \(fix.modes)")
      lines.append("  to pick it: git cherry-pick -x \(fix.commit)")
    }
    return lines
  }

  /// "seen on sv48 in 3 cases": where the differences that a fix explains show; nil when they do not.
  static func seen(_ groups: [DifferenceGroup], in report: Report) -> String? {
    let modes = report.modes(showing: groups)
    guard !modes.isEmpty else { return nil }
    let cases = groups.reduce(0) { $0 + $1.places.count }
    let direct = report.modes.filter { mode in
      !modes.contains(mode) && groups.contains { $0.mode == mode }
    }
    let aside =
      direct.isEmpty
      ? ""
      : "; on \(direct.joined(separator: ", ")) only when inner functions are called directly"
    return "seen on \(modes.joined(separator: ", ")) in \(cases) cases\(aside)"
  }

  private func differences(_ report: Report) -> [String] {
    var lines: [String] = []
    let renderer = DifferenceRenderer(style: style)
    let chosen = Self.mostTelling(report.differences, atMost: shown)
    for reported in chosen {
      lines += ["", style.strong(DifferenceSummary.title(reported, in: report))]
      lines += DifferenceSummary.remarks(reported).map { "  \($0)" }
      lines += renderer.lines(reported)
    }
    let rest = report.differences.count - chosen.count
    if rest > 0 {
      lines += [
        "",
        "\(rest) more kinds of difference; --html FILE draws them, --json FILE writes all of them",
      ]
    }
    if !chosen.isEmpty {
      lines += ["", "what a fix, a rule or a function is about: mhpcheck explain ID"]
    }
    return lines
  }

  /// One difference for each function and explanation, from a mode in which entry points show it
  /// where there is one.
  static func mostTelling(
    _ differences: [ReportedDifference], atMost limit: Int
  ) -> [ReportedDifference] {
    struct Key: Hashable {
      var function: SurfaceFunction
      var explanation: UpstreamFixes?
    }
    var seen: Set<Key> = []
    var first: [ReportedDifference] = []
    let ordered = differences.filter(\.group.isReached) + differences.filter { !$0.group.isReached }
    for reported in ordered
    where seen.insert(
      Key(function: reported.group.function, explanation: reported.group.explanation)
    )
    .inserted {
      first.append(reported)
    }
    return Array(first.prefix(limit))
  }
}
