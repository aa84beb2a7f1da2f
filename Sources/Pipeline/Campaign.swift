// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import Execution
import HotplugPort
import MachineModel
import PageTables
import Reporting
import Scenarios

/// All the cases of a check: the named catalogue at real geometry, then the universes of small
/// machines, which are held against the state of upstream that the catalogue found to be nearest.
struct Campaign: Sendable {
  /// Runs cases of real geometry.
  let supervisor: Supervisor
  /// Runs cases of small geometry; nil when there are none.
  let small: Supervisor?
  /// The sets of fixes, that of the request first.
  let sets: [UpstreamFixes]

  private let request: CheckRequest
  private let progress: RunProgress

  /// What a campaign found.
  struct Outcome: Sendable {
    /// The functions of the surface that the subject has.
    var present: [SurfaceFunction]
    /// The cases that there are findings for: the catalogue, and examples from the universes.
    var cases: CaseList
    var findings: [CaseFinding]
    var universes: [UniverseOutcome] = []
    /// Cases run, those of the universes included.
    var caseCount: Int
  }

  init(
    files: ProgramFiles, subject: LoadedSubject, request: CheckRequest, progress: RunProgress,
    stop: StopSignal
  ) {
    sets = [request.against] + UpstreamFixes.allSets.filter { $0 != request.against }
    supervisor = Supervisor(
      program: files.program, plan: WorkerPlan(subjectPath: subject.path), jobs: request.jobs,
      stop: stop)
    let smallPlan = WorkerPlan(
      subjectPath: subject.path == nil ? nil : subject.otherPaths[1], indexBits: 1)
    small =
      request.depth == .smoke
      ? nil : Supervisor(program: files.program, plan: smallPlan, jobs: request.jobs, stop: stop)
    self.request = request
    self.progress = progress
  }

  /// Runs everything.
  func run() async throws(ExecutionError) -> Outcome {
    progress.step("running the catalogue")
    let present = try await supervisor.functions()
    let cases = CaseList(catalogueIn: request.modes).restricted(to: present)
    let results = try await supervisor.check(
      cases.entries.map(\.reference), against: sets, progress: progress.cases)
    var outcome = Outcome(
      present: present, cases: cases,
      findings: cases.findings(results, sets: sets),
      caseCount: results.count { $0 != nil })
    guard let small else { return outcome }
    // What the universes show can move the nearest state of upstream, and then they are run against
    // that; a second move would have been seen by the first.
    for _ in 0..<2 {
      let nearest = FixSearch(findings: outcome.findings, against: request.against).nearest
      let examples = try await sweep(small, against: nearest, into: &outcome)
      guard !examples.entries.isEmpty else { break }
      let results = try await small.check(examples.entries.map(\.reference), against: sets)
      let first = outcome.cases.entries.count
      outcome.cases = outcome.cases.appending(examples)
      outcome.findings += outcome.cases.findings(results, from: first, sets: sets)
      let moved = FixSearch(findings: outcome.findings, against: request.against).nearest
      if moved == nearest { break }
    }
    outcome.caseCount += outcome.universes.reduce(0) { $0 + Int($1.cases) }
    return outcome
  }

  /// Runs the universes against one set of fixes; gives back the cases that differ, a few of each
  /// kind.
  private func sweep(
    _ sweeper: Supervisor, against fixes: UpstreamFixes, into outcome: inout Outcome
  ) async throws(ExecutionError) -> CaseList {
    let universes = request.modes.flatMap { Universe.universes(request.depth, mode: $0) }
    progress.step("running \(universes.count) universes")
    let present = Set(outcome.present)
    let swept = try await sweeper.sweep(
      universes, calling: present, against: fixes, progress: progress.cases)
    outcome.universes = swept.map { found in
      let universe = found.universe
      let operations = universe.operations.count { present.contains($0.function) }
      return UniverseOutcome(
        name: universe.name, definition: universe.definition,
        size: universe.stateCount * universe.rangeCount * UInt64(operations),
        cases: found.result.cases, differing: found.result.differing)
    }
    return CaseList(
      swept.flatMap { found in
        found.result.examples.sorted().prefix(24).map { (found.universe, $0) }
      })
  }
}
