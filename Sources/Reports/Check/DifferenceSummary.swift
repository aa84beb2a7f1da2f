// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Port

/// One difference in a few sentences.
enum DifferenceSummary {
  /// "D1 free_pmd_table differs on sv48 in 3 cases (explained by the missing 21f1b85c8912)".
  static func title(_ reported: ReportedDifference, in report: Report) -> String {
    let group = reported.group
    let why = group.explanation.map { " (explained by \(cause($0, in: report)))" } ?? ""
    let count = group.places.count == 1 ? "1 case" : "\(group.places.count) cases"
    return "\(reported.id) \(group.cause) differs on \(group.mode) in \(count)\(why)"
  }

  /// What parts the sides, as a sentence with its subject.
  static func sentence(_ reported: ReportedDifference) -> String {
    let drawing = CaseTables(
      scenario: reported.scenario, subject: reported.subject, reference: reported.reference)
    let what = reported.difference.flatMap { drawing?.naming.sentence($0) }
    return "the subject \(what ?? "kills the process that runs it")"
  }

  /// The rules of the oracle that it breaks, and hazards that it may mend.
  static func remarks(_ reported: ReportedDifference) -> [String] {
    reported.group.rules.map { "breaks \($0.rawValue): \($0.sentence)" }
      + reported.group.mended.map {
        "the reference has hazard \($0.rawValue) in all of these cases, and the subject does not: it "
          + "may mend upstream's text"
      }
  }

  /// "the missing X", "X, which it has", or both.
  static func cause(_ fixes: UpstreamFixes, in report: Report) -> String {
    func commits(_ fixes: UpstreamFixes) -> String {
      fixes.descriptions.map(\.commit).joined(separator: " and ")
    }
    let missing = fixes.intersection(UpstreamFixes(report.missing))
    let beyond = fixes.subtracting(missing)
    return [
      missing.isEmpty ? nil : "the missing \(commits(missing))",
      beyond.isEmpty ? nil : "\(commits(beyond)), which it has",
    ].compactMap { $0 }.joined(separator: " and ")
  }
}
