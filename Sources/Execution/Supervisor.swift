// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import MachineModel
import Subprocess

/// Runs cases in worker processes, one batch after another, and sees to it that every case gets
/// exactly one result whatever the subject does to its worker.
public struct Supervisor: Sendable {
  /// The program to start workers with (`PROGRAM worker PLAN`).
  let program: String
  let plan: WorkerPlan
  /// Worker processes at a time.
  let jobs: Int
  /// How long workers are waited for.
  var patience = Patience()
  /// Cases a batch. Small enough that a dead worker costs little, large enough that messages do.
  let batchSize = 32
  /// How often a worker that did not start is started again, once others did.
  let restarts = 2

  /// Memberwise.
  public init(program: String, plan: WorkerPlan, jobs: Int) {
    self.program = program
    self.plan = plan
    self.jobs = max(1, jobs)
  }

  /// Runs all cases: a result for each, in order. `progress` hears how many are done, of how many.
  public func run(
    _ cases: [CaseReference], progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(ExecutionError) -> [CaseResult] {
    let queue = CaseQueue(cases: cases, batchSize: batchSize, progress: progress)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<min(jobs, (cases.count + batchSize - 1) / batchSize) {
        group.addTask { await work(through: queue) }
      }
    }
    if let failure = await queue.failure { throw failure }
    let results = await queue.allResults().compactMap { $0 }
    guard results.count == cases.count else {
      throw ExecutionError("\(cases.count - results.count) cases got no result")
    }
    return results
  }

  /// The functions of the surface that the subject has, asked of a worker of its own.
  public func functions() async throws(ExecutionError) -> [SurfaceFunction] {
    try await exchange().session(program: program, plan: plan) { $0.functions }
  }

  /// Runs one case and gives back what both sides did; nil when the worker dies of it.
  public func observe(
    _ reference: CaseReference, against index: Int
  ) async throws(ExecutionError) -> ObservedCase? {
    try await exchange().session(program: program, plan: plan) { conversation in
      let request = WorkerRequest.observe(reference, reference: index)
      guard case .observed(let pair)? = try await conversation.ask(request, cases: 1) else {
        return nil
      }
      return pair
    }
  }

  func exchange(isShort: Bool = false) -> Exchange {
    Exchange(
      limitMilliseconds: plan.limitMilliseconds,
      answer: isShort ? patience.shortAnswer : patience.answer)
  }

  /// One worker slot: starts a worker, and another when that dies, until no batch waits.
  private func work(through queue: CaseQueue) async {
    var startsLeft = restarts
    while let first = await queue.next() {
      let exchange = exchange(isShort: await queue.silentWorkers() >= patience.silences)
      do {
        let unfinished = try await exchange.session(program: program, plan: plan) { conversation in
          try await converse(conversation, beginningWith: first, queue: queue)
        }
        guard let unfinished else { continue }
        if exchange.wasOverdue, await queue.workerFellSilent() >= patience.silencesInAll {
          await queue.fail(
            ExecutionError(
              "\(patience.silencesInAll) worker processes stopped answering; the run was given up"))
        }
        await queue.workerDied(on: unfinished, references: referenceCount)
      } catch {
        // That the subject does not load here although it did before says nothing about a case: the
        // machine may be short of memory or processes.
        guard error.isBeforeFirstCase, startsLeft > 0 else { return await queue.fail(error) }
        startsLeft -= 1
        await queue.putBack(first.0)
      }
    }
  }

  private var referenceCount: Int { plan.fixes.count + (plan.other == nil ? 0 : 1) }

  /// Hands batches to a worker until none waits (nil) or it dies (the batch it died on).
  private func converse(
    _ conversation: Exchange.Conversation, beginningWith first: (CaseQueue.Batch, [CaseReference]),
    queue: CaseQueue
  ) async throws -> CaseQueue.Batch? {
    var next: (CaseQueue.Batch, [CaseReference])? = first
    while let (batch, cases) = next {
      guard
        case .results(let results)? = try await conversation.ask(.run(cases), cases: cases.count),
        results.count == cases.count
      else { return batch }
      await queue.complete(batch, with: results)
      next = await queue.next()
    }
    return nil
  }
}
