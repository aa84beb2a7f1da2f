// SPDX-License-Identifier: GPL-2.0-only

import Scenarios

/// The parts of the universes of a run: handed out, halved when a worker dies on one, and done when
/// every state was run once.
actor SweepQueue {
  private var waiting: [SweepPart]
  private var results: [String: SweepResult] = [:]
  private var doneCases: UInt64 = 0
  private let allCases: UInt64
  private let progress: @Sendable (Int, Int) -> Void
  /// States that a worker died on when they were alone.
  private(set) var deadly: [SweepPart] = []
  /// What went wrong for the whole run, if anything.
  private(set) var failure: ExecutionError?

  /// Cases a part, roughly: some tens of milliseconds of work.
  private static let casesAPart: UInt64 = 30_000

  init(universes: [Universe], progress: @escaping @Sendable (Int, Int) -> Void) {
    self.progress = progress
    allCases = universes.reduce(0) { $0 + $1.caseCount }
    // The last is handed out first: large universes before small ones keeps all workers busy.
    waiting = universes.flatMap { universe in
      let casesAState = universe.caseCount / universe.stateCount
      let states = max(1, Self.casesAPart / casesAState)
      return stride(from: 0, to: universe.stateCount, by: Int(states)).reversed().map { start in
        SweepPart(
          universe: universe.name, states: start..<min(start + states, universe.stateCount))
      }
    }
  }

  /// The next part; nil when none waits. A universe that was cut short is left.
  func next() -> SweepPart? {
    while failure == nil, let part = waiting.popLast() {
      if results[part.universe]?.isCutShort != true { return part }
    }
    return nil
  }

  func complete(_ part: SweepPart, with found: SweepResult) {
    results[part.universe, default: SweepResult()].add(found)
    doneCases += found.cases
    progress(Int(doneCases), Int(allCases))
  }

  /// A worker died on a part: its halves are tried apart, a single state case by case at the end.
  func workerDied(on part: SweepPart) {
    guard part.states.count > 1 else {
      deadly.append(part)
      // A subject that kills every worker is known well enough.
      if deadly.count >= 4 { results[part.universe, default: SweepResult()].isCutShort = true }
      return
    }
    let middle = part.states.lowerBound + UInt64(part.states.count / 2)
    waiting.append(
      SweepPart(universe: part.universe, states: middle..<part.states.upperBound))
    waiting.append(
      SweepPart(universe: part.universe, states: part.states.lowerBound..<middle))
  }

  func fail(_ error: ExecutionError) { failure = failure ?? error }

  /// What was found in a universe.
  func result(of universe: String) -> SweepResult { results[universe] ?? SweepResult() }
}
