// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Oracle

/// The sentence about mends of the upstream text.
enum MendText {
  /// "of upstream's own bugs it mends H3 and H8 in part"; nil when there are no mends. A hazard is mended in
  /// part if other cases still show it.
  static func remark(_ report: any JudgedSubject) -> Phrase? {
    let mends = report.mendedBugs
    let shared = Set(report.sharedBugs.compactMap(\.hazard))
    let listed = Set(mends.compactMap(\.hazard)).sorted().map {
      $0.rawValue + (shared.contains($0) ? " in part" : "")
    }
    let others = mends.filter { $0.hazard == nil }.map(\.rule.rawValue)
    let all = (listed + others).map { Phrase($0) }
    return all.isEmpty ? nil : "of upstream's own bugs it mends \(all.list)"
  }
}
