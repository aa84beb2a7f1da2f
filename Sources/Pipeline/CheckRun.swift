// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import Execution
import HotplugPort
import MachineModel
import PageTables
import Reporting
import Scenarios

/// What `mhpcheck check` is asked to do, as a value.
public struct CheckRequest: Sendable {
  /// The SUBJECT argument.
  public var subject: String
  public var options: SubjectOptions
  public var against: UpstreamFixes
  public var modes: [PagingMode]
  /// Worker processes at a time.
  public var jobs: Int
  public var seed: UInt64

  public init(
    subject: String, options: SubjectOptions = SubjectOptions(), against: UpstreamFixes = .latest,
    modes: [PagingMode] = Architecture.riscv.modes, jobs: Int, seed: UInt64 = 1
  ) {
    self.subject = subject
    self.options = options
    self.against = against
    self.modes = modes
    self.jobs = jobs
    self.seed = seed
  }
}

/// What a run tells while it goes on.
public struct RunProgress: Sendable {
  /// A step begins; one line.
  public var step: @Sendable (String) -> Void
  /// Cases done, of how many.
  public var cases: @Sendable (Int, Int) -> Void

  public init(
    step: @escaping @Sendable (String) -> Void = { _ in },
    cases: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) {
    self.step = step
    self.cases = cases
  }
}

/// The main job: from a SUBJECT argument to a report.
public struct CheckRun: Sendable {
  let files: ProgramFiles
  let progress: RunProgress

  public init(files: ProgramFiles, progress: RunProgress = RunProgress()) {
    self.files = files
    self.progress = progress
  }

  /// Runs it.
  public func report(_ request: CheckRequest) async throws(PipelineError) -> Report {
    let start = ContinuousClock.now
    let folder = try TemporaryFolder()
    let loader = SubjectLoader(files: files, options: request.options, progress: progress.step)
    let subject = try await loader.load(request.subject, indexBits: 9, into: folder.path)
    let sets = [request.against] + UpstreamFixes.allSets.filter { $0 != request.against }
    let supervisor = Supervisor(
      program: files.program, plan: WorkerPlan(subjectPath: subject.path, fixes: sets),
      jobs: request.jobs)
    progress.step("running the catalogue")
    do {
      let present = try await supervisor.functions()
      let cases = CaseList(catalogueIn: request.modes).restricted(to: present)
      let results = try await supervisor.run(
        cases.entries.map(\.reference), progress: progress.cases)
      let judgement = Judgement(
        findings: cases.findings(results, sets: sets), present: present,
        against: request.against)
      let differences = try await DifferenceCollector(
        supervisor: supervisor, cases: cases, sets: sets, subject: subject.summary.argument
      ).collect(judgement.groups)
      return Report(
        tool: Version.text, subject: subject.summary, against: request.against,
        judgement: judgement, modes: request.modes.map(\.name), cases: cases.entries.count,
        seconds: (ContinuousClock.now - start) / .seconds(1), seed: request.seed,
        differences: differences)
    } catch {
      throw PipelineError(error)
    }
  }
}
