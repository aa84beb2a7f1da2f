// SPDX-License-Identifier: GPL-2.0-only

import HotplugPort
import MachineModel
import Scenarios

extension Supervisor {
  /// No trouble so far, as much of it as this one puts up with.
  public var noTrouble: Trouble { Trouble(patience) }

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
  /// A universe in which many cases differ is cut short, functions in `trouble` or that get into it are
  /// left; both show by the number of cases, as does a run that is stopped. With `untilOneDiffers` all
  /// end at the first case that does.
  public func sweep(
    _ universes: [Universe], calling functions: Set<SurfaceFunction>, against fixes: UpstreamFixes,
    trouble: inout Trouble, untilOneDiffers: Bool = false,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(ExecutionError) -> [SweepOutcome] {
    let queue = SweepQueue(
      universes: universes, functions: functions, trouble: trouble, endsAtFirst: untilOneDiffers,
      stop: stop, progress: progress)
    try await sweep(through: queue) {
      let checker = SweepChecker(fixes: fixes, kernel: plan.kernelOptions)
      return { part, conversation in try await checker.check(part, with: conversation) }
    }
    trouble = await queue.trouble
    var outcomes: [SweepOutcome] = []
    for universe in universes {
      outcomes.append(
        SweepOutcome(universe: universe, result: await queue.result(of: universe.name)))
    }
    return outcomes
  }

  /// What a worker slot does with a part; nil when the worker is gone.
  typealias PartWork = (SweepPart, Exchange.Conversation) async throws -> SweepResult?

  /// Hands all parts of a queue to worker slots, each with work of its own to do on them.
  func sweep(
    through queue: SweepQueue, work: @escaping @Sendable () -> PartWork
  ) async throws(ExecutionError) {
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<jobs { group.addTask { await slot(of: queue, work()) } }
    }
    if let failure = await queue.failure { throw failure }
  }

  private func slot(of queue: SweepQueue, _ work: PartWork) async {
    var startsLeft = restarts
    while let first = await queue.next() {
      do {
        let unfinished = try await exchange().session(program: program, plan: plan) {
          conversation -> SweepPart? in
          var part: SweepPart? = first
          while let current = part {
            guard let result = try await work(current, conversation) else { return current }
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
}
