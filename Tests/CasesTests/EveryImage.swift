// SPDX-License-Identifier: GPL-2.0-only

@testable import Cases
@testable import Machine
@testable import Port

/// The images of a mode's cases, for properties that every one of them must have.
enum EveryImage {
  /// Every named case.
  static func named(
    _ mode: PagingMode, _ body: (Scenario, MachineImage) throws -> Void
  ) throws {
    for scenario in Catalogue.scenarios(mode: mode) { try body(scenario, scenario.lowered()) }
  }

  /// The first 600 random cases of a seed.
  static func random(
    _ mode: PagingMode, _ body: (Scenario, MachineImage) throws -> Void
  ) throws {
    let campaign = RandomCampaign(mode: mode, seed: 1)
    for index: UInt64 in 0..<600 {
      let scenario = campaign.scenario(index)
      try body(scenario, scenario.lowered())
    }
  }

  /// Every universe in its first state, one in the middle, and the last one.
  static func universes(
    _ mode: PagingMode, _ body: (_ place: String, _ cursor: inout UniverseCursor) -> Void
  ) {
    for universe in Universe.universes(.deep, mode: mode) {
      var cursor = UniverseCursor(universe)
      for state in [0, universe.stateCount / 2, universe.stateCount - 1] {
        cursor.setState(state)
        body("\(universe.name) \(state)", &cursor)
      }
    }
  }

  /// Every call of the universes in these states, with each range.
  static func callsOfUniverses(
    _ mode: PagingMode, _ body: (_ place: String, MachineImage) -> Void
  ) {
    universes(mode) { place, cursor in
      let universe = cursor.universe
      for operation in universe.operations.indices {
        for range in 0..<universe.rangeCount {
          cursor.setCall(operation, range: range)
          body("\(place)-\(operation)-\(range)", cursor.image)
        }
      }
    }
  }
}
