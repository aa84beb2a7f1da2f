// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import FoundationEssentials
import Machine
import Port
import Reports
import Subjects
import Worker

/// Makes mutants of a subject and finds those that the cases distinguish from it.
public struct MutateRun: Sendable {
  let files: ProgramFiles
  let progress: RunProgress
  let stop: StopSignal
  let equivalents: Equivalents

  public init(
    files: ProgramFiles, progress: RunProgress = RunProgress(), stop: StopSignal = StopSignal(),
    equivalents: Equivalents = .committed
  ) {
    self.files = files
    self.progress = progress
    self.stop = stop
    self.equivalents = equivalents
  }

  /// Runs the mutants, or with `parts` the subject alone: the parts have the fates of its mutants. A stopped run
  /// returns its results so far.
  public func report(
    _ request: MutateRequest, of parts: Parts? = nil
  ) async throws(Failure) -> MutationReport {
    let start = ContinuousClock.now
    let folder = try TemporaryFolder()
    let (baseline, mutants) = try await prepared(request, in: folder.path)
    try parts?.check(baseline.identity)
    let fates: [MutantFate?]
    if let parts {
      fates = try MergedFates(parts.mutants, count: mutants.count).fates
    } else {
      progress.step("running \(mutants.count) mutants")
      fates = try await run(mutants, baseline.trial, request).allFates()
    }
    var report = MutationReport(
      tool: Version.text, subject: baseline.summary, mutants: [], uncounted: .init(),
      unread: baseline.structures.flatMap(Self.unread), subjectDiffers: baseline.differs,
      seconds: 0, isComplete: !stop.isSet && !fates.contains(nil))
    MutationTally(equivalents: equivalents, cases: baseline.trial.known.catalogue)
      .add(mutants, fates, to: &report)
    if report.isComplete, request.functions.isEmpty, request.shard == nil {
      report.stale = stale(mutants, fates, report, request.subject)
    }
    report.seconds = (parts?.seconds ?? 0) + (ContinuousClock.now - start) / .seconds(1)
    return report
  }

  /// Runs the mutants of a shard, and returns what became of them.
  public func part(_ request: MutateRequest, of shard: Shard) async throws(Failure) -> Part {
    let start = ContinuousClock.now
    let program = try await files.digest()
    let folder = try TemporaryFolder()
    var share = request
    share.shard = shard
    let (baseline, mutants) = try await prepared(share, in: folder.path)
    progress.step("running \(mutants.count) mutants")
    let queue = try await run(mutants, baseline.trial, share)
    let fates = await queue.allFates()
    let objects = await queue.objects
    guard !stop.isSet, !fates.contains(nil) else { throw Part.stopped }
    return Part(
      run: request.parted, shard: shard, program: program, text: baseline.identity,
      seconds: (ContinuousClock.now - start) / .seconds(1),
      facts: .mutate(MutantFact.facts(fates, objects: objects, of: shard)))
  }

  private struct Unmutated {
    var summary: SubjectSummary
    var identity: Part.Text
    var trial: MutantTrial
    var differs: Bool
    var structures: [FunctionStructure]
  }

  /// Runs the subject itself in all cases; returns that with the mutants to run.
  private func prepared(
    _ request: MutateRequest, in folder: String
  ) async throws(Failure) -> (Unmutated, [Mutant]) {
    let loader = SubjectLoader(files: files, options: request.options, progress: progress.step)
    let subject = try await loader.buildable(loader.extract(request.subject))
    let baseline = try await baseline(subject, loader, request, folder)
    if let refusal = subject.extraction.refusal(of: baseline.trial.known.present) {
      throw refusal
    }
    let mutants = try chosen(
      Mutant.mutants(of: subject.extraction), among: baseline.structures.map(\.name), request)
    return (baseline, mutants)
  }

