// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Subjects

/// Runs `mhpcheck coverage`: from a SUBJECT argument to the parts of its text that the cases of a check
/// reach.
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

  /// A stopped run returns the coverage so far, and the report marks it as incomplete.
  public func report(_ request: CheckRequest) async throws(Failure) -> CoverageReport {
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
