// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Subjects

/// Runs `mhpcheck series`: from a SUBJECT argument to a row for each commit of the series.
public struct SeriesRun: Sendable {
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

  public func report(_ request: SeriesRequest) async throws(Failure) -> SeriesReport {
    let text = try await read(request)
    let folder = try TemporaryFolder()
    let compiler = SubjectCompiler(
      stubs: files.stubs, compiler: request.options.compiler, defines: request.options.defines,
      undefines: request.options.undefines)
    let stand = ProbeRunner(
      files: files, compiler: compiler, folder: folder.path, jobs: request.jobs,
      kernel: request.options.kernelOptions, stop: stop)
    progress.step("reading the configuration of \(text.origin)")
    let configuration = try KconfigRows(text)
    var rows = configuration.rows()
    let probes = SeriesProbes(text: text, stubs: files.stubs, stand: stand)
    progress.step("running the helpers of \(text.origin)")
    rows.append(try await probes.kernelAddress())
    rows.append(try await probes.devmap(configuration.devmap()))
    rows.append(try await probes.dumpLock())
    let creation = SeriesCreation(text: text, stubs: files.stubs, stand: stand)
    progress.step("running the creation side of \(text.origin)")
    rows += try await creation.rows()
    let hotplug = SeriesHotplug(
      text: text, files: files, stand: stand, request: request, progress: progress)
    rows += try await hotplug.rows()
    if stop.isSet { throw Failure(.incomplete, "the run was stopped") }
    return SeriesReport(tool: Version.text, kind: text.kind, origin: text.origin, rows: rows)
  }

  private func read(_ request: SeriesRequest) async throws(Failure) -> SubjectText {
    progress.step("reading \(request.subject)")
    let reference = try SubjectReference(argument: request.subject)
    if request.options.baseFile != nil, !reference.isPatches {
      throw Failure(
        .usage, "--base needs a patch, but \(request.subject) is not one; omit --base")
    }
    return try await SeriesReader(
      base: request.options.baseFile, builtin: files.reference, progress: progress.step
    ).read(reference)
  }
}
