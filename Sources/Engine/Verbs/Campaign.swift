// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Synchronization
import Worker

/// All cases of a check: the catalogue, compared with every upstream state; then random cases and universes,
/// compared with the nearest state.
package struct Campaign: Sendable {
  /// The named and random cases need no object besides that at real geometry.
  package var workshop: SubjectRunners
  /// The sets of fixes to compare with, the requested one first; with `known`, only its nearest set.
  let sets: [UpstreamFixes]
  let request: CheckRequest
  let progress: RunProgress
  let stop: StopSignal
  /// The results of another subject; with them, the campaign ends at the first case with another result.
  let known: Baseline?
  /// The part of the random cases and universes that runs here. The catalogue always runs whole.
  let work: CampaignWork
  /// Whether universes are taken from earlier runs, and kept for later ones, by the machine code that runs in them.
  let keepsResults: Bool
  private let herald: FirstDifference

  /// The results of a campaign.
  package struct Outcome: Sendable {
    /// The functions of the surface that the subject has.
    package var present: [KernelFunction]
    /// The cases that have findings: the catalogue, and examples from the universes and random cases.
    var cases = CaseList()
    package var findings: [CaseFinding] = []
    var universes: [UniverseOutcome] = []
    /// The functions whose cases of the catalogue were skipped, because they cost more time than they are
    /// worth.
    var leftOfCatalogue: [KernelFunction] = []
    /// The same for cases of universes.
    var leftOfUniverses: [KernelFunction] = []
    /// The duration of the universe sweeps.
    var universeSeconds = 0.0
    var random: RandomOutcome?
    /// The number of cases of the catalogue that ran.
    var namedCases = 0
    /// What the share of a shard showed in random cases and universes.
    package var facts = CampaignFacts()
    /// The first case whose result differs from the known one.
    package var departure: CaseReference?

    /// The number of all cases that ran.
    var caseCount: Int {
      namedCases + (random?.cases ?? 0) + universes.reduce(0) { $0 + Int($1.cases) }
    }

    /// Whether some cases hang, run away or kill their workers.
    package var hasSlowCases: Bool { findings.contains(where: \.isSlow) }

    /// The time limit of an operation for cases that run again.
    var limitMilliseconds: UInt32 {
      hasSlowCases ? WorkerPlan.limitOfHangs : WorkerPlan.usualLimit
    }
  }

  package init(
    workshop: SubjectRunners, request: CheckRequest, progress: RunProgress, stop: StopSignal,
    known: Baseline? = nil, work: CampaignWork = .whole, keepsResults: Bool = false
  ) {
    self.keepsResults = keepsResults
    self.workshop = workshop
    sets =
      known.map { [$0.nearest] }
      ?? [request.against] + UpstreamFixes.allSets.filter { $0 != request.against }
    self.known = known
    self.work = work
    self.request = request
    self.progress = progress
    herald = FirstDifference(progress)
    self.stop = stop
  }

  /// The results of the named cases, with the functions that are too costly for others.
  package struct Named: Sendable {
    var outcome: Outcome
    var costly: CostlyFunctions
  }

  /// Runs all cases, or as many as possible until the run is stopped.
  package func run() async throws(ExecutionError) -> Outcome {
    try await runOthers(after: try await runNamed())
  }

  /// Runs the named cases.
  package func runNamed() async throws(ExecutionError) -> Named {
    var outcome = Outcome(present: try await present())
    var costly = workshop.real.noneCostly
    if request.means.contains(.catalogue) {
      progress.step("running the catalogue")
      outcome.namedCases += try await add(
        known?.catalogue ?? CaseList(catalogueIn: request.modes), leaving: &costly, to: &outcome)
      outcome.leftOfCatalogue = costly.inAnyMode.sorted()
    }
    return Named(outcome: outcome, costly: costly)
  }

  /// Runs the random cases and the universes.
  package func runOthers(after named: Named) async throws(ExecutionError) -> Outcome {
    var outcome = named.outcome
    let costly = named.costly
    // Examples from random cases and universes can move the nearest upstream state; then those run again
    // against the new one. There is no third pass, because the first one would have shown a second move.
    for _ in 0..<2 where outcome.departure == nil {
      let nearest =
        known?.nearest ?? FixSearch(findings: outcome.findings, against: request.against).nearest
      var examples = try await runRandom(against: nearest, leaving: costly, into: &outcome)
      examples = examples.appending(
        try await sweep(against: nearest, leaving: costly, into: &outcome))
      guard !examples.entries.isEmpty, known == nil else { break }
      // The examples are few, and were counted at their source.
      _ = try await add(examples, to: &outcome)
      let moved = FixSearch(findings: outcome.findings, against: request.against).nearest
      if moved == nearest || stop.isSet { break }
    }
    return outcome
  }

  private func present() async throws(ExecutionError) -> [KernelFunction] {
    if let known { return known.present }
    progress.step("starting a worker")
    return try await workshop.real.functions()
  }

  /// Runs cases against every set of fixes and keeps the findings; returns the number of cases that ran.
  private func add(
    _ cases: CaseList, to outcome: inout Outcome
  ) async throws(ExecutionError) -> Int {
    var none = workshop.real.noneCostly
    return try await add(cases, leaving: &none, to: &outcome)
  }

  private func add(
    _ cases: CaseList, leaving costly: inout CostlyFunctions, to outcome: inout Outcome
  ) async throws(ExecutionError) -> Int {
    let runnable = cases.restricted(to: outcome.present)
    let first = outcome.cases.entries.count
    outcome.cases = outcome.cases.appending(runnable)
    let entries = outcome.cases.entries[first...]
    if let known {
      let results = try await workshop.check(
        entries, against: sets,
        until: { place, result in known.differ(entries[place].reference, result) },
        progress: progress.cases)
      outcome.departure = known.departure(entries.map(\.reference), results)
      return results.count { $0 != nil }
    }
    let results = try await workshop.check(
      entries, leaving: &costly, against: sets,
      seeing: { place, result in herald.see(result, of: entries[place]) },
      progress: progress.cases)
    outcome.findings += outcome.cases.findings(results, from: first, sets: sets)
    return results.count { $0 != nil }
  }
}

/// Tells the user of the first case that differs, as soon as it is known.
private final class FirstDifference: Sendable {
  private let isTold = Mutex(false)
  private let progress: RunProgress

  init(_ progress: RunProgress) { self.progress = progress }

  func see(_ result: CaseResult, of entry: CaseList.Entry) {
    // A subject that lacks fixes equals one of the states.
    let differs = result.comparisons.allSatisfy { $0.difference != nil && $0.mends.isEmpty }
    guard differs, let difference = result.comparisons.first?.difference,
      isTold.withLock({ told in
        defer { told = true }
        return !told
      })
    else { return }
    let operations = entry.scenario.operations
    let place = result.comparisons[0].operation ?? operations.count - 1
    guard operations.indices.contains(place) else { return }
    progress.finding(
      "a first difference in \(operations[place].function.name): \(difference.signature), "
        + "case \(entry.name)")
  }
}
