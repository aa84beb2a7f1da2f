// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Port
import Worker

/// A fixed part of a universe: a few neighbouring states at many places all over it, with every
/// operation and range.
struct SmallSlice {
  /// The universes that are measured: those of standard depth with states over ranges of whole pages.
  /// Among the others are ranges of a million steps, beside which nothing else would show.
  static func universes(_ mode: PagingMode) -> [Universe] {
    Universe.universes(.standard, mode: mode).filter {
      $0.ranges == .pages && $0.indexBits == 1 && $0.stateCount > 1
    }
  }

  let universe: Universe
  let parts: [SweepPart]

  /// About so many cases of a universe, spread over so many places.
  init(_ universe: Universe, cases: UInt64, places: UInt64) {
    self.universe = universe
    let casesPerState = UInt64(universe.operations.count) * universe.rangeCount
    let states = min(universe.stateCount, max(1, cases / casesPerState))
    let places = min(places, states)
    let statesAPlace = states / places
    let distance = universe.stateCount / places
    parts = (0..<places).map { place in
      let first = place * distance
      return SweepPart(universe, states: first..<first + statesAPlace)
    }
  }

  /// How many cases it has.
  var caseCount: Int {
    parts.reduce(0) { $0 + Int($1.caseCount) }
  }
}
