// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import Execution
import HotplugPort
import Reporting

/// Runs the smallest case of each group once more and keeps what both sides did.
struct DifferenceCollector: Sendable {
  let workshop: Workshop
  let cases: CaseList
  /// The subject as the user names it.
  let subject: String

  func collect(_ groups: [DifferenceGroup]) async throws(ExecutionError) -> [ReportedDifference] {
    var reported: [ReportedDifference] = []
    for (index, group) in groups.enumerated() {
      guard let place = group.places.first else { continue }
      let entry = cases.entries[place]
      let pair = try await workshop.observe(entry, against: group.reference)
      let against =
        group.reference == .latest ? "" : " --against \(TextRenderer.name(of: group.reference))"
      reported.append(
        ReportedDifference(
          id: "D\(index + 1)", group: group, scenario: entry.scenario,
          difference: pair.flatMap { $0.subject.compared(to: $0.reference).difference },
          subject: pair?.subject, reference: pair?.reference,
          replay: "mhpcheck replay \(entry.scenario.id)@\(entry.scenario.mode) \(subject)\(against)"
        ))
    }
    return reported
  }
}
