// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import MachineModel

extension Supervisor {
  /// What a worker slot does with a batch: a result for each case, or nil when the worker is gone.
  typealias BatchWork<Slot, Result> =
    @Sendable (Slot, Exchange.Conversation, [CaseReference]) async throws -> [Result]?

  /// Runs cases through worker slots, each with a value of its own to work with.
  func run<Slot, Result: Sendable>(
    _ cases: [CaseReference], dying: Result,
    until isEnough: @escaping @Sendable (Int, Result) -> Bool = { _, _ in false },
    progress: @escaping @Sendable (Int, Int) -> Void,
    slot: @escaping @Sendable () -> Slot, batch: @escaping BatchWork<Slot, Result>
  ) async throws(ExecutionError) -> [Result?] {
    let queue = CaseQueue(
      cases: cases, batchSize: batchSize, deathResult: dying, isEnough: isEnough, stop: stop,
      progress: progress)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<min(jobs, (cases.count + batchSize - 1) / batchSize) {
        group.addTask { await work(through: queue, with: slot(), batch) }
      }
    }
    if let failure = await queue.failure { throw failure }
    let results = await queue.allResults()
    let missing = results.count { $0 == nil }
    let endedEarly = await queue.isOver
    guard missing == 0 || stop.isSet || endedEarly else {
      throw ExecutionError("\(missing) cases got no result")
    }
    return results
  }

  /// One worker slot: starts a worker, and another when that dies, until no batch waits.
  private func work<Slot, Result>(
    through queue: CaseQueue<Result>, with slot: Slot, _ work: BatchWork<Slot, Result>
  ) async {
    var startsLeft = restarts
    while let first = await queue.next() {
      let exchange = exchange(isShort: await queue.silentWorkers() >= patience.silences)
      do {
        let unfinished = try await exchange.session(program: program, plan: plan) { conversation in
          try await converse(
            conversation, beginningWith: first, queue: queue, slot: slot, work: work)
        }
        startsLeft = restarts
        guard let unfinished else { continue }
        if exchange.wasOverdue, await queue.workerFellSilent() >= patience.silencesInAll {
          await queue.fail(
            ExecutionError(
              "\(patience.silencesInAll) worker processes stopped answering; the run was given up"))
        }
        await queue.workerDied(on: unfinished)
      } catch {
        if stop.isSet { return }
        // That the subject does not load here although it did before says nothing about a case: the
        // machine may be short of memory or processes.
        guard error.isBeforeFirstCase, startsLeft > 0 else { return await queue.fail(error) }
        startsLeft -= 1
        await queue.putBack(first.0)
      }
    }
  }

  /// Hands batches to a worker until none waits (nil) or it dies (the batch it died on).
  private func converse<Slot, Result>(
    _ conversation: Exchange.Conversation,
    beginningWith first: (CaseQueue<Result>.Batch, [CaseReference]),
    queue: CaseQueue<Result>, slot: Slot, work: BatchWork<Slot, Result>
  ) async throws -> CaseQueue<Result>.Batch? {
    var next: (CaseQueue<Result>.Batch, [CaseReference])? = first
    while let (batch, cases) = next {
      guard let results = try await work(slot, conversation, cases), results.count == cases.count
      else { return batch }
      await queue.complete(batch, with: results)
      next = await queue.next()
    }
    return nil
  }
}

extension Exchange.Conversation {
  /// Of each case, in order; nil when the worker is gone.
  func answers(to cases: [CaseReference]) async throws -> [CaseAnswer]? {
    guard case .answers(let answers)? = try await ask(.run(cases), cases: cases.count),
      answers.count == cases.count
    else { return nil }
    return answers
  }

  /// Of each case, in order; nil when the worker is gone.
  func observations(of cases: [CaseReference]) async throws -> [Observation]? {
    guard
      case .observations(let observations)? = try await ask(.observe(cases), cases: cases.count),
      observations.count == cases.count
    else { return nil }
    return observations
  }

  /// What the subject did by the end of each call of some cases; nil when the worker is gone.
  private func steps(
    _ cases: [(reference: CaseReference, operations: Int)], _ whole: [Observation]
  ) async throws -> [[Observation]]? {
    let beginnings = cases.flatMap { whole, operations in
      (1..<max(1, operations)).map { CaseReference.beginning(of: whole, operations: $0) }
    }
    guard let observed = beginnings.isEmpty ? [] : try await observations(of: beginnings) else {
      return nil
    }
    var rest = observed[...]
    return zip(cases, whole).map { one, last in
      defer { rest = rest.dropFirst(one.operations - 1) }
      return rest.prefix(one.operations - 1) + [last]
    }
  }

  /// Runs cases and holds them against a checker's ports; nil when the worker is gone.
  func check(_ cases: [CaseReference], with checker: CaseChecker) async throws -> [CaseResult]? {
    guard let answers = try await answers(to: cases) else { return nil }
    let images = try cases.map { try checker.cases.image(of: $0) }
    var results = zip(images, answers).map { checker.result(of: $0, answered: $1) }
    let open = results.indices.filter { results[$0] == nil }
    if !open.isEmpty {
      guard let observed = try await observations(of: open.map { cases[$0] }) else { return nil }
      guard checker.asksOracle else {
        for (place, observation) in zip(open, observed) {
          results[place] = checker.result(
            of: images[place], answered: answers[place], observed: observation)
        }
        return results.compactMap { $0 }
      }
      let begun = zip(open, observed).map { place, observation in
        (cases[place], observation.callsBegun(of: images[place].operations.count))
      }
      let steps = try await steps(begun, observed)
      guard let steps else { return nil }
      for (place, (observation, steps)) in zip(open, zip(observed, steps)) {
        let result = checker.result(
          of: images[place], answered: answers[place], observed: observation)
        results[place] = checker.judged(result, images[place], steps)
      }
    }
    return results.compactMap { $0 }
  }
}

extension Observation {
  /// How many calls of a case were begun: those behind one that did not come back were not.
  fileprivate func callsBegun(of operations: Int) -> Int {
    ending.kind == EndingKind.finished.rawValue
      ? operations : min(operations, Int(ending.operation) + 1)
  }
}
