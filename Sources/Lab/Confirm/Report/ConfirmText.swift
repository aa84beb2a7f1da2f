// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Oracle
import Reports

/// A confirmation as terminal text: a line a case, where model and kernel part, and hazards with the
/// kernel's own words.
public struct ConfirmText: Sendable {
  private let style: TextStyle
  /// Only the last line, and why cases were skipped.
  private let isQuiet: Bool
  /// Disagreements that are shown of a case, places of a hazard, lines of the kernel's at a place: what more
  /// there is stands in JSON.
  private static let limits = (disagreements: 12, places: 3, lines: 12)
  /// Characters of a quotation.
  private static let width = 200

  public init(style: TextStyle, isQuiet: Bool = false) {
    self.style = style
    self.isQuiet = isQuiet
  }

  /// The whole text, with a final newline.
  public func render(_ report: ConfirmReport) -> String {
    var lines: [String] = []
    if !isQuiet {
      lines += cases(report) + report.cases.flatMap(disagreements) + hazards(report)
      lines.append("")
    }
    lines += ConfirmWords.skips(report).map { reason, count in
      "\(style.strong("skipped")): \(Self.quoted(reason)) (\(count) \(count == 1 ? "case" : "cases"))"
    }
    lines.append(summary(report))
    return lines.joined(separator: "\n") + "\n"
  }

  /// The last lines of a guest's console, for standard error; empty where there are none.
  public static func console(_ console: [String]) -> String {
    guard !console.isEmpty else { return "" }
    let shown = console.suffix(20).map { "  | \(quoted($0))" }
    return (["the guest's last lines:"] + shown).joined(separator: "\n") + "\n"
  }

  private func summary(_ report: ConfirmReport) -> String {
    let details = ConfirmWords.details(release: report.release, machine: report.machine)
    let name = Self.quoted(report.kernel) + (details.isEmpty ? "" : " (\(Self.quoted(details)))")
    return "\(name): \(ConfirmWords.summary(report))"
  }

  private func cases(_ report: ConfirmReport) -> [String] {
    let width = report.cases.map(\.confirmCase.id.count).max() ?? 0
    return report.cases.map { one in
      let mark =
        switch one.status {
        case .agrees: style.good("ok") + "     "
        case .disagrees: style.bad("DIFFERS")
        case .skipped: style.strong("skipped")
        }
      let id = one.confirmCase.id
      let head = "\(mark)  \(id)\(Self.blanks(width - id.count))  \(one.mode)"
      if one.isSkipped { return head }
      let seconds = VerdictText.seconds(one.seconds)
      let compared = one.compared
      return head + "  \(Self.blanks(6 - seconds.count))\(seconds) s  "
        + "\(compared.leaves) leaves, \(compared.tables) tables, \(compared.events) events"
    }
  }

  private func disagreements(_ one: ConfirmedCase) -> [String] {
    guard !one.disagreements.isEmpty else { return [] }
    var lines = ["", style.strong("\(one.confirmCase.id) on \(one.mode)")]
    for disagreement in one.disagreements.prefix(Self.limits.disagreements) {
      lines.append(
        "  \(Self.quoted(disagreement.step)), \(disagreement.aspect.rawValue): "
          + Self.quoted(disagreement.place))
      lines.append("    model   \(Self.quoted(disagreement.model))")
      lines.append("    kernel  \(Self.quoted(disagreement.kernel))")
    }
    let rest = one.disagreements.count - Self.limits.disagreements
    if rest > 0 { lines.append("  and \(rest) more; --json has all") }
    if !one.missingFixes.isEmpty { lines.append("  \(ConfirmWords.missing(one.missingFixes))") }
    return lines
  }

  private func hazards(_ report: ConfirmReport) -> [String] {
    let hazards = ConfirmedHazard.all(report)
    guard !hazards.isEmpty else { return [] }
    var lines = ["", style.strong("hazards of upstream's own text, predicted and seen")]
    for hazard in hazards {
      let seen = hazard.places.count { $0.hazard.seen != nil }
      lines.append(
        "  \(hazard.id.rawValue): \(Hazard(hazard.id).title) (predicted for \(hazard.places.count) "
          + "\(hazard.places.count == 1 ? "step" : "steps"), seen in \(seen))")
      // What was seen says more than what cannot be.
      let ordered =
        hazard.places.filter { $0.hazard.seen != nil }
        + hazard.places.filter { $0.hazard.seen == nil }
      lines += ordered.prefix(Self.limits.places).flatMap(place)
      let rest = ordered.count - Self.limits.places
      if rest > 0 { lines.append("    and \(rest) more; --json has all") }
    }
    return lines
  }

  private func place(_ place: ConfirmedHazard.Place) -> [String] {
    let hazard = place.hazard
    var lines = [
      "    \(place.id) on \(place.mode), \(Self.quoted(hazard.step))",
      "      model   \(Self.quoted(hazard.predicted))",
      "      kernel  \(hazard.seen.map { Self.quoted($0) } ?? style.faint(ConfirmWords.unseen))",
    ]
    lines += hazard.lines.prefix(Self.limits.lines).map { "      | \(Self.quoted($0))" }
    let rest = hazard.lines.count - Self.limits.lines
    if rest > 0 { lines.append("      and \(rest) more lines; --json has all") }
    return lines
  }

  private static func quoted(_ text: String) -> String {
    SafeText.line(SafeText.shortened(text, to: width))
  }

  private static func blanks(_ count: Int) -> String {
    String(repeating: " ", count: max(0, count))
  }
}
