// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import Execution
import HotplugPort
import MachineModel
import Series
import Subjects

/// The rows of c75a74f4ba19 and of the fixes that followed it: what a check with the catalogue says.
struct SeriesHotplug: Sendable {
  let text: SubjectText
  let files: ProgramFiles
  let stand: SeriesStand
  let request: SeriesRequest
  let progress: RunProgress

  private static let functions = Set(SurfaceFunction.allCases.filter(\.isOfHotplug))

  /// What the functions did.
  private enum Outcome {
    case judged(Judgement, present: Set<SurfaceFunction>)
    case unbuildable(String)
  }

  /// The three rows.
  func rows() async throws(PipelineError) -> [SeriesRow] {
    let extraction: Extraction?
    do throws(SubjectError) {
      extraction = try Extraction.extract(Self.functions, from: text, stubs: files.stubs)
    } catch {
      return [SeriesRow(.hotplug, .partial, by: .structure, evidence: error.message)]
        + fixesByText()
    }
    guard let extraction else {
      return [
        SeriesRow(
          .hotplug, .absent, by: .structure,
          evidence: "arch/riscv/mm/init.c defines none of the \(Self.functions.count) functions of "
            + "memory hotplug")
      ] + fixesByText()
    }
    let origin = extraction.functions.min { $0.key < $1.key }?.value
    let place = origin.map { " (\($0.displayName):\($0.firstLine))" } ?? ""
    switch try await outcome(of: extraction) {
    case .unbuildable(let message):
      return [
        SeriesRow(
          .hotplug, .partial, by: .structure,
          evidence: "\(extraction.functions.count) of \(Self.functions.count) functions of memory "
            + "hotplug are there\(place), and cannot be run: \(message)")
      ] + fixesByText()
    case .judged(let judgement, let present):
      return [hotplug(judgement, present, place)]
        + fixes(judgement, present, extraction)
    }
  }

  private func outcome(of extraction: Extraction) async throws(PipelineError) -> Outcome {
    let path: String
    do throws(SubjectError) {
      path = try await stand.compiler.compile(
        extraction, indexBits: 9, into: stand.folder, named: "hotplug")
    } catch {
      return .unbuildable(error.message)
    }
    let workshop = Workshop(
      files: files, path: path, others: [:], kernel: .standard, jobs: stand.jobs, stop: stand.stop)
    let check = CheckRequest(
      subject: request.subject, options: request.options, depth: .smoke, means: [.catalogue],
      jobs: stand.jobs, remembersFailures: false, showsDifferences: false, measuresCoverage: false)
    let campaign = Campaign(
      workshop: workshop, request: check, progress: progress, stop: stand.stop)
    do throws(ExecutionError) {
      let found = try await campaign.run(remembered: [])
      return .judged(
        Judgement(findings: found.findings, present: found.present, against: .latest),
        present: Set(found.present).intersection(Self.functions))
    } catch {
      if error.isSubjectsFault { return .unbuildable(error.message) }
      throw PipelineError(error)
    }
  }

  private func hotplug(
    _ judgement: Judgement, _ present: Set<SurfaceFunction>, _ place: String
  ) -> SeriesRow {
    let missing = Self.functions.subtracting(present).sorted()
    guard missing.isEmpty else {
      let names = missing.map(\.name).joined(separator: ", ")
      return SeriesRow(
        .hotplug, present.isEmpty ? .absent : .partial, by: .behaviour,
        evidence: "of the \(Self.functions.count) functions of memory hotplug there is no \(names)"
          + place)
    }
    let groups = judgement.groups.filter { $0.explanation == nil }
    if let group = groups.first {
      let count = groups.reduce(0) { $0 + $1.places.count }
      return SeriesRow(
        .hotplug, .partial, by: .behaviour,
        evidence: "\(count) cases differ from every state of upstream, the first in "
          + "\(group.function.name) on \(group.mode)\(place): mhpcheck check says which")
    }
    let lacking = judgement.search.missing.flatMap(\.descriptions).map(\.commit)
    return SeriesRow(
      .hotplug, .present, by: .behaviour,
      evidence: "all \(Self.functions.count) functions behave as merged"
        + (lacking.isEmpty ? " and fixed" : ", without \(lacking.joined(separator: " and "))")
        + place)
  }

  private static let fixCommits: [(UpstreamFixes, SeriesCommit, Set<SurfaceFunction>)] = [
    (.noVmemmapPmdDestructor, .destructorFix, [.freePmdTable]),
    (.foldedEntryIsBase, .foldingFix, [.removePudMapping, .removeP4dMapping]),
  ]

  private func fixes(
    _ judgement: Judgement, _ present: Set<SurfaceFunction>, _ extraction: Extraction
  ) -> [SeriesRow] {
    Self.fixCommits.map { fix, commit, functions in
      guard functions.isSubset(of: present), !judgement.search.unseen.contains(fix) else {
        return byText(commit)
      }
      let names = functions.sorted().map(\.name).joined(separator: " and ")
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

  private func fixesByText() -> [SeriesRow] { Self.fixCommits.map { byText($0.1) } }

  /// What can be read of a fix where nothing can be run.
  private func byText(_ commit: SeriesCommit) -> SeriesRow {
    let shown = FixText(text)
    let signs = commit == .destructorFix ? shown.destructor : shown.folding
    guard let first = signs.first else {
      return SeriesRow(
        commit, .notNeeded, by: .structure,
        evidence: "what it fixes, commit \(SeriesCommit.hotplug.hash), is not there")
    }
    let count = signs.count(where: \.isThere)
    let names = signs.map(\.function).joined(separator: " and ")
    return SeriesRow(
      commit, count == signs.count ? .present : count == 0 ? .absent : .partial, by: .structure,
      evidence: "the text of \(names) has the fix in \(count) of \(signs.count) functions "
        + "(\(first.place))")
  }
}
