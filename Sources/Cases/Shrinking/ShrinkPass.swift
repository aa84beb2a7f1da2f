// SPDX-License-Identifier: GPL-2.0-only

/// One way to make scenarios simpler: a pure function from a scenario to candidates, each strictly
/// smaller, big cuts first. Not every candidate can be lowered.
struct ShrinkPass: Sendable {
  /// What the pass does, in a few words.
  let name: String
  private let propose: @Sendable (Scenario) -> AnySequence<Scenario>

  init<Candidates: Sequence<Scenario> & SendableMetatype>(
    _ name: String, _ propose: @escaping @Sendable (Scenario) -> Candidates
  ) {
    self.name = name
    self.propose = { AnySequence(propose($0)) }
  }

  /// What the pass makes of a scenario, lazily: a stranger's scenario may have a million entries.
  ///
  /// - Precondition: the scenario can be lowered.
  func candidates(of scenario: Scenario) -> AnySequence<Scenario> {
    let rule = ShrinkRule(from: scenario)
    return AnySequence(propose(scenario).lazy.filter { rule.allows($0) })
  }

  /// What the pass makes of a scenario, lazily, before the rule for steps has been asked: it may
  /// not allow one of a thousand of them, and the clock does not stand still meanwhile.
  func proposals(from scenario: Scenario) -> AnySequence<Scenario> { propose(scenario) }

  /// All passes, those that take most away first.
  static let all: [ShrinkPass] = [
    dropOperations, dropTables, dropEntries, shortenRuns, dropFrames, dropAltmaps, dropSections,
    leavesForTables, shortenRanges, innerCalls, plainOwners, plainSettings, lowerAddresses,
    lowerSlots, lowerPages,
    plainWords, smallerNumbers,
  ]
}

/// Which scenarios may follow one: none that is no step down in the order, and none whose calls fit
/// its tables worse.
struct ShrinkRule {
  private let size: ScenarioSize
  private let misfits: Int

  init(from scenario: Scenario) {
    size = scenario.complexity
    misfits = scenario.misfitCount
  }

  func allows(_ candidate: Scenario) -> Bool {
    candidate.complexity < size && candidate.misfitCount <= misfits
  }
}
