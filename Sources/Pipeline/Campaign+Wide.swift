// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import Execution
import HotplugPort
import MachineModel
import Reporting
import Scenarios

/// The means that run many cases and keep a few: each is held against one set of fixes and gives back
/// cases that differ, to be run against all.
extension Campaign {
  /// Examples kept of what one mode's random cases or one universe shows.
  private static let examplesKept = 24

  /// Runs the random cases of all modes.
  func runRandom(
    against fixes: UpstreamFixes, into outcome: inout Outcome
  ) async throws(ExecutionError) -> CaseList {
    let count = request.randomCasesAMode
    guard count > 0, !stop.isSet, known?.differsAtRandom != true else { return CaseList() }
    progress.step("running random cases")
    let present = Set(outcome.present)
    var examples: [CaseList.Entry] = []
    var random = RandomOutcome(seed: request.seed, cases: 0, differing: 0)
    for mode in request.modes where outcome.departure == nil {
      let campaign = RandomCampaign(mode: mode, seed: request.seed)
      // Only a subject that lacks functions makes it necessary to look at the cases beforehand.
      let indices = (0..<UInt64(count)).filter { index in
        present.count == SurfaceFunction.allCases.count
          || campaign.scenario(index).operations.allSatisfy { present.contains($0.function) }
      }
      let references = indices.map {
        CaseReference.random(mode: mode.name, seed: request.seed, index: $0)
      }
      let results = try await workshop.real.check(
        references, against: [fixes],
        until: { [known] in known?.differ(references[$0], $1) ?? false }, progress: progress.cases)
      if let known {
        outcome.departure = known.departure(references, results)
        continue
      }
      var kept: [String: Int] = [:]
      for (place, result) in results.enumerated() {
        guard let result else { continue }
        random.cases += 1
        guard let difference = result.comparisons[0].difference else { continue }
        random.differing += 1
        guard kept[difference.signature, default: 0] < 3, examples.count < Self.examplesKept
        else { continue }
        kept[difference.signature, default: 0] += 1
        examples.append(
          CaseList.Entry(
            reference: references[place], scenario: campaign.scenario(indices[place])))
      }
    }
    outcome.random = random
    return CaseList(examples)
  }

  /// Runs the universes whole.
  func sweep(
    against fixes: UpstreamFixes, into outcome: inout Outcome
  ) async throws(ExecutionError) -> CaseList {
    outcome.universes = []
    var examples = CaseList()
    let byWidth = Dictionary(grouping: request.universes, by: \.indexBits)
    for (width, universes) in byWidth.sorted(by: { $0.key < $1.key }) {
      guard let supervisor = workshop.supervisor(width), !stop.isSet, outcome.departure == nil
      else { continue }
      // The long ones last, when their time can be told from the others'.
      let comparable = universes.filter { known?.isTold(of: $0) ?? true }
      let (short, long) = comparable.partitioned { $0.isDeep }
      for group in [short, long] where !group.isEmpty {
        examples = examples.appending(
          try await sweep(group, with: supervisor, against: fixes, into: &outcome))
      }
    }
    return examples
  }

  private func sweep(
    _ universes: [Universe], with supervisor: Supervisor, against fixes: UpstreamFixes,
    into outcome: inout Outcome
  ) async throws(ExecutionError) -> CaseList {
    let present = Set(outcome.present)
    announce(universes, after: outcome)
    progress.step("running \(universes.count) universes")
    let start = ContinuousClock.now
    let swept = try await supervisor.sweep(
      universes, calling: present, against: fixes, untilOneDiffers: known != nil,
      progress: progress.cases)
    if known != nil {
      let first = swept.first { $0.result.differing > 0 }
      outcome.departure = first.flatMap { found in
        found.result.examples.min().map { .universe(name: found.universe.name, place: $0) }
      }
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    outcome.universeSeconds += seconds
    outcome.universes += swept.map { found in
      let universe = found.universe
      let operations = universe.operations.count { present.contains($0.function) }
      return UniverseOutcome(
        name: universe.name, definition: universe.definition,
        size: universe.stateCount * universe.rangeCount * UInt64(operations),
        cases: found.result.cases, differing: found.result.differing)
    }
    return CaseList(
      swept.flatMap { found in
        found.result.examples.sorted().prefix(Self.examplesKept).map { (found.universe, $0) }
      })
  }

  /// Says beforehand what a long sweep will take, from what the short ones took.
  private func announce(_ universes: [Universe], after outcome: Outcome) {
    let done = outcome.universes.reduce(0) { $0 + $1.cases }
    guard universes.contains(where: \.isDeep), done > 0, outcome.universeSeconds > 0 else { return }
    let cases = universes.reduce(0) { $0 + $1.caseCount }
    let seconds = Double(cases) / (Double(done) / outcome.universeSeconds)
    progress.note(
      "deep: \(cases) more cases in \(universes.count) universes, about "
        + "\(DurationText.rounded(seconds)) with \(request.jobs) worker(s)")
  }
}

extension Array {
  /// The elements that are not so, and those that are, in order.
  fileprivate func partitioned(_ isSo: (Element) -> Bool) -> ([Element], [Element]) {
    (filter { !isSo($0) }, filter(isSo))
  }
}
