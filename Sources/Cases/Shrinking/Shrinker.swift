// SPDX-License-Identifier: GPL-2.0-only

/// Makes a scenario that shows a difference smaller, pass by pass, until no pass finds a smaller
/// one that shows the same difference.
///
/// Every step goes strictly down in `ScenarioSize`, so a search ends. It is deterministic: the same
/// scenario and the same answers give the same outcome, unless the limit of time strikes. The
/// paging mode and the index width stay as they are.
public struct Shrinker<Signature: Hashable & Sendable>: Sendable {
  /// Runs scenarios, all of which can be lowered, on both sides: for each, in order, which
  /// difference it shows, or nil when the sides agree or it cannot be run.
  public typealias Test = @Sendable ([Scenario]) async throws -> [Signature?]

  private let limits: ShrinkLimits
  private let test: Test

  /// A shrinker that asks `test` what scenarios show.
  public init(limits: ShrinkLimits = ShrinkLimits(), test: @escaping Test) {
    self.limits = limits
    self.test = test
  }

  /// The smallest scenario to be found from this one that shows the difference of that signature.
  ///
  /// - Throws: `ShrinkingError.doesNotShow` when this one does not show it, `CancellationError`,
  ///   and what the test throws.
  public func shrink(
    _ scenario: Scenario, chasing signature: Signature
  ) async throws -> ShrinkOutcome<Signature> {
    var search = ShrinkSearch(scenario: scenario, signature: signature, limits: limits, test: test)
    return try await search.run()
  }
}

/// One search: where it stands, and what it has seen.
private struct ShrinkSearch<Signature: Hashable & Sendable> {
  let signature: Signature
  let limits: ShrinkLimits
  let test: Shrinker<Signature>.Test
  let deadline: ContinuousClock.Instant
  /// The smallest scenario so far that shows the difference.
  var current: Scenario
  /// What was tested, or cannot be lowered. A candidate seen before never needs another test: if it
  /// showed the difference, the search went on from it or from a smaller one.
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

  /// A candidate of a pass that shows the difference: the smallest of the first batch that has any.
  private mutating func smaller(by pass: ShrinkPass) async throws -> Scenario? {
    var batch: [Scenario] = []
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
      // Only a candidate that is left makes the limit one.
      guard tried + batch.count < limits.candidates else {
        isCutShort = true
        break
      }
      seen.insert(candidate)
      batch.append(candidate)
      if batch.count == limits.batch {
        if let found = try await smallest(of: batch) { return found }
        batch.removeAll(keepingCapacity: true)
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
