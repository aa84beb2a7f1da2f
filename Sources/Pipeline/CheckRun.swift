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
      // A run that was stopped has little time left, and its own workers are gone.
      let wanted = request.showsDifferences ? judgement.groups : []
      let shown = stop.isSet ? Array(wanted.prefix(shownWhenStopped)) : wanted
      let differences = try await DifferenceCollector(
        workshop: stop.isSet
          ? Workshop(files: files, subject: subject, jobs: request.jobs, stop: StopSignal())
          : workshop, cases: found.cases, memory: memory, subject: subject.summary.argument,
        progress: progress, stop: stop
      ).collect(shown, nearest: judgement.search.nearest)
      return Report(
        tool: Version.text, subject: subject.summary, against: request.against,
        judgement: judgement, modes: request.modes.map(\.name), cases: found.caseCount,
        seconds: (ContinuousClock.now - start) / .seconds(1), seed: request.seed,
        universes: found.universes, random: found.random, remembered: found.remembered,
        isComplete: !stop.isSet, differences: differences)
    } catch {
      throw PipelineError(error)
    }
  }
}
