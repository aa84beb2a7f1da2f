// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine

/// Sentences and commands that the document and the JSON of a bisection share.
enum BisectWords {
  /// The first difference of the later text from the earlier one in a case, as a sentence without its
  /// subject.
  static func sentence(_ difference: SubjectComparison.Finding) -> String {
    let drawing = CaseTables(
      scenario: difference.scenario, subject: difference.observed?.first,
      reference: difference.observed?.second)
    guard let parting = difference.difference, let naming = drawing?.naming else {
      return "behaves otherwise: one of the two kills the process that runs it"
    }
    let told = parting.told(
      of: difference.observed?.first, from: difference.observed?.second,
      toleratesExtraFlush: false)
    return naming.sentence(told, reference: "the text before")
  }

  /// The commands that replay the smallest case: on the later revision, then on the earlier one.
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
