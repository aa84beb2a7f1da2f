// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Oracle
import Port

/// The result of one case of a run: the case in short form, and its comparison with the port at each set of
/// fixes.
public struct CaseFinding: Sendable {
  /// The case's index in the run.
  public var place: Int
  /// The scenario's id.
  public var scenario: String
  /// The paging mode's name.
  public var mode: String
  /// The function that each operation calls.
  public var operations: [KernelFunction]
  /// The measure by which a run chooses the smallest case.
  public var size: ScenarioSize
  /// The comparison with the port at each set of fixes.
  public var comparisons: [UpstreamFixes: ComparisonResult]
  /// The oracle rules that the subject broke.
  public var broken: BrokenRules

  public init(
    place: Int, scenario: String, mode: String, operations: [KernelFunction], size: ScenarioSize,
    comparisons: [UpstreamFixes: ComparisonResult], broken: BrokenRules = BrokenRules()
  ) {
    self.place = place
    self.scenario = scenario
    self.mode = mode
    self.operations = operations
    self.size = size
    self.comparisons = comparisons
    self.broken = broken
  }

  /// The difference from the port at a set of fixes; nil when the case agrees, or when the difference is a
  /// mend.
  public func difference(from fixes: UpstreamFixes) -> Difference? {
    guard let result = comparisons[fixes], result.mends.isEmpty else { return nil }
    return result.difference
  }

  /// The function whose direct call differs from the port at a set of fixes.
  func differingFunction(from fixes: UpstreamFixes) -> KernelFunction? {
    guard let result = comparisons[fixes], difference(from: fixes) != nil else { return nil }
    return result.differingFunction(of: operations)
  }
}

extension [CaseFinding] {
  /// At most `limit` of them, evenly spread.
  func spread(atMost limit: Int) -> [CaseFinding] {
    guard count > limit else { return self }
    return (0..<limit).map { self[$0 * count / limit] }
  }
}
