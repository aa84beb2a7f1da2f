// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port
import Subjects
import Worker

/// The rows of c75a74f4ba19 and of its later fixes: the result of a check with the catalogue.
struct SeriesHotplug: Sendable {
  let text: SubjectText
  let files: ProgramFiles
  let stand: ProbeRunner
  let request: SeriesRequest
  let progress: RunProgress

  private static let main = "arch/riscv/mm/init.c"
  private static let functions = Set(KernelFunction.allCases.filter(\.isOfHotplug))

  private enum Outcome {
    case judged(Judgement, present: Set<KernelFunction>)
    case unbuildable(String)
    /// Conditionals hide all of these functions from the compiler.
    case compiledOut(String)
  }

  func rows() async throws(Failure) -> [SeriesRow] {
    let extraction: Extraction?
    do throws(Failure) {
      extraction = try Extraction.extract(Self.functions, from: text, stubs: files.stubs)
    } catch {
      return withFixesByText(
        SeriesRow(.hotplug, .partial, by: .structure, evidence: error.message))
    }
    // If a patch shows only part of the functions, the behaviour of the others says nothing. The patch of a
    // fix does not show their names, only their callees.
    let shown = FixText(text)
    if extraction == nil, text.isPatches, let sign = (shown.destructor + shown.folding).first {
      return withFixesByText(
        SeriesRow(
          .hotplug,
          unknown: "the subject shows the changed code only in part (\(sign.place)); give a base"))
    }
    let names = Set(Self.functions.map(\.name))
    let rest = text.row(
      on: .hotplug, without: names, in: [Self.main],
      "\(Self.main) defines none of the \(Self.functions.count) functions of memory hotplug")
    guard let extraction, rest.isKnown || !text.isPatches else { return withFixesByText(rest) }
    let origin = extraction.functions.min { $0.key < $1.key }?.value
    let place = origin.map { " (\($0.displayName):\($0.firstLine))" } ?? ""
    switch try await outcome(of: extraction) {
    case .unbuildable(let message):
      return withFixesByText(
        SeriesRow(
          .hotplug, .partial, by: .structure,
          evidence: "\(extraction.functions.count) of \(Self.functions.count) functions of memory "
            + "hotplug are present\(place), but cannot be run: \(message)"))
    case .compiledOut(let sentence):
      return withFixesByText(
        SeriesRow(.hotplug, unknown: "no function of memory hotplug is compiled: \(sentence)"))
    case .judged(let judgement, let present):
      let out = CompiledOut(
        of: extraction, present: present, isDefined: stand.compiler.isDefined)
      return [hotplug(judgement, present, out, place)]
        + fixes(judgement, present, extraction)
    }
  }

  private func outcome(of extraction: Extraction) async throws(Failure) -> Outcome {
    let path: String
    do throws(Failure) {
      path = try await stand.compiler.compileQuickly(
        extraction, indexBits: 9, into: stand.folder, named: "hotplug")
    } catch {
      return .unbuildable(error.message)
    }
    let workshop = SubjectRunners(
      files: files, path: path, others: [:], kernel: stand.kernel.union(extraction.era),
      jobs: stand.jobs, stop: stand.stop)
    let check = CheckRequest(
      subject: request.subject, options: request.options, depth: .smoke, means: [.catalogue],
      jobs: stand.jobs, showsDifferences: false, measuresCoverage: false)
    let campaign = Campaign(
      workshop: workshop, request: check, progress: progress, stop: stand.stop)
    do throws(ExecutionError) {
      let found = try await campaign.run()
      if !found.present.contains(where: Self.functions.contains),
        let out = CompiledOut(
          of: extraction, present: found.present, isDefined: stand.compiler.isDefined)
      {
        return .compiledOut(out.sentence)
      }
      return .judged(
        await judgement(on: extraction, found),
        present: Set(found.present).intersection(Self.functions))
    } catch {
      if error.isSubjectsFault { return .unbuildable(error.message) }
      throw Failure(error)
    }
  }

  /// The judgement of the functions; if no upstream state explains all differences, with their causes.
  private func judgement(on extraction: Extraction, _ found: Campaign.Outcome) async -> Judgement {
    let first = Judgement(findings: found.findings, present: found.present, against: .latest)
    guard !first.search.isFaithful, !stand.stop.isSet else { return first }
    let stage = CauseStage(
      files: files, options: request.options, against: .latest, cases: found.cases,
      jobs: stand.jobs, stop: stand.stop, progress: progress,
      limitMilliseconds: found.limitMilliseconds)
    let evidence = await stage.evidence(
      on: extraction, compiler: stand.compiler, findings: found.findings, into: stand.folder)
    guard let evidence else { return first }
    return Judgement(
      findings: found.findings, present: found.present, against: .latest, evidence: evidence)
  }

