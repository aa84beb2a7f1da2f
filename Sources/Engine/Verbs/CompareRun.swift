// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

/// A request to `mhpcheck compare`.
public struct CompareRequest: Sendable {
  /// The first SUBJECT argument.
  public var first: String
  /// The second SUBJECT argument; the first subject is compared with this one.
  public var second: String
  /// The options for reading and compiling both.
  public var options: SubjectOptions
  /// The paging modes to run.
  public var modes: [PagingMode]
  /// The number of worker processes at a time.
  public var jobs: Int

  public init(
    first: String, second: String, options: SubjectOptions = SubjectOptions(),
    modes: [PagingMode] = Architecture.riscv.modes, jobs: Int
  ) {
    self.first = first
    self.second = second
    self.options = options
    self.modes = modes
    self.jobs = jobs
  }
}

/// Compares two subjects, with the port as a witness.
///
/// Each subject is judged alone first, so that a case that kills its worker counts for that subject only.
/// Where both behave like the port at the same fixes, they are the same; the other cases run on both in one
/// worker.
public struct CompareRun: Sendable {
  let files: ProgramFiles
  let progress: RunProgress
  /// Ends the search for lines.
  let stop: StopSignal
  /// The port's states; the first one is the witness.
  private let sets = [.latest] + UpstreamFixes.allSets.filter { $0 != .latest }

  public init(
    files: ProgramFiles, progress: RunProgress = RunProgress(), stop: StopSignal = StopSignal()
  ) {
    self.files = files
    self.progress = progress
    self.stop = stop
  }

  public func comparison(_ request: CompareRequest) async throws(Failure) -> SubjectComparison {
    let start = ContinuousClock.now
    let firstFolder = try TemporaryFolder()
    let secondFolder = try TemporaryFolder()
    let loader = SubjectLoader(files: files, options: request.options, progress: progress.step)
    let subjects = (
      try await loader.load(request.first, indexBits: 9, into: firstFolder.path),
      try await loader.load(request.second, indexBits: 9, into: secondFolder.path)
    )
    let first: ComparedSubject
    let second: ComparedSubject
    do throws(ExecutionError) {
      first = try await judged(subjects.0, request)
      second = try await judged(subjects.1, request)
    } catch {
      throw Failure(error)
    }
    try subjects.0.checkPresent(first.present)
    try subjects.1.checkPresent(second.present)
    do throws(ExecutionError) {
      let shared = first.present.filter(second.present.contains)
      let cases = CaseList(catalogueIn: request.modes).restricted(to: shared)
      let pairing = PairComparison(
        first: first, second: second, cases: cases,
        firstSupervisor: supervisor(of: subjects.0, request),
        secondSupervisor: supervisor(of: subjects.1, request))
      progress.step("comparing the two")
      var outcome = try await pairing.outcome(progress: progress.cases)
      if !outcome.differences.isEmpty, !stop.isSet {
        progress.step("looking for the lines")
        let mine = await side(of: subjects.0, request.first, loader, into: firstFolder.path)
        let theirs = await side(of: subjects.1, request.second, loader, into: secondFolder.path)
        let stage = PairPlaceStage(
          files: files, compiler: loader.compiler, stop: stop, cases: cases,
          findings: outcome.findings)
        outcome.differences = await stage.placed(outcome.differences, mine, theirs)
      }
      return SubjectComparison(
        first: first.report, second: second.report,
        onlyFirst: first.present.filter { !shared.contains($0) },
        onlySecond: second.present.filter { !shared.contains($0) },
        modes: request.modes.map(\.name), cases: cases.entries.count,
        seconds: (ContinuousClock.now - start) / .seconds(1), differences: outcome.differences)
    } catch {
      throw Failure(error)
    }
  }

  /// A subject with its text, that of the embedded reference as well; nil if the text cannot be read.
  private func side(
    of subject: LoadedSubject, _ argument: String, _ loader: SubjectLoader, into folder: String
  ) async -> PairPlaceStage.Side? {
    var text = subject.extraction
    if text == nil { text = try? await loader.extract(argument).extraction }
    return text.map {
      PairPlaceStage.Side(kernel: subject.kernelOptions, extraction: $0, folder: folder)
    }
  }

  /// Judges a subject alone, in all cases that call only its functions.
  private func judged(
    _ subject: LoadedSubject, _ request: CompareRequest
  ) async throws(ExecutionError) -> ComparedSubject {
    let start = ContinuousClock.now
    progress.step("running \(subject.summary.origin)")
    let supervisor = supervisor(of: subject, request)
    let present = try await supervisor.functions()
    let cases = CaseList(catalogueIn: request.modes).restricted(to: present)
    let references = cases.entries.map(\.reference)
    let results = try await supervisor.check(
      references, against: sets, progress: progress.cases)
    let judgement = Judgement(
      findings: cases.findings(results, sets: sets), present: present, against: .latest,
      bringsHotplug: subject.bringsEntryPoints, kernel: subject.kernelOptions)
    let report = Report(
      tool: Version.text, subject: subject.summary, against: .latest, judgement: judgement,
      modes: request.modes.map(\.name), cases: results.count,
      seconds: (ContinuousClock.now - start) / .seconds(1), seed: 0, differences: [])
    return ComparedSubject(
      report: report, present: present,
      results: Dictionary(
        uniqueKeysWithValues: zip(references, results).compactMap { reference, result in
          result.map { (reference, $0) }
        }))
  }

  private func supervisor(of subject: LoadedSubject, _ request: CompareRequest) -> Supervisor {
    Supervisor(
      program: files.program,
      plan: WorkerPlan(subjectPath: subject.path, kernelOptions: subject.kernelOptions),
      jobs: request.jobs)
  }
}
