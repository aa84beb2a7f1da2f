// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Oracle

/// Mends as text.
enum MendText {
  /// "of upstream's own bugs mends H3 and H8 in part"; nil when there are none. What other cases share with
  /// upstream is mended in part.
  static func remark(_ report: Report) -> String? {
    let mends = report.mends
    let shared = Set(report.hazards.compactMap(\.group.hazard))
    let listed = Set(mends.compactMap(\.group.mend.hazard)).sorted().map {
      $0.rawValue + (shared.contains($0) ? " in part" : "")
    }
    let others = mends.filter { $0.group.mend.hazard == nil }.map(\.group.mend.rule.rawValue)
    let all = listed + others
    guard let last = all.last else { return nil }
    let names = all.count == 1 ? last : all.dropLast().joined(separator: ", ") + " and " + last
    return "of upstream's own bugs mends \(names)"
  }

  /// The lines, with an empty one before them; none where nothing is mended.
  static func lines(_ mends: [ReportedMend], style: TextStyle) -> [String] {
    guard let first = mends.first else { return [] }
    return ["", "mends, where upstream's text does wrong and the subject does not:"]
      + mends.map { reported in
        let count = reported.group.places.count
        return "  " + style.strong("\(reported.group.mend.id): \(reported.title)")
          + " (\(reported.group.mend.rule.rawValue); \(count == 1 ? "1 case" : "\(count) cases"), "
          + "\(reported.group.modes.joined(separator: " ")))"
      } + ["  to see one: \(SafeText.line(first.replay))"]
  }

  /// The same as Markdown.
  static func markdown(_ mends: [ReportedMend]) -> [String] {
    guard !mends.isEmpty else { return [] }
    return ["", "#### Mends of upstream's own text", ""]
      + mends.map { reported in
        let title = reported.title.replacing("_", with: "\\_")
        return "- \(reported.group.mend.id): \(title) "
          + "(\(reported.group.modes.joined(separator: ", "))): "
          + MarkdownText.code(SafeText.shortened(reported.replay, to: 300))
      }
  }
}