  /// Runs the subject itself in all cases.
  private func baseline(
    _ subject: ExtractedSubject, _ loader: SubjectLoader, _ request: MutateRequest,
    _ folder: String
  ) async throws(Failure) -> Unmutated {
    let check = request.check(Set(CaseSource.allCases), jobs: request.jobs)
    let loaded = try await loader.compiled(
      subject, argument: request.subject, indexBits: 9, others: check.otherIndexWidths,
      // Mutants are compiled with optimisation, and are compared with this object.
      isQuick: false, into: folder)
    guard let path = loaded.path, let object = FileManager.default.contents(atPath: path) else {
      throw Failure(.incomplete, "the compiled subject is gone; set TMPDIR")
    }
    progress.step("running the subject itself")
    let workshop = SubjectRunners(
      files: files, path: loaded.path, others: loaded.otherPaths, kernel: loaded.kernelOptions,
      jobs: request.jobs, stop: stop, isImpatient: true)
    let campaign = Campaign(workshop: workshop, request: check, progress: progress, stop: stop)
    do throws(ExecutionError) {
      let found = try await campaign.run()
      let nearest = FixSearch(findings: found.findings, against: .latest).nearest
      let known = Baseline(
        found, nearest: nearest,
        catalogue: CaseList(catalogueIn: request.modes).restricted(to: found.present))
      return Unmutated(
        summary: loaded.summary, identity: loaded.identity,
        trial: MutantTrial(
          files: files, extraction: subject.extraction, compiler: loader.compiler,
          kernel: loaded.kernelOptions, object: object, known: known, request: request, stop: stop),
        differs: known.hasDifferences, structures: subject.extraction.structures())
    } catch {
      throw Failure(error)
    }
  }

  private func chosen(
    _ mutants: [Mutant], among functions: [String], _ request: MutateRequest
  ) throws(Failure) -> [Mutant] {
    for name in request.functions where !functions.contains(name) {
      throw Failure(
        .usage,
        "\(request.subject) has no function \(name); it has \(functions.list)")
    }
    let asked = Set(request.functions)
    let ofFunctions = mutants.filter { asked.isEmpty || asked.contains($0.function) }
    guard let shard = request.shard else { return ofFunctions }
    return ofFunctions.enumerated().filter { shard.has($0.offset) }.map(\.element)
  }

  /// Runs mutants until each has its fate, or the run is stopped.
  private func run(
    _ mutants: [Mutant], _ trial: MutantTrial, _ request: MutateRequest
  ) async throws(Failure) -> MutantQueue {
    let queue = MutantQueue(mutants, progress: progress.mutants)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<request.jobs { group.addTask { await work(through: queue, trial) } }
    }
    if let failure = await queue.failure { throw failure }
    return queue
  }

  private func work(through queue: MutantQueue, _ trial: MutantTrial) async {
    while !stop.isSet, let (place, mutant) = await queue.take() {
      do throws(Failure) {
        guard let compiled = try await trial.compile(mutant) else {
          if !stop.isSet { await queue.settle(place, .uncompilable) }
          continue
        }
        if compiled.object == trial.object {
          await queue.settle(place, .identical)
        } else if await queue.claims(compiled.object, for: place),
          let fate = try await trial.run(compiled, of: mutant)
        {
          await queue.settle(place, fate)
        }
      } catch {
        if !stop.isSet { await queue.fail(error) }
        return
      }
    }
  }

  /// The arguments that no longer hold. An argument that another compiler confirms, by making the same code,
  /// is not one of them.
  private func stale(
    _ mutants: [Mutant], _ fates: [MutantFate?], _ report: MutationReport, _ subject: String
  ) -> [MutationReport.Stale] {
    let fateOf = Dictionary(zip(mutants.map(\.id), fates)) { first, _ in first }
    let killers = Dictionary(report.mutants.map { ($0.id, $0.fate) }) { first, _ in first }
    let fingerprints = Set(mutants.map(\.fingerprint))
    return equivalents.entries(for: subject, fingerprints: fingerprints).compactMap { entry in
      guard entry.isSameText else {
        return .init(id: entry.id, why: "the text of \(entry.function) has changed")
      }
      switch fateOf[entry.id] {
      case nil: return .init(id: entry.id, why: "there is no such mutant")
      case .uncompilable??: return .init(id: entry.id, why: "it does not compile")
      case .killed??:
        guard case .killed(let name)? = killers[entry.id] else { return nil }
        return .init(id: entry.id, why: "\(name) kills it")
      default: return nil
      }
    }
  }

  private static func unread(_ function: FunctionStructure) -> [String] {
    function.opaque.filter { !$0.range.isEmpty && !$0.isNeverCompiled }.map { part in
      let position = function.tokens[part.range.lowerBound].position
      return "\(position.displayName):\(position.line), in \(function.name): \(part.reason)"
    }
  }
}
