// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import Port
import Subprocess
import Worker

/// Runs cases in worker processes, one batch after another, and sees to it that every case gets
/// exactly one result whatever the subject does to its worker. What a subject is held against runs
/// here, out of its reach.
struct Supervisor: Sendable {
  /// The program to start workers with (`PROGRAM worker PLAN`).
  let program: String
  /// What its workers run.
  let plan: WorkerPlan
  /// Worker processes at a time.
  let jobs: Int
  /// Ends a run early.
  let stop: StopSignal
  /// How long workers are waited for.
  var limits = RunLimits()
  /// Whether what the subject does is held against the oracle's rules too.
  let asksOracle: Bool
  /// Cases a batch. Small enough that a dead worker costs little, large enough that messages do.
  var batchSize = 32
  /// How often in a row a worker that did not start is started again.
  let restarts = 4

  init(
    program: String, plan: WorkerPlan, jobs: Int, stop: StopSignal = StopSignal(),
    batchSize: Int = 32, asksOracle: Bool = true
  ) {
    self.program = program
    self.plan = plan
    self.jobs = max(1, jobs)
    self.stop = stop
    self.batchSize = max(1, batchSize)
    self.asksOracle = asksOracle
  }

  /// Runs all cases and holds each against the port at some sets of fixes: a result for each case, in
  /// order; nil where the run was stopped before, or ended because `isEnough` said so of a case's place and
  /// result. `progress` hears how many are done, of how many.
  func check(
    _ cases: [CaseReference], against fixes: [UpstreamFixes],
    until isEnough: @escaping @Sendable (Int, CaseResult) -> Bool = { _, _ in false },
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(ExecutionError) -> [CaseResult?] {
    try await check(cases, against: fixes, leaving: nil, until: isEnough, progress: progress)
      .results
  }

  /// The same of cases of which it is known what functions each one's operations `call`, and in which of the
  /// `modes`. Those that call one which is `costly`, or turns out to be in the mode's cases before them, are
  /// left, and have no result.
  func check(
    _ cases: [CaseReference], calling calls: [[KernelFunction]], in modes: [String],
    leaving costly: inout CostlyFunctions, against fixes: [UpstreamFixes],
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(ExecutionError) -> [CaseResult?] {
    let leaving = CostlyCases<CaseResult>(calls: calls, modes: modes, costly: costly) {
      result, calls, costly in costly.note(result, calling: calls)
    }
    let found = try await check(cases, against: fixes, leaving: leaving, progress: progress)
    costly = found.costly ?? costly
    return found.results
  }

  private func check(
    _ cases: [CaseReference], against fixes: [UpstreamFixes],
    leaving costly: CostlyCases<CaseResult>?,
    until isEnough: @escaping @Sendable (Int, CaseResult) -> Bool = { _, _ in false },
    progress: @escaping @Sendable (Int, Int) -> Void
  ) async throws(ExecutionError) -> (results: [CaseResult?], costly: CostlyFunctions?) {
    try await run(
      cases, dying: .workerDied(references: fixes.count), leaving: costly, until: isEnough,
      progress: progress,
      slot: {
        CaseChecker(fixes: fixes, kernel: plan.kernelOptions, asksOracle: asksOracle)
      },
      batch: { checker, conversation, cases in
        try await conversation.check(cases, with: checker)
      })
  }

  /// What is to be said in short of each case, in order; nil where the worker dies of it.
  func answers(
    to cases: [CaseReference],
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(ExecutionError) -> [CaseAnswer?] {
    try await run(
      cases, dying: CaseAnswer?.none, progress: progress, slot: {},
      batch: { _, conversation, cases in try await conversation.answers(to: cases) }
    ).results.map { $0 ?? nil }
  }

  /// Everything the subject does in each case, in order; nil where the worker dies of it. Throws for a case
  /// that is none.
  func observations(
    of cases: [CaseReference]
  ) async throws(ExecutionError) -> [Observation?] {
    let catalogue = CaseResolver()
    for whole in Set(cases.map(\.whole)) { _ = try catalogue.image(of: whole) }
    return try await run(
      cases, dying: Observation?.none, progress: { _, _ in }, slot: {},
      batch: { _, conversation, cases in try await conversation.observations(of: cases) }
    ).results.map { $0 ?? nil }
  }

  /// The functions of the surface that the subject has, asked of a worker of its own.
  func functions() async throws(ExecutionError) -> [KernelFunction] {
    var startsLeft = restarts
    var killsLeft = limits.killsByOthers
    while true {
      let exchange = exchange()
      do throws(ExecutionError) {
        return try await exchange.session(program: program, plan: plan) { $0.functions }
      } catch {
        guard error.isBeforeFirstCase, !error.isCertain, !stop.isSet else { throw error }
        if exchange.wasKilledByOthers {
          killsLeft -= 1
          if killsLeft == 0 { throw .killed(limits.killsByOthers) }
        } else {
          guard startsLeft > 0 else { throw error }
          startsLeft -= 1
        }
      }
    }
  }

  /// Runs one case and gives back what the subject did and what the port at some fixes does; nil when
  /// the worker dies of it.
  func observe(
    _ reference: CaseReference, against fixes: UpstreamFixes
  ) async throws(ExecutionError) -> ObservedCase? {
    guard let subject = try await observations(of: [reference])[0] else { return nil }
    let checker = CaseChecker(fixes: [fixes], kernel: plan.kernelOptions)
    let image = try checker.cases.image(of: reference)
    return ObservedCase(subject: subject, reference: checker.observe(image)).bounded
  }

  func exchange(isShort: Bool = false) -> Exchange {
    Exchange(
      limitMilliseconds: plan.limitMilliseconds,
      answer: isShort ? limits.shortAnswer : limits.answer)
  }
}
