// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import Execution
import HotplugPort
import MachineModel
import PageTables
import Reporting
import Scenarios

/// All the cases of a check: failures remembered from earlier runs, then the named catalogue, both held
/// against every state of upstream; then random cases and universes, which are held against the state
/// found to be nearest.
struct Campaign: Sendable {
  let workshop: Workshop
  /// The sets of fixes, that of the request first.
  let sets: [UpstreamFixes]
  let request: CheckRequest
  let progress: RunProgress
  let stop: StopSignal
  /// What another subject's cases came to; then the campaign ends at the first that comes to something
  /// else.
  let known: KnownResults?

  /// What a campaign found.
  struct Outcome: Sendable {
    /// The functions of the surface that the subject has.
    var present: [SurfaceFunction]
    /// The cases that there are findings for: remembered ones, the catalogue, and examples from the
    /// universes and random cases.
    var cases = CaseList()
    var findings: [CaseFinding] = []
    var universes: [UniverseOutcome] = []
    /// The functions of which the universes' cases were left, because they cost more than they tell.
    var leftOfUniverses: [SurfaceFunction] = []
    /// What these took.
    var universeSeconds = 0.0
    var random: RandomOutcome?
    /// Failures of earlier runs that were tried.
    var remembered = 0
    /// Cases of these, and of the catalogue, that were run.
    var namedCases = 0
    /// The case that tells the subject from the one whose results are known.
    var departure: CaseReference?

    /// Cases run, however they came about.
    var caseCount: Int {
      namedCases + (random?.cases ?? 0) + universes.reduce(0) { $0 + Int($1.cases) }
    }
  }

  init(
    workshop: Workshop, request: CheckRequest, progress: RunProgress, stop: StopSignal,
    known: KnownResults? = nil
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
  func run(remembered: [Scenario]) async throws(ExecutionError) -> Outcome {
    var outcome = Outcome(present: try await present())
    let modes = Set(request.modes.map(\.name))
    let old = remembered.filter { modes.contains($0.mode) && workshop.canRun($0) }
    if !old.isEmpty {
      progress.step("trying failures of earlier runs")
      outcome.remembered = try await add(CaseList(old), to: &outcome)
      outcome.namedCases += outcome.remembered
    }
    if request.means.contains(.catalogue) {
      progress.step("running the catalogue")
      outcome.namedCases += try await add(
        known?.catalogue ?? CaseList(catalogueIn: request.modes), to: &outcome)
    }
    // What the wide means show can move the nearest state of upstream, and then they are run against
    // that; a second move would have been seen by the first.
    for _ in 0..<2 where outcome.departure == nil {
      let nearest =
        known?.nearest ?? FixSearch(findings: outcome.findings, against: request.against).nearest
      var examples = try await runRandom(against: nearest, into: &outcome)
      examples = examples.appending(try await sweep(against: nearest, into: &outcome))
      guard !examples.entries.isEmpty, known == nil else { break }
      // These were counted where they came from.
      _ = try await add(examples, to: &outcome)
      let moved = FixSearch(findings: outcome.findings, against: request.against).nearest
      if moved == nearest || stop.isSet { break }
    }
    return outcome
  }

  private func present() async throws(ExecutionError) -> [SurfaceFunction] {
    if let known { return known.present }
    progress.step("starting a worker")
    return try await workshop.real.functions()
  }

  /// Runs cases against every set of fixes and keeps what was found; returns how many were run.
  private func add(
    _ cases: CaseList, to outcome: inout Outcome
  ) async throws(ExecutionError) -> Int {
    let runnable = cases.restricted(to: outcome.present)
    let first = outcome.cases.entries.count
    outcome.cases = outcome.cases.appending(runnable)
    let entries = outcome.cases.entries[first...]
    let results = try await workshop.check(
      entries, against: sets,
      until: { [known] place, result in known?.differ(entries[place].reference, result) ?? false },
      progress: progress.cases)
    if let known {
      outcome.departure = known.departure(entries.map(\.reference), results)
      return results.count { $0 != nil }
    }
    outcome.findings += outcome.cases.findings(results, from: first, sets: sets)
    return results.count { $0 != nil }
  }
}
