// SPDX-License-Identifier: GPL-2.0-only

import MachineModel
import Scenarios

/// The parts of the universes of a run: handed out, halved when a worker dies on one, and done when
/// every state was run once.
actor SweepQueue {
  private var waiting: [SweepPart]
  private var results: [String: SweepResult] = [:]
  private var doneCases: UInt64 = 0
  private let allCases: UInt64
  private let endsAtFirst: Bool
  private let stop: StopSignal
  private let progress: @Sendable (Int, Int) -> Void
  /// States that a worker died on when they were alone.
  private(set) var deadly: [SweepPart] = []
  /// What went wrong for the whole run, if anything.
  private(set) var failure: ExecutionError?

  /// Cases a part, roughly: some tens of milliseconds of work. A range of 4 GiB takes a millisecond.
  private static func casesAPart(_ universe: Universe) -> UInt64 {
    universe.ranges == .long ? 48 : 100_000
  }

  init(
    universes: [Universe], functions: Set<SurfaceFunction>, endsAtFirst: Bool, stop: StopSignal,
    progress: @escaping @Sendable (Int, Int) -> Void
  ) {
    self.endsAtFirst = endsAtFirst
    self.stop = stop
    self.progress = progress
    // The last is handed out first: what takes long before what does not keeps all workers busy.
    waiting = []
    var cases: UInt64 = 0
    let ordered = universes.filter { $0.ranges != .long } + universes.filter { $0.ranges == .long }
    for universe in ordered {
      let operations = universe.operations.indices.filter {
        functions.contains(universe.operations[$0].function)
      }
      let whole = SweepPart(
        universe: universe.name, states: 0..<universe.stateCount, operations: operations)
      guard !operations.isEmpty else { continue }
      cases += universe.stateCount * whole.casesAState(universe)
      let states = max(1, Self.casesAPart(universe) / whole.casesAState(universe))
      waiting += stride(from: 0, to: universe.stateCount, by: Int(states)).reversed().map { start in
        var part = whole
        part.states = start..<min(start + states, universe.stateCount)
        return part
      }
    }
    allCases = cases
  }

  /// Whether a case that differs has ended it all.
  var isOver: Bool { endsAtFirst && results.values.contains { $0.differing > 0 } }

  /// The next part; nil when none waits, or the run was stopped or is over. A universe that was cut short is
  /// left.
  func next() -> SweepPart? {
    while failure == nil, !stop.isSet, !isOver, let part = waiting.popLast() {
      if results[part.universe]?.isCutShort != true { return part }
    }
    return nil
  }

  /// Takes a part's result.
  func complete(_ part: SweepPart, with found: SweepResult) {
    results[part.universe, default: SweepResult()].add(found)
    doneCases += found.cases
    progress(Int(doneCases), Int(allCases))
  }

  /// A worker died on a part: its halves are tried apart, a single state case by case at the end. When
  /// the run was stopped, that was the death.
  func workerDied(on part: SweepPart) {
    if stop.isSet { return }
    guard part.states.count > 1 else {
      deadly.append(part)
      // A subject that kills every worker is known well enough.
      if deadly.count >= 4 { results[part.universe, default: SweepResult()].isCutShort = true }
      return
    }
    let middle = part.states.lowerBound + UInt64(part.states.count / 2)
    for states in [middle..<part.states.upperBound, part.states.lowerBound..<middle] {
      var half = part
      half.states = states
      waiting.append(half)
    }
  }

  /// Gives a part back that no worker has seen.
  func putBack(_ part: SweepPart) { waiting.append(part) }

  func fail(_ error: ExecutionError) { failure = failure ?? error }

  /// What was found in a universe.
  func result(of universe: String) -> SweepResult { results[universe] ?? SweepResult() }
}
