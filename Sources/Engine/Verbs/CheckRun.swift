// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Subjects
import Worker

/// The main task: from a SUBJECT argument to a report.
public struct CheckRun: Sendable {
  let files: ProgramFiles
  let progress: RunProgress
  let stop: StopSignal
  /// The number of differences that a stopped run shows with both observations.
  private let shownWhenStopped = 4

  public init(
    files: ProgramFiles, progress: RunProgress = RunProgress(), stop: StopSignal = StopSignal()
  ) {
    self.files = files
    self.progress = progress
    self.stop = stop
  }

  /// Runs the check, or with `parts` what no shard of it ran. A stopped run returns its results so far, without a
  /// verdict.
  public func report(
    _ request: CheckRequest, of parts: Parts? = nil
  ) async throws(Failure) -> Report {
    let start = ContinuousClock.now
    let folder = try TemporaryFolder()
    // Shards keep facts of their own.
    let keepsResults = request.keepsResults && parts == nil
    let usual = SubjectLoader(
      files: files, options: request.options, keepsObjects: keepsResults, progress: progress.step)
    let loaded = try await usual.load(
      request.subject, indexBits: 9, isQuick: request.otherIndexWidths.isEmpty, into: folder.path)
    try parts?.check(loaded.identity)
    var campaign = Campaign(
      workshop: SubjectRunners(files: files, subject: loaded, jobs: request.jobs, stop: stop),
      request: request, progress: progress, stop: stop,
      work: parts.map { CampaignWork.merge($0.campaign) } ?? .whole, keepsResults: keepsResults)
    async let headers = headers(of: loaded, usual, into: folder.path)
    async let warned = warnings(of: loaded, usual)
    let (outcome, notCompiled) = try await run(&campaign, on: loaded, usual, into: folder.path)
    let noted = await warned
    let judged = try await telling(
      RunObject(subject: loaded, loader: usual, workshop: campaign.workshop, found: outcome),
      noted.uninitialised, request, into: folder.path)
    let (subject, loader) = (judged.subject, judged.loader)
    let (workshop, found) = (judged.workshop, judged.found)
    do {
      var judgement = await judgement(on: subject, found, request, loader, into: folder.path)
      let nearest = judgement.search.nearest
      for fix in judgement.search.unseen where !stop.isSet {
        if await campaign.shows(fix, of: nearest, in: found) { judgement.search.see(fix) }
      }
      let extraction = await extraction(of: subject, request, loader)
      let differences = await placed(
        try await differences(found, judgement, subject, workshop, request), among: found,
        on: extraction, subject, request, loader, into: folder.path)
      let coverage = await coverage(of: extraction, found, request, loader, into: folder.path)
      return Report(
        tool: Version.text, subject: subject.summary, against: request.against,
        judgement: judgement, modes: request.modes.map(\.name), cases: found.caseCount,
        seconds: (parts?.seconds ?? 0) + (ContinuousClock.now - start) / .seconds(1),
        seed: request.seed,
        universes: found.universes, leftOfUniverses: found.leftOfUniverses,
        leftOfCatalogue: found.leftOfCatalogue, random: found.random,
        isComplete: !stop.isSet,
        hazards: judgement.hazards.map {
          hazard(of: $0, found, subject, shown: request.showsDifferences ? nearest : nil)
        },
        mends: judgement.mends.map { mend(of: $0, found, subject) },
        compilerWarnings: request.showsDifferences ? noted.lines : [],
        coverage: coverage, differences: differences,
        sources: (try? extraction?.get()).map {
          FunctionSource.all(of: $0, kind: subject.summary.kind)
        } ?? [], states: KernelState.states(of: subject.kernelOptions),
        headers: await headers, compiledOut: notCompiled,
        unsetSymbols: (try? extraction?.get())?.unsetSymbols(loader.compiler.isDecided) ?? [])
    } catch {
      throw Failure(error)
    }
  }

  /// Runs all cases: the named ones while the objects for other index widths are made. Throws for a subject of which
  /// nothing can be judged.
  func run(
    _ campaign: inout Campaign, on subject: LoadedSubject, _ loader: SubjectLoader,
    into folder: String
  ) async throws(Failure) -> (found: Campaign.Outcome, notCompiled: NotCompiled?) {
    let widths = campaign.request.otherIndexWidths.filter { $0 != 9 }
    async let others = loader.others(of: subject, widths, into: folder)
    let named: Campaign.Named
    do throws(ExecutionError) {
      named = try await campaign.runNamed()
    } catch {
      throw Failure(error)
    }
    campaign.workshop.add(try await others.get())
    let found: Campaign.Outcome
    var notCompiled: NotCompiled?
    do throws(ExecutionError) {
      found = try await campaign.runOthers(after: named)
      if !stop.isSet { notCompiled = try compiledOut(of: subject, found.present, loader) }
    } catch {
      throw Failure(error)
    }
    if !stop.isSet { try subject.checkPresent(found.present) }
    return (found, notCompiled)
  }

  /// Compares the subject's own headers with the stub headers, for the names that its functions use.
  private func headers(
    of subject: LoadedSubject, _ loader: SubjectLoader, into folder: String
  ) async -> HeaderComparison {
    guard let probe = subject.headers else { return .none }
    let stand = ProbeRunner(
      files: files, compiler: loader.compiler, folder: folder,
      jobs: 1, kernel: subject.kernelOptions, stop: stop)
    do throws(Failure) {
      return try await HeaderStage(stand: stand).comparison(of: probe)
    } catch {
      return .unknown(error.text)
    }
  }

