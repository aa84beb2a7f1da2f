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
  fileprivate static let first = 3
  /// The most edits to try where every shown case hangs: each takes as long as thousands of other cases.
  private static let mostOfHangs = 40
  /// The limit of CPU time for a case, in milliseconds: an edit can make a loop endless, and the longest case takes
  /// one.
  private static let limitMilliseconds: UInt32 = 10

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
    let trial = Trial(
      shown: shown.map { .literal($0.scenario.jsonText()) }, differing: differing,
      agreeing: agreeing,
      states: FixStates(of: Set([part.function].compactMap { $0 }), against: against))
    let isSlow = shown.allSatisfy { $0.subject?.ending.isSlow ?? true }
    var best: [String: (mended: Int, repair: Repair)] = [:]
    for portion in function.portions where best.count < shown.count && !stop.isSet {
      guard
        let object = try? await compiler.compile(
          function, portion, indexBits: Int(width), into: folder)
      else { return [:] }
      var plan = WorkerPlan(
        subjectPath: object.path, indexBits: width, kernelOptions: kernel.union(era))
      plan.limitMilliseconds = Self.limitMilliseconds
      let supervisor = Supervisor(
        program: files.program, plan: plan, jobs: 1, stop: stop, asksOracle: false)
      let tried = isSlow ? Array(object.indices.prefix(Self.mostOfHangs)) : object.indices
      let results = await trial.results(of: tried, with: supervisor)
      for (index, mended) in zip(tried, results) {
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

  /// The experiments with the edits of one object.
  fileprivate struct Trial: Sendable {
    /// The shown cases, which the function as it is does not pass.
    let shown: [CaseReference]
    /// Other cases that differ in the run, and those that agree.
    let differing: [CaseReference]
    let agreeing: [CaseReference]
    let states: FixStates

    var cases: [CaseReference] { shown + differing + agreeing }

    /// The places in `cases` of those that each edit mends; nil for an edit that mends no shown case, or breaks
    /// another one.
    func results(of indices: [Int], with supervisor: Supervisor) async -> [[Int]?] {
      let kernel = supervisor.plan.kernelOptions
      func run(_ numbers: [Int], whole: Bool, sparing right: Set<Int>) async -> [[Bool]] {
        let found = try? await supervisor.run(
          // These name edits, not cases.
          numbers.map { .literal(String($0)) }, dying: [Bool](), progress: { _, _ in },
          slot: { CaseChecker(fixes: states.sets, kernel: kernel, asksOracle: false) },
          batch: { checker, conversation, numbers -> [[Bool]]? in
            var all: [[Bool]] = []
            for case .literal(let number) in numbers {
              guard
                let agreements = try await conversation.agreements(
                  of: UInt32(number) ?? 0, self, whole: whole, sparing: right, checker)
              else { return all.isEmpty ? nil : all }
              all.append(agreements)
            }
            return all
          }
        ).results
        return (found ?? []).map { $0 ?? [] }
      }
      // How the function as it is does: an edit has to keep what is right.
      var before = await run([0], whole: true, sparing: []).first ?? []
      if before.count != cases.count {
        // It ends its worker, and does so in what differs.
        before =
          (shown + differing).map { _ in false } + agreeing.map { _ in true }
      }
      let right = Set(before.indices.filter { before[$0] })
      let after = await run(indices.map { $0 + 1 }, whole: false, sparing: right)
      guard after.count == indices.count else { return indices.map { _ in nil } }
      return after.map { agreements in
        guard agreements.count == before.count else { return nil }
        let mended = agreements.indices.filter { agreements[$0] && !before[$0] }
        return mended.isEmpty ? nil : mended
      }
    }

    /// The number of shown cases to begin with.
    var beginning: Int { min(RepairStage.first, shown.count) }
  }
}

extension Exchange.Conversation {
  /// Whether each case of a trial agrees with the reference in the variant of this number; fewer where the variant
  /// mends none of the first ones, or breaks one of `right`, unless all are asked for; nil when the worker is gone.
  fileprivate func agreements(
    of number: UInt32, _ trial: RepairStage.Trial, whole: Bool, sparing right: Set<Int>,
    _ checker: CaseChecker
  ) async throws -> [Bool]? {
    guard case .marks? = try await ask(.choose(number), slow: 0) else { return nil }
    let cases = trial.cases
    var all: [Bool] = []
    while all.count < cases.count {
      // Most edits fail in the first case, and an endless loop takes as long as thousands of cases.
      let end = all.count < trial.beginning ? all.count + 1 : min(all.count + 16, cases.count)
      guard let results = try await check(Array(cases[all.count..<end]), with: checker),
        !results.isEmpty
      else { return nil }
      for result in results {
        let agrees = trial.states.departure(of: result) == nil
        if !whole, !agrees, right.contains(all.count) || result.ending.isSlow { return [] }
        all.append(agrees)
      }
      if !whole, all.count == trial.beginning, !all.contains(true) { return [] }
    }
    return all
  }
}
