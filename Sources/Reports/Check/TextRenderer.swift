// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

/// A report as terminal text.
public struct TextRenderer: CheckRenderer {
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
      lines.append("subject  \(SafeText.line(report.subject.origin))")
      lines.append("         sha256 \(report.subject.sha256)")
      lines.append(
        "against  \(report.against.name), modes \(report.modes.joined(separator: " "))")
      lines += report.states.map { "state    \($0.rawValue): \($0.sentence)" }
      lines += report.subject.warnings.map { "\(style.bad("warning")): \(SafeText.line($0))" }
      lines.append("")
      lines += functions(report)
      lines += universes(report)
      lines += random(report)
      lines += left(report)
      lines += equivalences(report)
      lines += headers(report)
      lines += fixes(report)
      lines += differences(report)
      lines += MendText.lines(report.mends, style: style)
      lines += HazardText.lines(report.hazards, style: style)
      lines += WarningText.lines(report.compilerWarnings)
      lines += EvidenceText.lines(report, style: style)
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
      return "\(style.bad(failed.verdict.rawValue)): \(SafeText.line(failed.message))\n"
    }
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
          line += " only through \(judged.through.joined(separator: ", "))"
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
    for universe in report.universes
    where universe.differing + universe.mended > 0 || !universe.isComplete {
      let end = universe.isComplete ? "" : ", then left"
      let differing =
        universe.differing > 0 || universe.mended == 0 ? ", \(universe.differing) differ" : ""
      let mended = universe.mended > 0 ? ", \(universe.mended) mend" : ""
      lines.append(
        "  \(universe.name): \(universe.cases) of \(universe.size) cases run"
          + "\(differing)\(mended)\(end)")
    }
    return lines
  }

  private func random(_ report: Report) -> [String] {
    guard let random = report.random else { return [] }
    let found =
      (random.differing > 0 ? ", \(random.differing) differ" : "")
      + (random.mended > 0 ? ", \(random.mended) mend" : "")
    let gap = report.universes.isEmpty ? [""] : []
    let all = random.cases == random.drawn ? "" : " of \(random.drawn)"
    return gap + [
      "random: \(random.cases)\(all) cases at real geometry, seed \(random.seed)\(found)"
    ]
  }

  /// Says which cases were left.
  private func left(_ report: Report) -> [String] {
    guard !report.left.isEmpty else { return [] }
    let names = report.left.map(\.name).joined(separator: ", ")
    return [
      "", "after a few that hang, run away or end their worker, cases that call \(names) were left",
    ]
  }

  private func equivalences(_ report: Report) -> [String] {
    guard !report.equivalences.isEmpty else { return [] }
    return ["", "rules of equivalence used:"]
      + report.equivalences.map { "  \($0.rule.rawValue): \($0.rule.sentence)" }
  }

  private func headers(_ report: Report) -> [String] {
    if case .unknown(let reason) = report.headers {
      return [
        "",
        "the subject's headers could not be held against the harness's: \(SafeText.line(reason))",
      ]
    }
    let differing = report.headers.differing
    guard !differing.isEmpty else { return [] }
    return ["", style.strong("the subject's own headers mean something else than upstream's:")]
      + differing.map { "  " + SafeText.line($0.sentence) }
      + ["  the functions ran with upstream's meaning, so nothing above holds for this tree"]
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
      var cause: String
      var explanation: UpstreamFixes?
    }
    var seen: Set<Key> = []
    var first: [ReportedDifference] = []
    let ordered = differences.filter(\.group.isReached) + differences.filter { !$0.group.isReached }
    for reported in ordered
    where seen.insert(
      Key(cause: reported.group.cause, explanation: reported.group.explanation)
    )
    .inserted {
      first.append(reported)
    }
    return Array(first.prefix(limit))
  }
}
