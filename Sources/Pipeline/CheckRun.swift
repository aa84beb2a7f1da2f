// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import Execution
import HotplugPort
import MachineModel
import PageTables
import Reporting
import Scenarios
import Subjects

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
      var judgement = Judgement(
        findings: found.findings, present: found.present, against: request.against,
        bringsHotplug: subject.bringsHotplug)
      let nearest = judgement.search.nearest
      for fix in judgement.search.unseen where !stop.isSet {
        if await campaign.shows(fix, of: nearest, in: found) { judgement.search.see(fix) }
      }
      let differences = try await differences(
        found, judgement, subject, workshop, request, memory)
      let extraction = await extraction(of: subject, request, loader)
      let coverage = await coverage(of: extraction, found, request, loader, into: folder.path)
      return Report(
        tool: Version.text, subject: subject.summary, against: request.against,
        judgement: judgement, modes: request.modes.map(\.name), cases: found.caseCount,
        seconds: (ContinuousClock.now - start) / .seconds(1), seed: request.seed,
        universes: found.universes, leftOfUniverses: found.leftOfUniverses, random: found.random,
        remembered: found.remembered, isComplete: !stop.isSet,
        hazards: judgement.hazards.map {
          hazard(of: $0, found, subject, shown: request.showsDifferences ? nearest : nil)
        },
        coverage: coverage, differences: differences,
        sources: (try? extraction?.get()).map {
          FunctionSource.all(of: $0, kind: subject.summary.kind)
        } ?? [])
    } catch {
      throw PipelineError(error)
    }
  }

  /// The subject's text; of the embedded reference it is read now, if any part of the report wants it.
  private func extraction(
    of subject: LoadedSubject, _ request: CheckRequest, _ loader: SubjectLoader
  ) async -> Result<Extraction, PipelineError>? {
    guard request.measuresCoverage || request.showsDifferences else { return nil }
    if let extraction = subject.extraction { return .success(extraction) }
    do throws(PipelineError) {
      return .success(try await loader.extract(request.subject).extraction)
    } catch {
      return .failure(error)
    }
  }

  /// Which branches of the subject's text the cases reach. Nothing that goes wrong here is a word on the
  /// verdict.
  private func coverage(
    of extraction: Result<Extraction, PipelineError>?, _ found: Campaign.Outcome,
    _ request: CheckRequest, _ loader: SubjectLoader, into folder: String
  ) async -> ReportedCoverage? {
    guard request.measuresCoverage, let extraction else { return nil }
    if stop.isSet { return .unknown("the run was stopped") }
    if found.findings.contains(where: Self.isSlow) {
      return .unknown("cases of it end late or kill their workers; mhpcheck coverage asks for it")
    }
    var short = request
    if short.depth == .deep { short.depth = .standard }
    let stage = CoverageStage(files: files, request: short, progress: progress, stop: stop)
    do throws(PipelineError) {
      let outcome = try await stage.run(
        extraction.get(), with: loader.compiler,
        remembered: found.cases.entries.prefix(found.remembered).map(\.scenario),
        aim: .branches, into: folder)
      return stop.isSet ? .unknown("the run was stopped") : .measured(outcome.coverage)
    } catch {
      return .unknown(error.message)
    }
  }

  /// Whether a case took as long as thousands of others: to run them all again would not do.
  private static func isSlow(_ finding: CaseFinding) -> Bool {
    finding.comparisons.values.contains { result in
      guard case .ending(let ending, _)? = result.difference else { return false }
      return ending.isSlow || ending.kind == EndingKind.workerDied.rawValue
    }
  }

  /// A hazard by its first case; with what the port with the fixes to be `shown` does in it.
  private func hazard(
    of group: HazardGroup, _ found: Campaign.Outcome, _ subject: LoadedSubject,
    shown fixes: UpstreamFixes?
  ) -> ReportedHazard {
    let scenario = found.cases.entries[group.places[0]].scenario
    let reference = fixes.flatMap { fixes in
      (try? scenario.lowered()).map {
        HotplugPort(fixes: fixes, options: subject.kernelOptions).observe($0)
      }
    }
    return ReportedHazard(
      group: group, scenario: scenario,
      replay: "mhpcheck replay \(scenario.id)@\(scenario.mode) \(subject.summary.argument)",
      reference: reference)
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