  /// The functions that conditionals hide from the compiler. Throws if the text brings hotplug code and the
  /// compiler sees none of it.
  private func compiledOut(
    of subject: LoadedSubject, _ present: [KernelFunction], _ loader: SubjectLoader
  ) throws(ExecutionError) -> NotCompiled? {
    guard let extraction = subject.extraction,
      let found = CompiledOut(
        of: extraction, present: present, isDefined: loader.compiler.isDefined)
    else { return nil }
    guard present.contains(where: \.isOfHotplug) || !subject.bringsHotplug else {
      throw ExecutionError(
        "no function of memory hotplug is compiled: \(found.sentence)", isSubjectsFault: true)
    }
    return NotCompiled(functions: found.functions, sentence: found.sentence)
  }

  /// The subject's text; that of the embedded reference is read here, if a part of the report needs it.
  private func extraction(
    of subject: LoadedSubject, _ request: CheckRequest, _ loader: SubjectLoader
  ) async -> Result<Extraction, Failure>? {
    guard request.measuresCoverage || request.showsDifferences else { return nil }
    if let extraction = subject.extraction { return .success(extraction) }
    do throws(Failure) {
      return .success(try await loader.extract(request.subject).extraction)
    } catch {
      return .failure(error)
    }
  }

  /// The branches of the subject's text that the cases reach. An error here does not affect the verdict.
  private func coverage(
    of extraction: Result<Extraction, Failure>?, _ found: Campaign.Outcome,
    _ request: CheckRequest, _ loader: SubjectLoader, into folder: String
  ) async -> ReportedCoverage? {
    guard request.measuresCoverage, let extraction else { return nil }
    if stop.isSet { return .unknown("the run was stopped") }
    if found.hasSlowCases {
      return .unknown("some cases hang or kill their workers; run mhpcheck coverage to measure it")
    }
    var short = request
    if short.depth == .deep { short.depth = .standard }
    let stage = CoverageStage(files: files, request: short, progress: progress, stop: stop)
    do throws(Failure) {
      let outcome = try await stage.run(
        extraction.get(), with: loader.compiler,
        aim: .branches, into: folder)
      return stop.isSet ? .unknown("the run was stopped") : .measured(outcome.coverage)
    } catch {
      return .unknown(error.text)
    }
  }

  /// Judges a subject. If no upstream state explains all differences, experiments search for the causes.
  private func judgement(
    on subject: LoadedSubject, _ found: Campaign.Outcome, _ request: CheckRequest,
    _ loader: SubjectLoader, into folder: String
  ) async -> Judgement {
    func judgement(_ evidence: Evidence?) -> Judgement {
      Judgement(
        findings: found.findings, present: found.present, against: request.against,
        bringsHotplug: subject.bringsEntryPoints, kernel: subject.kernelOptions, evidence: evidence)
    }
    let first = judgement(nil)
    guard request.findsCauses, !first.search.isFaithful, !stop.isSet,
      let extraction = subject.extraction
    else { return first }
    let stage = CauseStage(
      files: files, options: request.options, against: request.against, cases: found.cases,
      jobs: request.jobs, stop: stop, progress: progress,
      limitMilliseconds: found.limitMilliseconds)
    let evidence = await stage.evidence(
      on: extraction, compiler: loader.compiler, findings: found.findings, into: folder)
    return evidence.map(judgement) ?? first
  }

  /// A hazard, shown by its first case; with `fixes`, also the port's observation of it with these fixes.
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

  /// A mend, shown by its first case.
  private func mend(
    of group: MendGroup, _ found: Campaign.Outcome, _ subject: LoadedSubject
  ) -> ReportedMend {
    let name = found.cases.entries[group.places[0]].name
    return ReportedMend(
      group: group, scenario: name, replay: "mhpcheck replay \(name) \(subject.summary.argument)")
  }

  /// The differences, each shown by its smallest case. A stopped run has little time, and its workers are
  /// gone: it shows only a few, with the cases as found.
  private func differences(
    _ found: Campaign.Outcome, _ judgement: Judgement, _ subject: LoadedSubject,
    _ workshop: SubjectRunners, _ request: CheckRequest
  ) async throws(ExecutionError) -> [ReportedDifference] {
    guard request.showsDifferences else { return [] }
    let isStopped = stop.isSet
    let rest = isStopped ? StopSignal() : stop
    let collector = DifferenceCollector(
      workshop: isStopped
        ? SubjectRunners(files: files, subject: subject, jobs: request.jobs, stop: rest)
        : found.hasSlowCases ? workshop.hurried : workshop,
      cases: found.cases, subject: subject.summary.argument,
      shrinks: request.shrinksCases && !isStopped && judgement.mends.isEmpty,
      progress: progress, stop: rest)
    // Shrunk cases are not judged: a shrunk case could be a mend, and would be shown as a difference.
    let groups = isStopped ? Array(judgement.groups.prefix(shownWhenStopped)) : judgement.groups
    return try await collector.collect(groups, nearest: judgement.search.nearest)
  }
}
