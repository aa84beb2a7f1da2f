// SPDX-License-Identifier: GPL-2.0-only

/// Shrinks a scenario that shows a difference, pass by pass, until no pass finds a smaller one that shows the
/// same difference.
///
/// Every step goes strictly down in ``ScenarioSize``, so a search ends. It is deterministic: the same
/// scenario and the same answers give the same outcome, unless the time limit ends the search. The paging
/// mode and the index width do not change.
public struct Shrinker<Signature: Hashable & Sendable>: Sendable {
  /// Runs scenarios on both sides. All of them can be lowered. Returns, in order, the difference that each
  /// one shows, or nil if the sides agree or the scenario cannot run.
  public typealias Test = @Sendable ([Scenario]) async throws -> [Signature?]

  private let limits: ShrinkLimits
  private let test: Test

  public init(limits: ShrinkLimits = ShrinkLimits(), test: @escaping Test) {
    self.limits = limits
    self.test = test
  }

  /// Finds the smallest scenario that still shows the difference with this signature.
  ///
  /// - Throws: `ShrinkingError.doesNotShow` if `scenario` does not show it, `CancellationError`, and the
  ///   errors of the test.
  public func shrink(
    _ scenario: Scenario, chasing signature: Signature
  ) async throws -> ShrinkOutcome<Signature> {
    var search = ShrinkSearch(scenario: scenario, signature: signature, limits: limits, test: test)
    return try await search.run()
  }
}

/// The state of one search.
private struct ShrinkSearch<Signature: Hashable & Sendable> {
  /// The number of candidates in the first batch of a step.
  private static var firstBatch: Int { 4 }

  let signature: Signature
  let limits: ShrinkLimits
  let test: Shrinker<Signature>.Test
  let deadline: ContinuousClock.Instant
  /// The smallest scenario so far that shows the difference.
  var current: Scenario
  /// The scenarios that were tested or cannot be lowered. None of them needs another test: if one showed the
  /// difference, the search went on from it or from a smaller one.
  var seen: Set<Scenario>
  var others: [Signature: Scenario] = [:]
  var tried = 0
  var isCutShort = false

  init(
    scenario: Scenario, signature: Signature, limits: ShrinkLimits,
    test: @escaping Shrinker<Signature>.Test
  ) {
    self.signature = signature
    self.limits = limits
    self.test = test
    deadline = .now + limits.time
    current = scenario
    seen = [scenario]
  }

  mutating func run() async throws -> ShrinkOutcome<Signature> {
    guard (try? current.lowered()) != nil, try await answers(for: [current]) == [signature] else {
      throw ShrinkingError.doesNotShow
    }
    var hasMoved = true
    while hasMoved, !isCutShort {
      hasMoved = false
      for pass in ShrinkPass.all {
        while !isCutShort, let smaller = try await smaller(by: pass) {
          current = smaller
          hasMoved = true
        }
      }
    }
    return ShrinkOutcome(
      scenario: current, candidatesTried: tried, isMinimal: !isCutShort, others: others)
  }

  /// The smallest candidate of a pass that shows the difference, from the first batch with such a candidate.
  private mutating func smaller(by pass: ShrinkPass) async throws -> Scenario? {
    var batch: [Scenario] = []
    // While every few candidates are a step, a large batch tests many in vain.
    var size = min(limits.batch, Self.firstBatch)
    let rule = ShrinkRule(from: current)
    for candidate in pass.proposals(from: current) {
      guard ContinuousClock.now < deadline else {
        isCutShort = true
        return nil
      }
      guard !seen.contains(candidate), rule.allows(candidate) else { continue }
      guard (try? candidate.lowered()) != nil else {
        seen.insert(candidate)
        continue
      }
      // The limit counts only if a candidate remains.
      guard tried + batch.count < limits.candidates else {
        isCutShort = true
        break
      }
      seen.insert(candidate)
      batch.append(candidate)
      if batch.count == size {
        if let found = try await smallest(of: batch) { return found }
        batch.removeAll(keepingCapacity: true)
        size = min(limits.batch, size * 2)
      }
    }
    return try await smallest(of: batch)
  }

  private mutating func smallest(of batch: [Scenario]) async throws -> Scenario? {
    guard !batch.isEmpty else { return nil }
    var found: Scenario?
    for (candidate, answer) in zip(batch, try await answers(for: batch)) {
      guard let answer else { continue }
      if answer == signature {
        found = Self.smaller(found, candidate)
      } else {
        others[answer] = Self.smaller(others[answer], candidate)
      }
    }
    return found
  }

  private mutating func answers(for batch: [Scenario]) async throws -> [Signature?] {
    try Task.checkCancellation()
    tried += batch.count
    let answers = try await test(batch)
    precondition(answers.count == batch.count, "the test owes one answer for each scenario")
    return answers
  }

  private static func smaller(_ one: Scenario?, _ other: Scenario) -> Scenario {
    guard let one, one.complexity <= other.complexity else { return other }
    return one
  }
}
