// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

/// All the cases of a check: the named catalogue, held against every state of upstream; then random cases
/// and universes, which are held against the state found to be nearest.
package struct Campaign: Sendable {
  let workshop: SubjectRunners
  /// The sets of fixes, that of the request first.
  let sets: [UpstreamFixes]
  let request: CheckRequest
  let progress: RunProgress
  let stop: StopSignal
  /// What another subject's cases came to; then the campaign ends at the first that comes to something
  /// else.
  let known: Baseline?

  /// What a campaign found.
  package struct Outcome: Sendable {
    /// The functions of the surface that the subject has.
    package var present: [KernelFunction]
    /// The cases that there are findings for: the catalogue, and examples from the universes and random
    /// cases.
    var cases = CaseList()
    package var findings: [CaseFinding] = []
    var universes: [UniverseOutcome] = []
    /// The functions of which the catalogue's cases were left, because they cost more than they tell.
    var leftOfCatalogue: [KernelFunction] = []
    /// The same of the universes' cases.
    var leftOfUniverses: [KernelFunction] = []
    /// What these took.
    var universeSeconds = 0.0
    var random: RandomOutcome?
    /// Cases of the catalogue that were run.
    var namedCases = 0
    /// The case that tells the subject from the one whose results are known.
    package var departure: CaseReference?

    /// Cases run, however they came about.
    var caseCount: Int {
      namedCases + (random?.cases ?? 0) + universes.reduce(0) { $0 + Int($1.cases) }
    }
  }

  package init(
    workshop: SubjectRunners, request: CheckRequest, progress: RunProgress, stop: StopSignal,
    known: Baseline? = nil
  ) {
    self.workshop = workshop
    sets =
      known.map { [$0.nearest] }
      ?? [request.against] + UpstreamFixes.allSets.filter { $0 != request.against }
    self.known = known
    self.request = request
    self.progress = progress
    self.stop = stop
  }

  /// Runs everything, or what can be run before the run is stopped.
  package func run() async throws(ExecutionError) -> Outcome {
    var outcome = Outcome(present: try await present())
    var costly = workshop.real.noneCostly
    if request.means.contains(.catalogue) {
      progress.step("running the catalogue")
      outcome.namedCases += try await add(
        known?.catalogue ?? CaseList(catalogueIn: request.modes), leaving: &costly, to: &outcome)
      outcome.leftOfCatalogue = costly.inAnyMode.sorted()
    }
    // What the wide means show can move the nearest state of upstream, and then they are run against
    // that; a second move would have been seen by the first.
    for _ in 0..<2 where outcome.departure == nil {
      let nearest =
        known?.nearest ?? FixSearch(findings: outcome.findings, against: request.against).nearest
      var examples = try await runRandom(against: nearest, leaving: costly, into: &outcome)
      examples = examples.appending(
        try await sweep(against: nearest, leaving: costly, into: &outcome))
      guard !examples.entries.isEmpty, known == nil else { break }
      // These were counted where they came from, and are few.
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

  /// Runs cases against every set of fixes and keeps what was found; returns how many were run.
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
      entries, leaving: &costly, against: sets, progress: progress.cases)
    outcome.findings += outcome.cases.findings(results, from: first, sets: sets)
    return results.count { $0 != nil }
  }
}
