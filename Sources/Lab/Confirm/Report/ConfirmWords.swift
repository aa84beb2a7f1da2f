// SPDX-License-Identifier: GPL-2.0-only

import Oracle
import Reports

/// What the forms of a confirmation have in common.
enum ConfirmWords {
  /// The same of a report, with the seconds.
  static func summary(_ report: ConfirmReport) -> String {
    let words = ConfirmFile.counts(
      agreeing: report.cases.count { $0.status == .agrees },
      differing: report.cases.count { $0.status == .disagrees },
      skipped: report.cases.count(where: \.isSkipped))
    return "\(words) (\(Words.seconds(report.seconds)) s)"
  }

  /// What a backporter is told to pick.
  static func missing(_ fixes: [String]) -> String {
    "the kernel does what upstream's text does without \(fixes.joined(separator: " and ")); pick "
      + (fixes.count == 1 ? "it" : "them")
  }

  /// What is known of the kernel beside its name, e.g. "6.12.107+deb13-riscv64, QEMU 7.2.22"; empty where
  /// none ran.
  static func details(release: String?, machine: String) -> String {
    [release, machine.isEmpty ? nil : machine].compactMap { $0 }.joined(separator: ", ")
  }

  /// Why cases were skipped, each reason once with how many cases it is for.
  static func skips(_ report: ConfirmReport) -> [(reason: String, count: Int)] {
    var skips: [(reason: String, count: Int)] = []
    for case .skipped(let reason) in report.cases.map(\.status) {
      if let place = skips.firstIndex(where: { $0.reason == reason }) {
        skips[place].count += 1
      } else {
        skips.append((reason, 1))
      }
    }
    return skips
  }

  /// What stands for what was seen of a hazard that a step has nothing to show of.
  static let unseen = "nothing: this step cannot show it"
}

/// A hazard with all the places in which it was predicted.
struct ConfirmedHazard {
  /// One of them.
  struct Place {
    var id: String
    var mode: String
    var hazard: SeenHazard
  }

  var id: Hazard.ID
  var places: [Place]

  /// All hazards of a report, by id.
  static func all(_ report: ConfirmReport) -> [ConfirmedHazard] {
    let places = report.cases.flatMap { one in
      one.hazards.map { Place(id: one.confirmCase.id, mode: one.mode, hazard: $0) }
    }
    return Dictionary(grouping: places, by: \.hazard.id).map {
      ConfirmedHazard(id: $0, places: $1)
    }
    .sorted { $0.id < $1.id }
  }
}

extension ConfirmedCase {
  /// Whether it did not come to its end.
  var isSkipped: Bool { if case .skipped = status { true } else { false } }

  /// The status as "mhpcheck.confirm/1" has it.
  var word: String {
    switch status {
    case .agrees: "agrees"
    case .disagrees: "disagrees"
    case .skipped: "skipped"
    }
  }

  /// Leaves, tables and events that were compared, over all steps.
  var compared: (leaves: Int, tables: Int, events: Int) {
    steps.reduce(into: (leaves: 0, tables: 0, events: 0)) { sum, step in
      sum.leaves += step.leaves
      sum.tables += step.tables
      sum.events += step.events
    }
  }
}
