// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import Port
import Subprocess
import Worker

/// Runs cases in worker processes, batch by batch. Every case gets exactly one result, whatever the subject
/// does to its worker. The side that the subject is compared with runs here, out of the subject's reach.
struct Supervisor: Sendable {
  /// The program to start workers with (`PROGRAM worker PLAN`).
  let program: String
  var plan: WorkerPlan
  /// The number of worker processes at a time.
  let jobs: Int
  let stop: StopSignal
  /// The limits for the wait for workers.
  var limits = RunLimits()
  /// Whether to check the subject's behaviour against the oracle's rules, too.
  let asksOracle: Bool
  /// The number of cases in a batch: small enough that a dead worker costs little, large enough that messages
  /// do.
  var batchSize = 32
  /// What the port is known to do; nil to run it for every case.
  let answers: AnswerShelf?
  /// The maximum number of restarts in a row of a worker that does not start.
  let restarts = 4

  init(
    program: String, plan: WorkerPlan, jobs: Int, stop: StopSignal = StopSignal(),
    batchSize: Int = 32, asksOracle: Bool = true, answers: AnswerShelf? = nil
  ) {
    self.answers = answers
    self.program = program
    self.plan = plan
    self.jobs = max(1, jobs)
    self.stop = stop
    self.batchSize = max(1, batchSize)
    self.asksOracle = asksOracle
  }

  /// Runs all cases and compares each with the port at some sets of fixes. The results are in order; a result
  /// is nil where the run was stopped before, or ended because `isEnough` was true for a case's index and
  /// result. `progress` gets the number of cases done, and the total.
  func check(
    _ cases: [CaseReference], against fixes: [UpstreamFixes],
    until isEnough: @escaping @Sendable (Int, CaseResult) -> Bool = { _, _ in false },
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(ExecutionError) -> [CaseResult?] {
    try await check(cases, against: fixes, leaving: nil, until: isEnough, progress: progress)
      .results
  }

  /// The same, where the caller knows the functions that each case's operations call (`calls`), and each
  /// case's mode. Cases that call a function which is `costly`, or becomes so in earlier cases of the mode,
  /// are skipped and have no result.
  func check(
    _ cases: [CaseReference], calling calls: [[KernelFunction]], in modes: [String],
    leaving costly: inout CostlyFunctions, against fixes: [UpstreamFixes],
    seeing see: @escaping @Sendable (Int, CaseResult) -> Void = { _, _ in },
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(ExecutionError) -> [CaseResult?] {
    let leaving = CostlyCases<CaseResult>(calls: calls, modes: modes, costly: costly) {
      result, calls, costly in costly.note(result.cost(calling: calls), calling: calls)
    }
    let found = try await check(
      cases, against: fixes, leaving: leaving,
      until: {
        see($0, $1)
        return false
      }, progress: progress)
    costly = found.costly ?? costly
    return found.results
  }

  private func check(
    _ cases: [CaseReference], against fixes: [UpstreamFixes],
    leaving costly: CostlyCases<CaseResult>?,
    until isEnough: @escaping @Sendable (Int, CaseResult) -> Bool = { _, _ in false },
    progress: @escaping @Sendable (Int, Int) -> Void
  ) async throws(ExecutionError) -> (results: [CaseResult?], costly: CostlyFunctions?) {
    let kept = answers?.book(against: fixes, kernel: plan.kernelOptions)
    let found = try await run(
      cases, dying: .workerDied(references: fixes.count), leaving: costly, until: isEnough,
      progress: progress,
      slot: {
        CaseChecker(
          fixes: fixes, kernel: plan.kernelOptions, asksOracle: asksOracle, kept: kept)
      },
      batch: { checker, conversation, cases in
        try await conversation.check(cases, with: checker)
      })
    kept?.save()
    return found
  }

  /// The short answer for each case, in order; nil where the case kills the worker.
  func answers(
    to cases: [CaseReference],
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(ExecutionError) -> [CaseAnswer?] {
    try await run(
      cases, dying: CaseAnswer?.none, progress: progress, slot: {},
      batch: { _, conversation, cases in try await conversation.answers(to: cases) }
    ).results.map { $0 ?? nil }
  }

  /// The observation of each case, in order; nil where the case kills the worker. Throws for a reference to a
  /// case that does not exist.
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

  /// The functions of the surface that the subject has; a separate worker reports them.
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

  /// Runs one case and returns the observations of the subject and of the port at some fixes; nil when the
  /// worker dies of the case.
  func observe(
    _ reference: CaseReference, against fixes: UpstreamFixes
  ) async throws(ExecutionError) -> ObservedCase? {
    guard let subject = try await observations(of: [reference])[0] else { return nil }
    return try pair(subject, in: reference, against: fixes)
  }

  /// A subject's observation of a case beside that of the port at some fixes.
  func pair(
    _ subject: Observation, in reference: CaseReference, against fixes: UpstreamFixes
  ) throws(ExecutionError) -> ObservedCase {
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
