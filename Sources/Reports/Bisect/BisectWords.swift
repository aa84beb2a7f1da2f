// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine

/// Words on a bisection for its document and its JSON.
enum BisectWords {
  /// The act in which the later text departs from the earlier in a case.
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
