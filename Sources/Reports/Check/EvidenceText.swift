// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// What a verdict is worth, as terminal text: how much was looked at, and how much of what could be wrong
/// such a look shows.
enum EvidenceText {
  /// The lines, with an empty one before them.
  static func lines(_ report: Report, style: TextStyle) -> [String] {
    [
      "",
      "judged by the oracle: \(report.judged) of \(report.cases) cases, every named and random one and a "
        + "share of the universes'",
      "mutants of the reference told from it at standard depth: \(SuiteScore.reference.phrase)",
    ] + CoverageText.lines(report.coverage, style: style)
  }
}
