// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port
import Worker

extension Supervisor {
  /// The work of a worker slot on a batch. It returns a result for each case, or for the first cases up to
  /// one that took long; nil when the worker is gone.
  typealias BatchWork<Slot, Case, Result> =
    @Sendable (Slot, Exchange.Conversation, [Case]) async throws -> [Result]?

  /// Runs cases through worker slots; each slot has its own value of `slot`. Only `batch` knows what a case is.
  func run<Slot, Case: Sendable, Result: Sendable>(
    _ cases: [Case], dying: Result, leaving costly: CostlyCases<Result>? = nil,
    until isEnough: @escaping @Sendable (Int, Result) -> Bool = { _, _ in false },
    progress: @escaping @Sendable (Int, Int) -> Void,
    slot: @escaping @Sendable () -> Slot, batch: @escaping BatchWork<Slot, Case, Result>
  ) async throws(ExecutionError) -> (results: [Result?], costly: CostlyFunctions?) {
    let queue = CaseQueue(
      cases: cases, batchSize: batchSize, deathResult: dying, leaving: costly, isEnough: isEnough,
      stop: stop, progress: progress)
    try await serve(queue, slots: min(jobs, (cases.count + batchSize - 1) / batchSize)) {
      let slot = slot()
      return { piece, conversation in
        let results = try await batch(slot, conversation, piece.cases)
        guard let results, !results.isEmpty, results.count <= piece.cases.count else { return nil }
        return results
      }
    }
    let missing = await queue.open
    let endedEarly = await queue.isOver
    guard missing == 0 || stop.isSet || endedEarly else {
      throw ExecutionError("\(missing) cases got no result")
    }
    return (await queue.allResults(), await queue.costlyFunctions)
  }
}

extension Exchange.Conversation {
  /// The answers for the cases, in order, up to one that took long; nil when the worker is gone.
  func answers(to cases: [CaseReference]) async throws -> [CaseAnswer]? {
    guard case .answers(let answers)? = try await ask(.run(cases), slow: 1),
      answers.count <= cases.count
    else { return nil }
    return answers
  }

  /// The observations of the cases, in order; nil when the worker is gone.
  func observations(of cases: [CaseReference]) async throws -> [Observation]? {
    guard
      case .observations(let observations)? = try await ask(.observe(cases), slow: cases.count),
      observations.count == cases.count
    else { return nil }
    return observations
  }

  /// For each case, the observations at the end of each of its calls; nil when the worker is gone.
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
      let beginnings = max(0, one.operations - 1)
      defer { rest = rest.dropFirst(beginnings) }
      return rest.prefix(beginnings) + [last]
    }
  }

  /// Runs cases and compares them with a checker's ports; nil when the worker is gone.
  func check(_ cases: [CaseReference], with checker: CaseChecker) async throws -> [CaseResult]? {
    var images: [Int: MachineImage] = [:]
    func image(_ place: Int) throws -> MachineImage {
      if let image = images[place] { return image }
      let image = try checker.cases.image(of: cases[place])
      images[place] = image
      return image
    }
    // A case that does not exist is found here, not by the worker.
    for place in cases.indices where !checker.knows(cases[place]) { _ = try image(place) }
    guard let answers = try await answers(to: cases) else { return nil }
    var results = zip(cases, answers).map { checker.known($0, answered: $1) }
    for place in results.indices where results[place] == nil {
      results[place] = checker.result(
        of: try image(place), cases[place], answered: answers[place])
    }
    let open = results.indices.filter { results[$0] == nil }
    if !open.isEmpty {
      guard let observed = try await observations(of: open.map { cases[$0] }) else { return nil }
      guard checker.asksOracle else {
        for (place, observation) in zip(open, observed) {
          results[place] = checker.result(
            of: try image(place), answered: answers[place], observed: observation)
        }
        return results.compactMap { $0 }
      }
      let begun = try zip(open, observed).map { place, observation in
        (cases[place], observation.callsBegun(of: try image(place).operations.count))
      }
      let steps = try await steps(begun, observed)
      guard let steps else { return nil }
      for (place, (observation, steps)) in zip(open, zip(observed, steps)) {
        let image = try image(place)
        let result = checker.result(
          of: image, answered: answers[place], observed: observation)
        results[place] = checker.judged(result, image, steps)
      }
    }
    return results.compactMap { $0 }
  }
}

extension Observation {
  /// The number of calls of a case that began: those after a call that did not return did not begin.
  fileprivate func callsBegun(of operations: Int) -> Int {
    ending.kind == EndingKind.finished.rawValue
      ? operations : min(operations, Int(ending.operation) + 1)
  }
}
