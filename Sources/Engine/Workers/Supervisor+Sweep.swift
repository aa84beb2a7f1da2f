// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

extension Supervisor {
  /// To begin a run with: no function is known to be costly.
  var noneCostly: CostlyFunctions { CostlyFunctions(limits) }

  /// What came of a universe.
  struct SweepOutcome: Sendable {
    /// What was swept.
    var universe: Universe
    /// What its parts found together.
    var result: SweepResult
  }

  /// Runs universes whole, as far as they call functions that the subject has, and holds every case
  /// against the port at some fixes; `progress` hears how many cases are done, of how many.
  ///
  /// A universe in which many cases differ is cut short, cases of functions that are `costly` or turn out to be are
  /// left; both show by the number of cases, as does a run that is stopped. With `untilOneDiffers` all
  /// end at the first case that does.
  func sweep(
    _ universes: [Universe], calling functions: Set<KernelFunction>, against fixes: UpstreamFixes,
    costly: inout CostlyFunctions, untilOneDiffers: Bool = false,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(ExecutionError) -> [SweepOutcome] {
    let queue = SweepQueue(
      universes: universes, functions: functions, costly: costly, endsAtFirst: untilOneDiffers,
      stop: stop, progress: progress)
    try await serve(queue, slots: jobs) {
      let checker = SweepChecker(fixes: fixes, kernel: plan.kernelOptions)
      return { part, conversation in try await checker.check(part, with: conversation) }
    }
    costly = await queue.costly
    var outcomes: [SweepOutcome] = []
    for universe in universes {
      outcomes.append(
        SweepOutcome(universe: universe, result: await queue.result(of: universe.name)))
    }
    return outcomes
  }
}
