// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Port
import Worker

/// A fixed part of a universe: a few neighbouring states at many places all over it, with every operation and
/// range.
struct SmallSlice {
  /// The universes to measure: those of standard depth with states over ranges of whole pages. Others have
  /// ranges of a million steps, which would hide all other costs.
  static func universes(_ mode: PagingMode) -> [Universe] {
    Universe.universes(.standard, mode: mode).filter {
      $0.ranges == .pages && $0.indexBits == 1 && $0.stateCount > 1
    }
  }

  let universe: Universe
  let parts: [SweepPart]

  /// About `cases` cases of a universe, spread over `places` places.
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

  var caseCount: Int {
    parts.reduce(0) { $0 + Int($1.caseCount) }
  }
}
