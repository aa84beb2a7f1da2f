// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Subjects
import Worker

/// Finds by experiment which small edit of a function makes it right: hundreds of edits are in one object, and the
/// worker runs shown cases and others of the catalogue on one after the other.
struct RepairStage: Sendable {
  let files: ProgramFiles
  let kernel: KernelOptions
  let against: UpstreamFixes
  let compiler: SubjectCompiler
  let folder: String
  let stop: StopSignal

  /// Cases that an edit must not break or has to mend, besides the shown ones.
  private static let compared = (differing: 16, agreeing: 48)
  /// Shown cases of which an edit mends one at least, before others run.
  private static let first = 3
  /// The limit of CPU time for a case, in milliseconds: an edit can make a loop endless, and the longest case takes
  /// one.
  private static let limitMilliseconds: UInt32 = 10
  /// The most edits to try where every shown case hangs: each takes as long as thousands of other cases.
  private static let mostOfHangs = 40

  /// The edit that mends each difference, by the difference's id; none where no edit does without breaking another
  /// case. Of several edits, the one that mends the most cases, then the smallest.
  ///
  /// - Parameter differences: differ with this function alone in the reference.
  func repairs(
    of differences: [ReportedDifference], of function: RepairedFunction,
    _ part: Substitution.Part, era: KernelOptions, _ outcome: Campaign.Outcome
  ) async -> [String: Repair] {
    let widths = differences.map { (try? $0.scenario.lowered())?.layout.indexBits ?? 0 }
    guard let width = widths.max(), width > 0 else { return [:] }
    let shown = zip(differences, widths).filter { $0.1 == width }.map(\.0)
    let (differing, agreeing) = others(of: part, outcome, width)
    let trial = VariantTrial(
      shown: shown.map { .literal($0.scenario.jsonText()) }, differing: differing,
      agreeing: agreeing, beginning: Self.first,
      states: FixStates(of: Set([part.function].compactMap { $0 }), against: against))
    let isSlow = shown.allSatisfy { $0.subject?.ending.isSlow ?? true }
    var best: [String: (mended: Int, repair: Repair)] = [:]
    for portion in function.portions where best.count < shown.count && !stop.isSet {
      guard
        let object = try? await compiler.compile(
          function, portion, indexBits: Int(width), into: folder)
      else { return [:] }
      let supervisor = VariantTrial.supervisor(
        files: files, path: object.path, indexBits: width, kernel: kernel.union(era),
        limitMilliseconds: Self.limitMilliseconds, stop: stop)
      let tried = isSlow ? Array(object.places.prefix(Self.mostOfHangs)) : object.places
      let results = await trial.results(of: tried.map { $0 + 1 }, with: supervisor)
      for (index, mended) in zip(tried, results.mended) {
        guard let mended, !mended.isEmpty else { continue }
        // The first of two is the smaller edit.
        for place in mended where place < shown.count {
          let known = best[shown[place].id]?.mended ?? 0
          guard mended.count > known else { continue }
          best[shown[place].id] = (mended.count, function.repairs[index])
        }
      }
      if isSlow { break }
    }
    return best.mapValues(\.repair)
  }

  /// Cases of the catalogue that reach the function.
  private func others(
    of part: Substitution.Part, _ outcome: Campaign.Outcome, _ width: UInt64
  ) -> (differing: [CaseReference], agreeing: [CaseReference]) {
    let reaching = outcome.findings.filter { finding in
      let entry = outcome.cases.entries[finding.place]
      guard case .catalogue = entry.reference, entry.scenario.indexBits == width, !finding.isSlow
      else { return false }
      return part.function.map { function in
        finding.operations.contains { $0.reach.contains(function) }
      } ?? true
    }
    func some(_ limit: Int, differing: Bool) -> [CaseReference] {
      reaching.filter { ($0.difference(from: against) != nil) == differing }.spread(atMost: limit)
        .map { outcome.cases.entries[$0.place].reference }
    }
    return (
      some(Self.compared.differing, differing: true),
      some(Self.compared.agreeing, differing: false)
    )
  }
}
