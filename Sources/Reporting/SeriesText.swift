// SPDX-License-Identifier: GPL-2.0-only

import Series

/// What is said of a series as terminal text.
public struct SeriesText: Sendable {
  private let style: TextStyle
  /// Only the last line.
  private let isQuiet: Bool

  /// Memberwise.
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

  private func coloured(_ status: SeriesStatus) -> String {
    let word = status.rawValue
    let gap = String(repeating: " ", count: Self.statusWidth - word.count)
    switch status {
    case .present: return style.good(word) + gap
    case .notNeeded: return style.faint(word) + gap
    case .partial, .absent: return style.bad(word) + gap
    }
  }

  private func row(_ row: SeriesRow) -> String {
    let means = row.judgedBy == .behaviour ? "behaviour" : "structure"
    return "\(row.commit.hash)  \(coloured(row.status))  \(means)  \(row.commit.title)\n"
      + "              \(row.evidence)"
  }

  /// What is to be picked, and what breaks until it is; the merge sums up what stands there already.
  private func missing(_ report: SeriesReport) -> [String] {
    report.rows.filter { !$0.status.isFine && $0.commit != .merge }.flatMap { row in
      [
        "",
        style.strong(
          "\(row.status == .partial ? "lacks part of" : "lacks") \(row.commit.hash) "
            + "\"\(row.commit.title)\""),
        "  without it: \(row.commit.loss)",
      ] + (row.commit.scenario.map { ["  seen in: mhpcheck replay \($0) SUBJECT"] } ?? []) + [
        "  pick: git cherry-pick -x \(row.commit.hash)"
      ]
    }
  }

  private func verdict(_ report: SeriesReport) -> String {
    let lacking = report.rows.filter { !$0.status.isFine && $0.commit != .merge }
    guard !lacking.isEmpty else {
      let count = report.rows.count { $0.status == .present }
      let rest = report.rows.count - count
      return style.good("complete") + ": \(count) commits present"
        + (rest > 0 ? ", \(rest) not needed" : "")
    }
    let names = lacking.map(\.commit.hash).joined(separator: ", ")
    return style.bad("incomplete")
      + ": \(lacking.count) commits missing or partly missing: \(names)"
  }
}
