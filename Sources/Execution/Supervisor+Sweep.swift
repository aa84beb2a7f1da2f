// SPDX-License-Identifier: GPL-2.0-only

import HotplugPort
import MachineModel
import Scenarios

extension Supervisor {
  /// What came of a universe.
  public struct SweepOutcome: Sendable {
    /// What was swept.
    public var universe: Universe
    /// What its parts found together.
    public var result: SweepResult
  }

  /// Runs universes whole, as far as they call functions that the subject has, and holds every case
  /// against the port at some fixes; `progress` hears how many cases are done, of how many.
  ///
  /// A universe in which many cases differ, or that kills its workers, is cut short and says so; so
  /// is one during which the run is stopped, by its number of cases. With `untilOneDiffers` all end at
  /// the first case that does.
  public func sweep(
    _ universes: [Universe], calling functions: Set<SurfaceFunction>, against fixes: UpstreamFixes,
    untilOneDiffers: Bool = false,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(ExecutionError) -> [SweepOutcome] {
    let queue = SweepQueue(
      universes: universes, functions: functions, endsAtFirst: untilOneDiffers, stop: stop,
      progress: progress)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<jobs { group.addTask { await sweep(through: queue, against: fixes) } }
    }
    if let failure = await queue.failure { throw failure }
    for part in await queue.deadly where !stop.isSet {
      if await queue.isOver { break }
      guard let universe = universes.first(where: { $0.name == part.universe }) else { continue }
      await queue.complete(part, with: try await caseByCase(part, of: universe, against: fixes))
    }
    var outcomes: [SweepOutcome] = []
    for universe in universes {
      outcomes.append(
        SweepOutcome(universe: universe, result: await queue.result(of: universe.name)))
    }
    return outcomes
  }

  private func sweep(through queue: SweepQueue, against fixes: UpstreamFixes) async {
    let checker = SweepChecker(fixes: fixes)
    var startsLeft = restarts
    while let first = await queue.next() {
      do {
        let unfinished = try await exchange().session(program: program, plan: plan) {
          conversation -> SweepPart? in
          var part: SweepPart? = first
          while let current = part {
            guard let result = try await checker.check(current, with: conversation) else {
              return current
            }
            await queue.complete(current, with: result)
            part = await queue.next()
          }
          return nil
        }
        startsLeft = restarts
        if let unfinished { await queue.workerDied(on: unfinished) }
      } catch {
        if stop.isSet { return }
        guard error.isBeforeFirstCase, startsLeft > 0 else { return await queue.fail(error) }
        startsLeft -= 1
        await queue.putBack(first)
      }
    }
  }

  /// The cases of a state that a worker died on, each by itself, so that the culprit shows.
  private func caseByCase(
    _ part: SweepPart, of universe: Universe, against fixes: UpstreamFixes
  ) async throws(ExecutionError) -> SweepResult {
    let places = (0..<Int(part.casesAState(universe))).map { part.place($0, in: universe) }
    let results = try await check(
      places.map { .universe(name: universe.name, place: $0) }, against: [fixes])
    var found = SweepResult()
    for (place, result) in zip(places, results) {
      guard let result else { continue }
      found.cases += 1
      guard result.comparisons[0].difference != nil else { continue }
      found.differing += 1
      if found.examples.count < 4 { found.examples.append(place) }
    }
    return found
  }
}
