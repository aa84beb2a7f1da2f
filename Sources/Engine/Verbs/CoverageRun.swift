// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// What `mhpcheck coverage` does: from a SUBJECT argument to what of its text the cases of a check reach.
public struct CoverageRun: Sendable {
  let files: ProgramFiles
  let progress: RunProgress
  let stop: StopSignal

  public init(
    files: ProgramFiles, progress: RunProgress = RunProgress(), stop: StopSignal = StopSignal()
  ) {
    self.files = files
    self.progress = progress
    self.stop = stop
  }

  /// Runs it. A run that is stopped gives what was reached by then, and says so.
  public func report(_ request: CheckRequest) async throws(PipelineError) -> CoverageReport {
    let start = ContinuousClock.now
    let folder = try TemporaryFolder()
    let loader = SubjectLoader(files: files, options: request.options, progress: progress.step)
    let subject = try await loader.buildable(loader.extract(request.subject))
    let stage = CoverageStage(files: files, request: request, progress: progress, stop: stop)
    let outcome = try await stage.run(
      subject.extraction, with: loader.compiler, aim: .everything, into: folder.path)
    return CoverageReport(
      tool: Version.text,
      subject: SubjectSummary(
        kind: subject.kind, origin: subject.origin, sha256: try await loader.sha256(of: subject),
        argument: request.subject), modes: request.modes.map(\.name),
      means: outcome.means.map(\.rawValue), seed: request.seed,
      seconds: (ContinuousClock.now - start) / .seconds(1), isComplete: !stop.isSet,
      coverage: outcome.coverage)
  }
}
