// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// What is said of a series as terminal text.
public struct SeriesText: Sendable {
  private let style: TextStyle
  /// Only the last line.
  private let isQuiet: Bool

  public init(style: TextStyle, isQuiet: Bool = false) {
    self.style = style
    self.isQuiet = isQuiet
  }

  /// The whole text, with a final newline.
  public func render(_ report: SeriesReport) -> String {
    var lines: [String] = []
    if !isQuiet {
      lines += ["subject  \(report.origin)", ""]
      lines += report.rows.map(row)
      lines += missing(report)
      lines.append("")
    }
    lines.append(verdict(report))
    return lines.joined(separator: "\n") + "\n"
  }

  private static let statusWidth = SeriesStatus.allCases.map(\.rawValue.count).max() ?? 0

  private func coloured(_ row: SeriesRow) -> String {
    let word = row.isKnown ? row.status.rawValue : "unknown"
    let gap = String(repeating: " ", count: Self.statusWidth - word.count)
    guard row.isKnown else { return style.faint(word) + gap }
    switch row.status {
    case .present: return style.good(word) + gap
    case .notNeeded: return style.faint(word) + gap
    case .partial, .absent: return style.bad(word) + gap
    }
  }

  private func row(_ row: SeriesRow) -> String {
    let means = row.judgedBy == .behaviour ? "behaviour" : "structure"
    return "\(row.commit.hash)  \(coloured(row))  \(means)  \(row.commit.title)\n"
      + "              \(row.evidence)"
  }

  /// What is to be picked, in order, and what breaks until it is; the merge sums up what stands there
  /// already.
  private func missing(_ report: SeriesReport) -> [String] {
    let rows = report.rows.filter(\.isToBePicked)
    let each = rows.flatMap(advice)
    guard rows.count > 1 else { return each }
    let order = rows.flatMap { $0.first + [$0.commit.hash] }
    return each + ["", "pick them in this order: \(order.joined(separator: " "))"]
  }

  private func advice(_ row: SeriesRow) -> [String] {
    let lacks = row.status == .partial ? "lacks part of" : "lacks"
    var lines = ["", style.strong("\(lacks) \(row.commit.hash) \"\(row.commit.title)\"")]
    lines.append("  without it: \(row.commit.loss)")
    if let scenario = row.commit.scenario {
      lines.append("  seen in: mhpcheck replay \(scenario) SUBJECT")
    }
    if !row.first.isEmpty {
      lines.append("  first: git cherry-pick -x \(row.first.joined(separator: " "))")
    }
    lines.append("  pick: git cherry-pick -x \(row.commit.hash)")
    return lines
  }

  private func verdict(_ report: SeriesReport) -> String {
    func names(_ rows: [SeriesRow]) -> String { rows.map(\.commit.hash).joined(separator: ", ") }
    let lacking = report.rows.filter(\.isToBePicked)
    let unknown = report.rows.filter { !$0.isKnown && $0.commit != .merge }
    let untold = "\(unknown.count) cannot be told from this subject: \(names(unknown))"
    guard lacking.isEmpty else {
      return style.bad("incomplete")
        + ": \(lacking.count) commits missing or partly missing: \(names(lacking))"
        + (unknown.isEmpty ? "" : "; \(untold)")
    }
    let count = report.rows.count { $0.status == .present }
    guard unknown.isEmpty else { return "undecided: \(count) commits present; \(untold)" }
    let rest = report.rows.count - count
    return style.good("complete") + ": \(count) commits present"
      + (rest > 0 ? ", \(rest) not needed" : "")
  }
}
