// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

/// The parts of the universes of a run. The queue hands them out, splits a part when a worker dies on it, and
/// is done when every case ran once or was skipped for a reason that the results show.
actor SweepQueue: WorkQueue {
  /// A worker can die of something other than its case. A case counts as deadly after this number of deaths
  /// alone, or, once `doubtfulCases` cases were deadly, after one.
  private let deathsToBelieve = 3
  private let doubtfulCases = 12

  private let universes: [String: Universe]
  private var waiting: [SweepPart] = []
  private var results: [String: SweepResult] = [:]
  private var doneCases: UInt64 = 0
  private var allCases: UInt64 = 0
  private let endsAtFirst: Bool
  private let stop: StopSignal
  private let progress: @Sendable (Int, Int) -> Void
  /// The number of workers that died of a single case.
  private var deaths: [SweepPart: Int] = [:]
  private var deadlyCases = 0
  /// The functions whose cases are skipped.
  private(set) var costly: CostlyFunctions

  /// The approximate number of cases in a part: some tens of milliseconds of work. A range of 4 GiB takes a
  /// millisecond.
  private static func casesPerPart(_ universe: Universe) -> UInt64 {
    universe.ranges == .long ? 48 : 100_000
  }

  init(
    universes: [Universe], functions: Set<KernelFunction>, costly: CostlyFunctions,
    endsAtFirst: Bool = false, stop: StopSignal,
    progress: @escaping @Sendable (Int, Int) -> Void
  ) {
    self.endsAtFirst = endsAtFirst
    self.stop = stop
    self.progress = progress
    self.costly = costly
    self.universes = Dictionary(universes.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    // The last part is handed out first: long parts before short ones keep all workers busy.
    let ordered = universes.filter { $0.ranges != .long } + universes.filter { $0.ranges == .long }
    for universe in ordered {
      let operations = universe.operations.indices.filter {
        functions.contains(universe.operations[$0].function)
      }
      let whole = SweepPart(universe, states: 0..<universe.stateCount, operations: operations)
      guard whole.caseCount > 0 else { continue }
      allCases += whole.caseCount
      let states = max(1, Self.casesPerPart(universe) / whole.casesPerState)
      waiting += stride(from: 0, to: universe.stateCount, by: Int(states)).reversed().map { start in
        let end = min(start + states, universe.stateCount)
        return SweepPart(universe, states: start..<end, operations: operations)
      }
    }
  }

  /// Whether a case that differs has ended all universes.
  private var isOver: Bool {
    endsAtFirst && results.values.contains { $0.differing + $0.mended > 0 }
  }

  /// The next part; nil when none waits, or when the run was stopped or is over. A universe that was cut
  /// short is skipped, and so are operations that call a costly function.
  func next() -> SweepPart? {
    while !stop.isSet, !isOver, var part = waiting.popLast() {
      guard results[part.universe]?.isCutShort != true, let universe = universes[part.universe]
      else { continue }
      if !costly.functions.isEmpty {
        part.operations.removeAll {
          costly.functions.contains(universe.operations[$0].function)
        }
      }
      if !part.operations.isEmpty { return part }
    }
    return nil
  }

  func complete(_ part: SweepPart, with found: SweepResult) {
    results[part.universe, default: SweepResult()].add(found)
    for function in found.slow { costly.noteSlow(function) }
    waiting += found.rest.reversed()
    doneCases += found.cases
    progress(Int(doneCases), Int(allCases))
  }

  /// A worker died on a part: its pieces run separately, and a single case runs again until it counts as
  /// deadly. If the run was stopped, the stop killed the worker.
  func workerDied(on part: SweepPart) {
    if stop.isSet { return }
    guard part.caseCount == 1, let universe = universes[part.universe] else {
      waiting += part.pieces.reversed()
      return
    }
    deaths[part, default: 0] += 1
    guard deaths[part, default: 0] >= deathsToBelieve || deadlyCases >= doubtfulCases else {
      waiting.append(part)
      return
    }
    deadlyCases += 1
    let place = part.place(0)
    var found = SweepResult()
    found.cases = 1
    found.differing = 1
    found.examples = [place]
    costly.noteDeadly([universe.operations[place.operation].function])
    costly.settle()
    complete(part, with: found)
  }

  func putBack(_ part: SweepPart) { waiting.append(part) }

  /// The result so far for a universe.
  func result(of universe: String) -> SweepResult { results[universe] ?? SweepResult() }
}
