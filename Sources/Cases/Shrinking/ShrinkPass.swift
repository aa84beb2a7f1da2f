// SPDX-License-Identifier: GPL-2.0-only

/// One way to simplify scenarios: a pure function from a scenario to candidates, big cuts first. The
/// candidates that `candidates(of:)` returns are strictly smaller; not all of them can be lowered.
struct ShrinkPass: Sendable {
  /// A short description of the pass.
  let name: String
  private let propose: @Sendable (Scenario) -> AnySequence<Scenario>

  init<Candidates: Sequence<Scenario> & SendableMetatype>(
    _ name: String, _ propose: @escaping @Sendable (Scenario) -> Candidates
  ) {
    self.name = name
    self.propose = { AnySequence(propose($0)) }
  }

  /// The candidates of the pass that ``ShrinkRule`` allows. The sequence is lazy because a user's scenario
  /// may have a million entries.
  ///
  /// - Precondition: the scenario can be lowered.
  func candidates(of scenario: Scenario) -> AnySequence<Scenario> {
    let rule = ShrinkRule(from: scenario)
    return AnySequence(propose(scenario).lazy.filter { rule.allows($0) })
  }

  /// All candidates of the pass, lazily, without a check by ``ShrinkRule``. The rule may reject a thousand in
  /// a row, so the caller checks its deadline between them.
  func proposals(from scenario: Scenario) -> AnySequence<Scenario> { propose(scenario) }

  /// All passes, in order: those that remove most, or make the tests of all others short, come first.
  static let all: [ShrinkPass] = [
    dropOperations, shortenRanges, dropTables, dropEntries, shortenRuns, dropFrames, dropAltmaps,
    dropSections, leavesForTables, innerCalls, plainOwners, plainSettings, lowerAddresses,
    lowerSlots, lowerPages,
    plainWords, smallerNumbers,
  ]
}

/// The condition for a step: the candidate is smaller in ``ScenarioSize``, and has no more misfit calls.
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
