// SPDX-License-Identifier: GPL-2.0-only

import Scenarios

/// One way to make scenarios simpler: a pure function from a scenario to candidates, each strictly
/// smaller, big cuts first. Not every candidate can be lowered.
public struct ShrinkPass: Sendable {
  /// What the pass does, in a few words.
  public let name: String
  private let propose: @Sendable (Scenario) -> AnySequence<Scenario>

  init<Candidates: Sequence<Scenario> & SendableMetatype>(
    _ name: String, _ propose: @escaping @Sendable (Scenario) -> Candidates
  ) {
    self.name = name
    self.propose = { AnySequence(propose($0)) }
  }

  /// What the pass makes of a scenario, lazily: a stranger's scenario may have a million entries.
  ///
  /// A rewrite that is no step down in the order is not offered, nor one whose calls fit its tables
  /// worse than before.
  public func candidates(of scenario: Scenario) -> AnySequence<Scenario> {
    let size = scenario.complexity
    let misfits = scenario.misfitCount
    return AnySequence(
      propose(scenario).lazy.filter { $0.complexity < size && $0.misfitCount <= misfits })
  }

  /// All passes, those that take most away first.
  public static let all: [ShrinkPass] = [
    dropOperations, dropTables, dropEntries, shortenRuns, dropFrames, dropAltmaps, leavesForTables,
    shortenRanges, innerCalls, plainOwners, plainSettings, lowerAddresses, lowerSlots, lowerPages,
    plainWords, smallerNumbers,
  ]
}
