// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

/// An experiment with the variants of a function in one object: which of them makes cases right.
struct VariantTrial: Sendable {
  /// The shown cases.
  let shown: [CaseReference]
  /// Other cases that differ in the run, and those that agree.
  var differing: [CaseReference] = []
  var agreeing: [CaseReference] = []
  /// The number of shown cases of which a variant mends one at least, before others run.
  let beginning: Int
  let states: FixStates

  /// A supervisor for an object with variants; the limit is one of CPU time for a case.
  static func supervisor(
    files: ProgramFiles, path: String, indexBits: UInt64, kernel: KernelOptions,
    limitMilliseconds: UInt32, stop: StopSignal
  ) -> Supervisor {
    Supervisor(
      program: files.program,
      plan: WorkerPlan(
        subjectPath: path, indexBits: indexBits, limitMilliseconds: limitMilliseconds,
        kernelOptions: kernel),
      jobs: 1, stop: stop, asksOracle: false)
  }

  /// What the variants do.
  struct Results: Sendable {
    /// Whether each case agrees with the function as it is.
    var before: [Bool]
    /// The places in `cases` of those that each variant mends; nil for a variant that mends no shown case, or breaks
    /// another one.
    var mended: [[Int]?]
  }

  var cases: [CaseReference] { shown + differing + agreeing }

  /// Runs the cases in each variant of a number, from 1 on.
  func results(of numbers: [Int], with supervisor: Supervisor) async -> Results {
    // How the function as it is does: an edit has to keep what is right.
    var before = await run([0], with: supervisor, whole: true, sparing: []).first ?? []
    if before.count != cases.count {
      // It ends its worker, and does so in what differs.
      before = (shown + differing).map { _ in false } + agreeing.map { _ in true }
    }
    var results = Results(before: before, mended: numbers.map { _ in nil })
    guard before.prefix(shown.count).contains(false) else { return results }
    let right = Set(before.indices.filter { before[$0] })
    let after = await run(
      numbers.map { UInt32($0) }, with: supervisor, whole: false, sparing: right)
    guard after.count == numbers.count else { return results }
    results.mended = after.map { agreements in
      guard agreements.count == before.count else { return nil }
      let mended = agreements.indices.filter { agreements[$0] && !before[$0] }
      return mended.isEmpty ? nil : mended
    }
    return results
  }

  private func run(
    _ variants: [UInt32], with supervisor: Supervisor, whole: Bool, sparing right: Set<Int>
  ) async -> [[Bool]] {
    let kernel = supervisor.plan.kernelOptions
    let found = try? await supervisor.run(
      variants, dying: [Bool](), progress: { _, _ in },
      slot: { CaseChecker(fixes: states.sets, kernel: kernel, asksOracle: false) },
      batch: { checker, conversation, variants -> [[Bool]]? in
        var all: [[Bool]] = []
        for variant in variants {
          guard
            let agreements = try await conversation.agreements(
              of: variant, self, whole: whole, sparing: right, checker)
          else { return all.isEmpty ? nil : all }
          all.append(agreements)
        }
        return all
      }
    ).results
    return (found ?? []).map { $0 ?? [] }
  }
}

extension Exchange.Conversation {
  /// Whether each case of a trial agrees with the reference in a variant (`WorkerRequest.choose`); fewer where the
  /// variant mends none of the first ones, or breaks one of `right`, unless all are asked for; nil when the worker is
  /// gone.
  fileprivate func agreements(
    of variant: UInt32, _ trial: VariantTrial, whole: Bool, sparing right: Set<Int>,
    _ checker: CaseChecker
  ) async throws -> [Bool]? {
    guard case .marks? = try await ask(.choose(variant), slow: 0) else { return nil }
    let cases = trial.cases
    let beginning = min(trial.beginning, trial.shown.count)
    var all: [Bool] = []
    while all.count < cases.count {
      // Most edits fail in the first case, and an endless loop takes as long as thousands of cases.
      let end = all.count < beginning ? all.count + 1 : min(all.count + 16, cases.count)
      guard let results = try await check(Array(cases[all.count..<end]), with: checker),
        !results.isEmpty
      else { return nil }
      for result in results {
        let agrees = trial.states.departure(of: result) == nil
        if !whole, !agrees, right.contains(all.count) || result.ending.isSlow { return [] }
        all.append(agrees)
      }
      if !whole, all.count == beginning, !all.contains(true) { return [] }
    }
    return all
  }
}
