// SPDX-License-Identifier: GPL-2.0-only

/// The result of the search for the smallest scenario.
public struct ShrinkOutcome<Signature: Hashable & Sendable>: Sendable {
  /// The smallest scenario that shows the difference. Its id and purpose are those of the first scenario.
  public var scenario: Scenario
  /// The number of scenarios tested.
  public var candidatesTried: Int
  /// Whether no candidate of any pass still shows the difference. False if a limit ended the search before it
  /// could know.
  public var isMinimal: Bool
  /// Other differences that candidates showed, each with the smallest scenario that shows it. The search did
  /// not follow them.
  public var others: [Signature: Scenario]
}

/// The reason why a search does not begin.
enum ShrinkingError: Error, Equatable {
  /// The first scenario does not show the difference: both sides agree, it shows another difference, or it
  /// cannot run.
  case doesNotShow
}
