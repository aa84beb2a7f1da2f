// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Port

/// What a bisection found, as terminal text.
public struct BisectText: Sendable {
  private let style: TextStyle
  /// Only the last line.
  private let isQuiet: Bool
  /// Kinds of difference that are shown.
  private let shownDifferences = 3
  /// Skipped commits that are listed.
  private let shownSkipped = 8

  public init(style: TextStyle, isQuiet: Bool = false) {
    self.style = style
    self.isQuiet = isQuiet
  }

  /// The whole text, with a final newline.
  public func render(_ report: BisectReport) -> String {
    var lines: [String] = []
    if !isQuiet {
      lines.append("good  \(end(report.good))")
      lines.append("bad   \(end(report.bad))")
      lines += skipped(report)
      if case .found(let suspects, let change) = report.outcome {
        lines += commits(suspects, report)
        lines += self.change(change, report)
      }
      lines.append("")
    }
    lines.append(verdict(report))
    return lines.joined(separator: "\n") + "\n"
  }

  private func end(_ end: (revision: String, hash: String)) -> String {
    let revision = SafeText.line(end.revision)
    return revision == end.hash ? revision : "\(revision) (\(end.hash.prefix(12)))"
  }

  private func skipped(_ report: BisectReport) -> [String] {
    var lines = report.skipped.prefix(shownSkipped).map {
      "skipped \(line($0.commit)): \(SafeText.line($0.reason))"
    }
    let rest = report.skipped.count - lines.count
    if rest > 0 { lines.append("\(rest) more were skipped; --json FILE has all of them") }
    return lines
  }

  private func commits(
    _ suspects: [BisectReport.Commit], _ report: BisectReport
  ) -> [String] {
    guard let only = suspects.first, suspects.count == 1 else {
      return ["", "one of these \(suspects.count) commits changed the behaviour:"]
        + suspects.map { "  " + style.strong(line($0)) }
    }
    return [
      "", "\(style.strong(line(only))) changed the behaviour",
      "  by \(SafeText.line(only.author)); git -C \(SafeText.line(report.repository)) show "
        + only.short,
    ]
  }

  private func line(_ commit: BisectReport.Commit) -> String {
    "\(commit.short) \"\(SafeText.line(commit.title))\""
  }

  private func change(_ change: BisectReport.Change, _ report: BisectReport) -> [String] {
    var lines = [
      "before  \(VerdictText(change.before).line(style: style))",
      "after   \(VerdictText(change.after).line(style: style))",
    ]
    lines += BisectWords.changes(change).map { "  " + $0 }
    var seen: Set<String> = []
    let kinds = change.comparison.differences.filter {
      seen.insert("\($0.group.function.name) \($0.group.signature)").inserted
    }
    for difference in kinds.prefix(shownDifferences) {
      let group = difference.group
      lines += ["", style.strong("\(group.function.name) changed on \(group.mode)")]
      lines.append(
        "  case \(difference.scenario.id), \(difference.scenario.mode): "
          + difference.scenario.purpose)
      lines.append("  after the change it \(BisectWords.sentence(difference))")
    }
    lines += BisectWords.replays(change).map { "  replay: " + style.strong(SafeText.line($0)) }
    return lines
  }

  private func verdict(_ report: BisectReport) -> String {
    let known = report.known > 0 ? ", \(report.known) known by their text" : ""
    let run =
      "(\(report.commits) commits, \(report.runs) revisions run\(known), "
      + "\(report.skipped.count) skipped, \(VerdictText.seconds(report.seconds)) s)"
    switch report.outcome {
    case .alike(let isSameText):
      let why = isSameText ? "the text of the functions is the same" : "no case parts them"
      return "\(style.good("alike")): good and bad behave alike; \(why) \(run)"
    case .found(let suspects, _):
      let names = suspects.map(\.short).joined(separator: ", ")
      let text = suspects.count == 1 ? names : "one of \(names)"
      return "\(style.bad("changed")): by \(text) \(run)"
    }
  }
}

/// What the forms of a bisection have in common.
enum BisectWords {
  /// Fixes, hazards and functions that the change concerns, a line each.
  static func changes(_ change: BisectReport.Change) -> [String] {
    var lines: [String] = []
    lines += change.lostFixes.map { "loses the fix \($0.commit) \"\($0.title)\"" }
    lines += change.gainedFixes.map { "brings the fix \($0.commit) \"\($0.title)\"" }
    lines += change.newHazards.map { "brings the hazard \($0)" }
    lines += change.goneHazards.map { "mends the hazard \($0)" }
    let functions = change.functions.map(\.name)
    if !functions.isEmpty { lines.append("changes \(functions.joined(separator: ", "))") }
    for function in change.comparison.onlySecond { lines.append("drops \(function.name)") }
    for function in change.comparison.onlyFirst { lines.append("adds \(function.name)") }
    return lines
  }

  /// What the later text does otherwise than the earlier in a case.
  static func sentence(_ difference: SubjectComparison.Finding) -> String {
    let drawing = CaseTables(
      scenario: difference.scenario, subject: difference.observed?.first,
      reference: difference.observed?.second)
    guard let parting = difference.difference, let naming = drawing?.naming else {
      return "behaves otherwise: one of the two kills the process that runs it"
    }
    return naming.sentence(parting, reference: "the text before")
  }

  /// The commands that show the smallest case on both revisions.
  static func replays(_ change: BisectReport.Change) -> [String] {
    let smallest = change.comparison.differences.map(\.scenario).min {
      $0.complexity < $1.complexity
    }
    guard let scenario = smallest ?? change.otherCase else { return [] }
    return [change.after, change.before].map {
      "mhpcheck replay \(scenario.id)@\(scenario.mode) \($0.subject.argument)"
    }
  }
}
