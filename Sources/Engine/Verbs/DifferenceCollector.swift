// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Oracle
import Port
import Worker

/// Takes the first case of each group, shrinks it, and keeps the observations of both sides.
struct DifferenceCollector: Sendable {
  let workshop: SubjectRunners
  let cases: CaseList
  /// The subject as the user named it.
  let subject: String
  let shrinks: Bool
  let progress: RunProgress
  let stop: StopSignal

  func collect(
    _ groups: [DifferenceGroup], nearest: UpstreamFixes
  ) async throws(ExecutionError) -> [ReportedDifference] {
    let shown = groups.compactMap { group in
      group.places.first.map { (group: group, entry: cases.entries[$0]) }
    }
    var shrunk: [Int: ShrunkCase] = [:]
    if shrinks, !shown.isEmpty {
      progress.step("making cases smaller")
      let stage = ShrinkStage(
        workshop: workshop, nearest: nearest, jobs: workshop.real.jobs, stop: stop)
      shrunk = await stage.shrink(shown) { done, all in
        progress.step("making cases smaller: \(done) of \(all) kinds of difference")
      }
    }
    var reported: [ReportedDifference] = []
    for (place, (group, entry)) in shown.enumerated() {
      // A case that no longer runs would look like one that kills its worker.
      if stop.isSet { break }
      reported.append(
        try await report(group, entry, shrunk[place], id: "D\(reported.count + 1)"))
    }
    return reported
  }

  private func report(
    _ group: DifferenceGroup, _ entry: CaseList.Entry, _ shrunk: ShrunkCase?, id: String
  ) async throws(ExecutionError) -> ReportedDifference {
    let against =
      group.reference == .latest ? "" : " --against \(group.reference.name)"
    // Replay the case as it was found, because every installation has it.
    let replay = "mhpcheck replay \(entry.name) \(subject)\(against)"
    if let shrunk, shrunk.scenario != entry.scenario {
      let smaller = try await told(group, by: shrunk.scenario)
      // The shrunk case may differ without breaking a rule; then the case as it was found shows more.
      let whole =
        smaller.group.rules.isEmpty && !group.rules.isEmpty
        ? try await told(group, by: entry.scenario).group.rules : []
      if whole.isEmpty {
        return ReportedDifference(
          id: id, group: smaller.group, scenario: shrunk.scenario,
          difference: shrunk.observed.flatMap { $0.subject.compared(to: $0.reference).difference },
          subject: shrunk.observed?.subject, reference: shrunk.observed?.reference,
          madeFrom: entry.scenario.id, isMinimal: shrunk.isMinimal, replay: replay,
          violations: smaller.violations)
      }
    }
    let pair = try await workshop.observe(entry, against: group.reference)
    let whole = try await told(group, by: entry.scenario)
    return ReportedDifference(
      id: id, group: whole.group, scenario: entry.scenario,
      difference: pair.flatMap { $0.subject.compared(to: $0.reference).difference },
      subject: pair?.subject, reference: pair?.reference, replay: replay,
      violations: whole.violations)
  }

  /// The group, with the rules that the subject breaks in `scenario` beyond those that the reference breaks, and
  /// how it breaks them.
  private func told(
    _ group: DifferenceGroup, by scenario: Scenario
  ) async throws(ExecutionError) -> (group: DifferenceGroup, violations: [Violation]) {
    let shown = CaseList([scenario])
    guard
      let result = try await workshop.check(shown.entries[...], against: [group.reference])[0]
    else { return (group, []) }
    var told = group
    told.rules = Set(result.broken.own.map(\.rule)).sorted()
    if !told.rules.isEmpty { told.mended = [] }
    return (told, result.broken.own)
  }
}
