// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

extension Campaign {
  /// Runs universes group by group, each group in workers of its own. What an earlier run found in a group with the
  /// same machine code is taken from there, if this campaign keeps results. Functions that a group shows to be costly
  /// are skipped in those behind it; a group that is kept shows none.
  func sweepInGroups(
    _ universes: [Universe], calling present: Set<KernelFunction>, with supervisor: Supervisor,
    against fixes: UpstreamFixes, costly: inout CostlyFunctions
  ) async throws(ExecutionError) -> [Supervisor.SweepOutcome] {
    let groups = SweepGroup.groups(of: universes, calling: present)
    var memory: GroupMemory?
    if keepsResults, !stop.isSet {
      memory = await GroupMemory(of: groups, calling: present, with: supervisor, against: fixes)
    }
    let shards = UInt64(work.shard?.count ?? 1)
    func share(_ universes: [Universe]) -> Int {
      Int(universes.reduce(0) { $0 + $1.caseCount(calling: present) } / shards)
    }
    let all = share(universes)
    var done = 0
    var found: [String: Supervisor.SweepOutcome] = [:]
    for (number, group) in groups.enumerated() {
      let isSkipped = !group.functions.isDisjoint(with: costly.functions)
      // All or none: one that runs may show that a function is costly, which skips cases of the others.
      let kept = isSkipped ? [] : group.universes.compactMap { memory?.result(of: $0, in: number) }
      if kept.count == group.universes.count {
        for (universe, result) in zip(group.universes, kept) {
          found[universe.name] = Supervisor.SweepOutcome(
            universe: universe, result: result, isKept: true)
        }
        done += share(group.universes)
        continue
      }
      let before = done
      let progress = progress
      let swept = try await supervisor.sweep(
        group.universes, calling: present, against: fixes, costly: &costly, work: work,
        progress: { ran, _ in progress.cases(min(before + ran, all), all) })
      done += share(group.universes)
      for outcome in swept { found[outcome.universe.name] = outcome }
      if !stop.isSet { memory?.keep(swept, of: number) }
    }
    memory?.save()
    return universes.compactMap { found[$0.name] }
  }
}
