// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

extension Supervisor {
  /// The start of a run, in which no function is known to be costly.
  var noneCostly: CostlyFunctions { CostlyFunctions(limits) }

  /// The outcome of a universe.
  struct SweepOutcome: Sendable {
    var universe: Universe
    /// The combined result of its parts.
    var result: SweepResult
    /// The facts of a shard, by the first states of its blocks.
    var facts: [UInt64: BlockFact] = [:]
    /// The number of workers that died in the sweep.
    var lostWorkers = 0
    /// Whether it comes from an earlier run.
    var isKept = false
  }

  /// Runs complete universes, as far as they call functions that the subject has, and compares every case
  /// with the port at a set of fixes. `progress` gets the number of cases done, and the total.
  ///
  /// A universe with many differing cases is cut short, and cases of functions that are `costly` or become so
  /// are skipped. Both show in the number of cases, as does a stopped run. With `untilOneDiffers`, all
  /// universes end at the first case that differs. `work` says which blocks to run.
  func sweep(
    _ universes: [Universe], calling functions: Set<KernelFunction>, against fixes: UpstreamFixes,
    costly: inout CostlyFunctions, untilOneDiffers: Bool = false, work: CampaignWork = .whole,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(ExecutionError) -> [SweepOutcome] {
    let kept = answers?.book(against: [fixes], kernel: plan.kernelOptions)
    let queue = SweepQueue(
      universes: universes, functions: functions, costly: costly, endsAtFirst: untilOneDiffers,
      shard: work.shard,
      known: { part in
        work.facts?.block(
          .init(fixes: fixes, universe: part.universe, first: part.states.lowerBound))
      }, stop: stop, progress: progress)
    try await serve(queue, slots: jobs) {
      let checker = SweepChecker(fixes: fixes, kernel: plan.kernelOptions, kept: kept)
      return { piece, conversation in try await checker.check(piece.part, with: conversation) }
    }
    kept?.save()
    costly = await queue.costly
    var outcomes: [SweepOutcome] = []
    for universe in universes {
      var outcome = SweepOutcome(universe: universe, result: await queue.result(of: universe))
      outcome.lostWorkers = await queue.lostWorkers
      if work.shard != nil { outcome.facts = await queue.facts(of: universe) }
      outcomes.append(outcome)
    }
    return outcomes
  }
}
