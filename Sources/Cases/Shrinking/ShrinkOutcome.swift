// SPDX-License-Identifier: GPL-2.0-only

/// What a search for the smallest scenario found.
public struct ShrinkOutcome<Signature: Hashable & Sendable>: Sendable {
  /// The smallest scenario that showed the difference chased; its id and purpose are those of the
  /// scenario that the search began with.
  public var scenario: Scenario
  /// How often a scenario was tested.
  public var candidatesTried: Int
  /// Whether no candidate of any pass shows the difference any more; false when a limit ended the
  /// search before that was known.
  public var isMinimal: Bool
  /// Other differences that were met on the way, each with the smallest scenario that showed it.
  /// They were not followed.
  public var others: [Signature: Scenario]
}

/// Why a search does not begin.
enum ShrinkingError: Error, Equatable {
  /// The scenario to begin with does not show the difference: it agrees, shows another one or
  /// cannot be run.
  case doesNotShow
}
