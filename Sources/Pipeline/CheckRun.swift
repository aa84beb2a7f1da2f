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
  /// How the subject is read and compiled.
  public var options: SubjectOptions
  /// The fixes it is held against.
  public var against: UpstreamFixes
  /// The paging modes to run.
  public var modes: [PagingMode]
  /// What is run besides the catalogue.
  public var depth: Depth
  /// Worker processes at a time.
  public var jobs: Int
  /// The seed of all that is drawn at random; the report repeats it.
  public var seed: UInt64

  /// Memberwise.
  public init(
    subject: String, options: SubjectOptions = SubjectOptions(), against: UpstreamFixes = .latest,
    modes: [PagingMode] = Architecture.riscv.modes, depth: Depth = .standard, jobs: Int,
    seed: UInt64 = 1
  ) {
    self.subject = subject
    self.options = options
    self.against = against
    self.modes = modes
    self.depth = depth
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

  /// Memberwise.
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
  let stop: StopSignal

  /// Memberwise.
  public init(
    files: ProgramFiles, progress: RunProgress = RunProgress(), stop: StopSignal = StopSignal()
  ) {
    self.files = files
    self.progress = progress
    self.stop = stop
  }

  /// Runs it.
  public func report(_ request: CheckRequest) async throws(PipelineError) -> Report {
    let start = ContinuousClock.now
    let folder = try TemporaryFolder()
    let loader = SubjectLoader(files: files, options: request.options, progress: progress.step)
    let subject = try await loader.load(
      request.subject, indexBits: 9, others: request.depth == .smoke ? [] : [1],
      into: folder.path)
    let campaign = Campaign(
      files: files, subject: subject, request: request, progress: progress, stop: stop)
    do {
      let found = try await campaign.run()
      let judgement = Judgement(
        findings: found.findings, present: found.present, against: request.against)
      let differences = try await DifferenceCollector(
        supervisor: campaign.supervisor, small: campaign.small, cases: found.cases,
        subject: subject.summary.argument
      ).collect(judgement.groups)
      return Report(
        tool: Version.text, subject: subject.summary, against: request.against,
        judgement: judgement, modes: request.modes.map(\.name), cases: found.caseCount,
        seconds: (ContinuousClock.now - start) / .seconds(1), seed: request.seed,
        universes: found.universes, differences: differences)
    } catch {
      throw PipelineError(error)
    }
  }
}
