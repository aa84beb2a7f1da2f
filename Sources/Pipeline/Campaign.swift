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
  /// Runs cases of real geometry, at every set of fixes.
  let supervisor: Supervisor
  /// Runs cases of small geometry, at every set of fixes; nil when there are none.
  let small: Supervisor?
  /// The sets of fixes, that of the request first.
  let sets: [UpstreamFixes]

  private let request: CheckRequest
  private let progress: RunProgress
  private let smallPlan: WorkerPlan
  private let program: String

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

  init(files: ProgramFiles, subject: LoadedSubject, request: CheckRequest, progress: RunProgress) {
    sets = [request.against] + UpstreamFixes.allSets.filter { $0 != request.against }
    supervisor = Supervisor(
      program: files.program, plan: WorkerPlan(subjectPath: subject.path, fixes: sets),
      jobs: request.jobs)
    smallPlan = WorkerPlan(
      subjectPath: subject.path == nil ? nil : subject.otherPaths[1], fixes: sets, indexBits: 1)
    small =
      request.depth == .smoke
      ? nil : Supervisor(program: files.program, plan: smallPlan, jobs: request.jobs)
    program = files.program
    self.request = request
    self.progress = progress
  }

  /// Runs everything.
  func run() async throws(ExecutionError) -> Outcome {
    progress.step("running the catalogue")
    let present = try await supervisor.functions()
    let cases = CaseList(catalogueIn: request.modes).restricted(to: present)
    let results = try await supervisor.run(
      cases.entries.map(\.reference), progress: progress.cases)
    var outcome = Outcome(
      present: present, cases: cases, findings: cases.findings(results, sets: sets),
      caseCount: cases.entries.count)
    guard let small else { return outcome }
    // What the universes show can move the nearest state of upstream, and then they are run against
    // that; a second move would have been seen by the first.
    for _ in 0..<2 {
      let nearest = FixSearch(findings: outcome.findings, against: request.against).nearest
      let examples = try await sweep(against: nearest, into: &outcome)
      guard !examples.entries.isEmpty else { break }
      let results = try await small.run(examples.entries.map(\.reference))
      outcome.cases = outcome.cases.appending(examples)
      let places = outcome.cases.entries.indices.suffix(results.count)
      outcome.findings += zip(places, results).map { place, result in
        outcome.cases.finding(
          at: place, comparisons: Dictionary(uniqueKeysWithValues: zip(sets, result.comparisons)))
      }
      let moved = FixSearch(findings: outcome.findings, against: request.against).nearest
      if moved == nearest { break }
    }
    outcome.caseCount += outcome.universes.reduce(0) { $0 + Int($1.cases) }
    return outcome
  }

  /// Runs the universes against one set of fixes; gives back the cases that differ, a few of each
  /// kind.
  private func sweep(
    against fixes: UpstreamFixes, into outcome: inout Outcome
  ) async throws(ExecutionError) -> CaseList {
    var plan = smallPlan
    plan.fixes = [fixes]
    let sweeper = Supervisor(program: program, plan: plan, jobs: request.jobs)
    let universes = request.modes.flatMap { Universe.universes(request.depth, mode: $0) }
    progress.step("running \(universes.count) universes")
    let swept = try await sweeper.sweep(universes, progress: progress.cases)
    let present = Set(outcome.present)
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