  private func hotplug(
    _ judgement: Judgement, _ present: Set<KernelFunction>, _ out: CompiledOut?, _ place: String
  ) -> SeriesRow {
    if let out { return SeriesRow(.hotplug, unknown: out.sentence, by: .behaviour) }
    let missing = Self.functions.subtracting(present).sorted()
    guard missing.isEmpty else {
      let names = missing.map(\.name).list
      return SeriesRow(
        .hotplug, present.isEmpty ? .absent : .partial, by: .behaviour,
        evidence: "the subject lacks \(names) of the \(Self.functions.count) functions of memory "
          + "hotplug"
          + place)
    }
    let groups = judgement.groups.filter { $0.explanation == nil }
    if let group = groups.first {
      let count = groups.reduce(0) { $0 + $1.places.count }
      return SeriesRow(
        .hotplug, .partial, by: .behaviour,
        evidence: "\(count) cases differ from every state of upstream, the first in "
          + "\(group.cause) on \(group.mode)\(place): run mhpcheck check to list them")
    }
    let lacking = judgement.search.missing.flatMap(\.descriptions).map(\.commit)
    return SeriesRow(
      .hotplug, .present, by: .behaviour,
      evidence: "all \(Self.functions.count) functions behave as merged"
        + (lacking.isEmpty ? " and fixed" : ", without \(lacking.list)")
        + place)
  }

  private static let fixCommits: [(UpstreamFixes, SeriesCommit, Set<KernelFunction>)] = [
    (.noVmemmapPmdDestructor, .destructorFix, [.freePmdTable]),
    (.foldedEntryIsBase, .foldingFix, [.removePudMapping, .removeP4dMapping]),
  ]

  private func fixes(
    _ judgement: Judgement, _ present: Set<KernelFunction>, _ extraction: Extraction
  ) -> [SeriesRow] {
    Self.fixCommits.map { fix, commit, functions in
      guard functions.isSubset(of: present), !judgement.search.unseen.contains(fix) else {
        return byText(commit, hasHotplug: true, isThere: functions.isSubset(of: present))
      }
      let names = functions.sorted().map(\.name).list
      let origin = functions.min().flatMap { extraction.functions[$0] }
      let place = origin.map { " (\($0.displayName):\($0.firstLine))" } ?? ""
      let verb = functions.count == 1 ? "behaves" : "behave"
      if judgement.partial.contains(fix) {
        return SeriesRow(
          commit, .partial, by: .behaviour,
          evidence: "\(names) \(verb) as with the fix in some cases only\(place)")
      }
      let isMissing = judgement.search.missing.contains(fix)
      return SeriesRow(
        commit, isMissing ? .absent : .present, by: .behaviour,
        evidence: "\(names) \(verb) as \(isMissing ? "without" : "with") the fix\(place)")
    }
  }

  /// The row on memory hotplug, then the rows on the fixes by the text alone.
  private func withFixesByText(_ hotplug: SeriesRow) -> [SeriesRow] {
    [hotplug]
      + Self.fixCommits.map {
        byText($0.1, hasHotplug: !hotplug.isToBePicked || hotplug.status == .partial)
      }
  }

  /// The row on a fix by the text alone, where nothing can run. The text of c75a74f4ba19 lacks both fixes: a
  /// backport that picks it must pick them, too.
  private func byText(
    _ commit: SeriesCommit, hasHotplug: Bool, isThere: Bool = false
  ) -> SeriesRow {
    let shown = FixText(text)
    let signs = commit == .destructorFix ? shown.destructor : shown.folding
    guard let first = signs.first else {
      return unsigned(commit, hasHotplug, isThere)
    }
    let count = signs.count(where: \.isThere)
    let calls = Set(signs.map(\.call)).sorted().list
    // A patch may show only one of the two levels that may be folded.
    let isHalf = commit == .foldingFix && Set(signs.map(\.call)).count < 2
    guard !isHalf || count < signs.count else {
      return SeriesRow(
        commit, unknown: "only \(calls) is shown (\(first.place)), with the fix; give a base")
    }
    let verb = count == 1 ? "depends" : "depend"
    let test = commit == .destructorFix ? "a flag" : "whether the level is folded"
    return SeriesRow(
      commit, count == signs.count ? .present : count == 0 ? .absent : .partial, by: .structure,
      evidence: "\(count) of \(signs.count) calls of \(calls) \(verb) on \(test) (\(first.place))")
  }

  /// The row on a fix that left no sign in the text.
  private func unsigned(
    _ commit: SeriesCommit, _ hasHotplug: Bool, _ isThere: Bool
  ) -> SeriesRow {
    guard hasHotplug else {
      return SeriesRow(
        commit, .absent, by: .structure,
        evidence:
          "commit \(SeriesCommit.hotplug.hash) is absent, and does not contain the fix: pick the "
          + "fix after it")
    }
    let functions = Self.fixCommits.first { $0.1 == commit }?.2 ?? []
    let row = text.row(on: commit, without: Set(functions.map(\.name)), in: [Self.main], "")
    guard row.isKnown, isThere || !text.isPatches else { return row }
    return SeriesRow(
      commit, .notNeeded, by: .structure,
      evidence: commit == .destructorFix
        ? "no function runs a destructor on a table of PMDs"
        : "no function that removes mappings indexes a level that may be folded")
  }
}
