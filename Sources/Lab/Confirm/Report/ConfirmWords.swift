// SPDX-License-Identifier: GPL-2.0-only

import Oracle
import Reports

/// The parts that all formats of a confirmation share.
enum ConfirmWords {
  /// The numbers of agreeing, differing and skipped cases, with the run's seconds.
  static func summary(_ report: ConfirmReport) -> String {
    let words = ConfirmFile.counts(
      agreeing: report.cases.count { $0.status == .agrees },
      differing: report.cases.count { $0.status == .disagrees },
      skipped: report.cases.count(where: \.isSkipped))
    return "\(words) (\(Words.decimals(report.seconds)) s)"
  }

  /// The advice to pick the missing fixes.
  static func missing(_ fixes: [String]) -> String {
    "the kernel behaves as upstream's text without \(fixes.joined(separator: " and ")); pick "
      + (fixes.count == 1 ? "it" : "them")
  }

  /// The kernel's release and machine, e.g. "6.12.107+deb13-riscv64, QEMU 7.2.22"; empty where no kernel ran.
  static func details(release: String?, machine: String) -> String {
    [release, machine.isEmpty ? nil : machine].compactMap { $0 }.joined(separator: ", ")
  }

  /// The reasons for skipped cases, each once, with the number of its cases.
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

  /// The placeholder for the observation of a hazard that the step cannot show.
  static let unseen = "not observable in this step"
}

/// A hazard, with all places where the model predicted it.
struct ConfirmedHazard {
  /// One such place.
  struct Place {
    var id: String
    var mode: String
    var hazard: SeenHazard
  }

  var id: Hazard.ID
  var places: [Place]

  /// All hazards of a report, sorted by id.
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
  /// Whether the case was skipped.
  var isSkipped: Bool { if case .skipped = status { true } else { false } }

  /// The status in schema "mhpcheck.confirm/1".
  var word: String {
    switch status {
    case .agrees: "agrees"
    case .disagrees: "disagrees"
    case .skipped: "skipped"
    }
  }

  /// The numbers of compared leaves, tables and events, over all steps.
  var compared: (leaves: Int, tables: Int, events: Int) {
    steps.reduce(into: (leaves: 0, tables: 0, events: 0)) { sum, step in
      sum.leaves += step.leaves
      sum.tables += step.tables
      sum.events += step.events
    }
  }
}
