// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import Execution
import HotplugPort
import MachineModel
import PageTables
import Reporting
import Scenarios

/// The main job: from a SUBJECT argument to a report.
public struct CheckRun: Sendable {
  let files: ProgramFiles
  let progress: RunProgress
  let stop: StopSignal
  /// Differences of a stopped run that are shown with what both sides did.
  private let shownWhenStopped = 4

  /// Memberwise.
  public init(
    files: ProgramFiles, progress: RunProgress = RunProgress(), stop: StopSignal = StopSignal()
  ) {
    self.files = files
    self.progress = progress
    self.stop = stop
  }

  /// Runs it. A run that is stopped gives what is known by then, and no verdict.
  public func report(_ request: CheckRequest) async throws(PipelineError) -> Report {
    let start = ContinuousClock.now
    let folder = try TemporaryFolder()
    let loader = SubjectLoader(files: files, options: request.options, progress: progress.step)
    let subject = try await loader.load(
      request.subject, indexBits: 9, others: request.otherIndexWidths, into: folder.path)
    let workshop = Workshop(files: files, subject: subject, jobs: request.jobs, stop: stop)
    let campaign = Campaign(workshop: workshop, request: request, progress: progress, stop: stop)
    let memory = request.remembersFailures ? FailureMemory() : nil
    do {
      let found = try await campaign.run(remembered: memory?.scenarios() ?? [])
      let judgement = Judgement(
        findings: found.findings, present: found.present, against: request.against)
      let differences = try await differences(
        found, judgement, subject, workshop, request, memory)
      return Report(
        tool: Version.text, subject: subject.summary, against: request.against,
        judgement: judgement, modes: request.modes.map(\.name), cases: found.caseCount,
        seconds: (ContinuousClock.now - start) / .seconds(1), seed: request.seed,
        universes: found.universes, random: found.random, remembered: found.remembered,
        isComplete: !stop.isSet,
        hazards: judgement.hazards.map { hazard(of: $0, found, subject.summary.argument) },
        differences: differences)
    } catch {
      throw PipelineError(error)
    }
  }

  private func hazard(
    of group: HazardGroup, _ found: Campaign.Outcome, _ subject: String
  ) -> ReportedHazard {
    let scenario = found.cases.entries[group.places[0]].scenario
    return ReportedHazard(
      group: group, scenario: scenario,
      replay: "mhpcheck replay \(scenario.id)@\(scenario.mode) \(subject)")
  }

  /// The differences, each by its smallest case. A run that was stopped has little time left, and its
  /// own workers are gone: then it is a few, by the cases as they were found.
  private func differences(
    _ found: Campaign.Outcome, _ judgement: Judgement, _ subject: LoadedSubject,
    _ workshop: Workshop, _ request: CheckRequest, _ memory: FailureMemory?
  ) async throws(ExecutionError) -> [ReportedDifference] {
    guard request.showsDifferences else { return [] }
    let isStopped = stop.isSet
    let rest = isStopped ? StopSignal() : stop
    let collector = DifferenceCollector(
      workshop: isStopped
        ? Workshop(files: files, subject: subject, jobs: request.jobs, stop: rest) : workshop,
      cases: found.cases, memory: memory, subject: subject.summary.argument, shrinks: !isStopped,
      progress: progress, stop: rest)
    let groups = isStopped ? Array(judgement.groups.prefix(shownWhenStopped)) : judgement.groups
    return try await collector.collect(groups, nearest: judgement.search.nearest)
  }
}
