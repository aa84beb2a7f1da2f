// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import Execution
import HotplugPort
import Reporting
import Scenarios

/// Takes the smallest case of each group, makes it smaller, keeps it, and keeps what both sides did in
/// it.
struct DifferenceCollector: Sendable {
  let workshop: Workshop
  let cases: CaseList
  /// Nil when failures are not kept.
  let memory: FailureMemory?
  /// The subject as the user names it.
  let subject: String
  /// Whether cases are made smaller.
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
      let stage = ShrinkStage(workshop: workshop, nearest: nearest, stop: stop)
      shrunk = await stage.shrink(shown) { done, all in
        progress.step("making cases smaller: \(done) of \(all) kinds of difference")
      }
    }
    var reported: [ReportedDifference] = []
    for (place, (group, entry)) in shown.enumerated() {
      // A case that is not run any more would look like one that kills its worker.
      if stop.isSet { break }
      reported.append(
        try await report(group, entry, shrunk[place], id: "D\(reported.count + 1)"))
    }
    return reported
  }

  private func report(
    _ group: DifferenceGroup, _ entry: CaseList.Entry, _ shrunk: ShrunkCase?, id: String
  ) async throws(ExecutionError) -> ReportedDifference {
    func command(_ name: String) -> String { "mhpcheck replay \(name) \(subject)\(against)" }
    let against =
      group.reference == .latest ? "" : " --against \(TextRenderer.name(of: group.reference))"
    let anywhere = group.places.lazy.map { cases.entries[$0] }.first { !$0.isRemembered }
      .map { command($0.name) }
    guard let shrunk, shrunk.scenario != entry.scenario else {
      var pair = shrunk?.observed
      if pair == nil { pair = try await workshop.observe(entry, against: group.reference) }
      return ReportedDifference(
        id: id, group: group, scenario: entry.scenario,
        difference: pair.flatMap { $0.subject.compared(to: $0.reference).difference },
        subject: pair?.subject, reference: pair?.reference,
        replay: command(entry.name), replayAnywhere: anywhere)
    }
    let kept = memory?.remember(shrunk.scenario, function: group.function)
    // A case that is kept nowhere can be replayed as what it was made from, or from the JSON report.
    let replayed = kept?.id ?? entry.name
    return ReportedDifference(
      id: id, group: group, scenario: kept ?? shrunk.scenario,
      difference: shrunk.observed.flatMap { $0.subject.compared(to: $0.reference).difference },
      subject: shrunk.observed?.subject, reference: shrunk.observed?.reference,
      madeFrom: entry.scenario.id, isMinimal: shrunk.isMinimal,
      replay: command(replayed), replayAnywhere: anywhere)
  }
}
