// SPDX-License-Identifier: GPL-2.0-only

@testable import Cases
@testable import Machine
@testable import Port

/// Sample scenarios for tests of general rules.
enum Samples {
  static func catalogue(_ mode: PagingMode) -> [Scenario] { Catalogue.scenarios(mode: mode) }

  /// A few dozen cases of the universes of a mode, spread over each universe.
  static func universes(_ mode: PagingMode) -> [Scenario] {
    Universe.universes(.standard, mode: mode).flatMap { universe in
      (1...15 as ClosedRange<UInt64>).map { step in
        universe.scenario(
          of: UniverseCase(
            state: universe.stateCount / 16 * step,
            operation: Int(step) % universe.operations.count,
            range: universe.rangeCount / 16 * step))
      }
    }
  }
}

/// A generator that gives the same numbers in every run.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// Knuth's linear congruential generator; each number joins the better, upper halves of two states.
  mutating func next() -> UInt64 {
    func half(_ state: inout UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 32
    }
    return half(&state) << 32 | half(&state)
  }
}
