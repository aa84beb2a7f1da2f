// SPDX-License-Identifier: GPL-2.0-only

import Scenarios

extension Supervisor {
  /// What came of a universe.
  public struct SweepOutcome: Sendable {
    /// What was swept.
    public var universe: Universe
    /// What its parts found together.
    public var result: SweepResult
  }

  /// Runs universes whole against the first of the plan's references, which must be a port;
  /// `progress` hears how many cases are done, of how many.
  ///
  /// A universe in which many cases differ, or that kills its workers, is cut short and says so.
  public func sweep(
    _ universes: [Universe],
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(ExecutionError) -> [SweepOutcome] {
    let queue = SweepQueue(universes: universes, progress: progress)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<jobs { group.addTask { await sweep(through: queue) } }
    }
    if let failure = await queue.failure { throw failure }
    for part in await queue.deadly {
      guard let universe = universes.first(where: { $0.name == part.universe }) else { continue }
      await queue.complete(part, with: try await caseByCase(part, of: universe))
    }
    var outcomes: [SweepOutcome] = []
    for universe in universes {
      outcomes.append(
        SweepOutcome(universe: universe, result: await queue.result(of: universe.name)))
    }
    return outcomes
  }

  private func sweep(through queue: SweepQueue) async {
    while let first = await queue.next() {
      do {
        let unfinished = try await exchange().session(program: program, plan: plan) {
          conversation -> SweepPart? in
          var part: SweepPart? = first
          while let current = part {
            guard
              case .swept(let result)? = try await conversation.ask(.sweep(current), cases: 50)
            else { return current }
            await queue.complete(current, with: result)
            part = await queue.next()
          }
          return nil
        }
        if let unfinished { await queue.workerDied(on: unfinished) }
      } catch {
        return await queue.fail(error)
      }
    }
  }

  /// The cases of a state that a worker died on, each by itself, so that the culprit shows.
  private func caseByCase(
    _ part: SweepPart, of universe: Universe
  ) async throws(ExecutionError) -> SweepResult {
    let functions = Set(try await functions())
    var places: [UniverseCase] = []
    for operation in universe.operations.indices
    where functions.contains(universe.operations[operation].function) {
      for range in 0..<universe.rangeCount {
        places.append(
          UniverseCase(state: part.states.lowerBound, operation: operation, range: range))
      }
    }
    let results = try await run(places.map { .universe(name: universe.name, place: $0) })
    var found = SweepResult()
    found.cases = UInt64(places.count)
    for (place, result) in zip(places, results) where result.comparisons[0].difference != nil {
      found.differing += 1
      if found.examples.count < 4 { found.examples.append(place) }
    }
    return found
  }
}
