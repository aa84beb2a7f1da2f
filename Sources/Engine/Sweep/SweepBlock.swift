// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Worker

/// The unit of a sweep: some states of a universe, with all operations of the subject. Its states depend on the
/// universe alone, and its result on the block and on the functions that it skips, so a result is the same
/// whatever else runs.
struct SweepBlock: Sendable {
  /// The index of the universe in the run.
  let universe: Int
  /// All cases of the block.
  let whole: SweepPart
  /// The pieces that wait, the next one last. One piece is out at a time, so the order is always the same.
  var waiting: [SweepPart] = []
  /// Whether a worker runs a piece.
  var isOut = false
  /// Whether it has begun. A block that begins in a universe that ends early has nothing to run.
  var hasBegun = false
  /// Whether it began without any cases, in the belief that its universe ends before it.
  var isPassedOver = false
  /// The functions whose cases it skips from its start.
  var skipped: Set<KernelFunction> = []
  /// Whether its result counts.
  var isCounted = false
  /// What this block alone shows about costly functions.
  var costly: CostlyFunctions
  var result = SweepResult()
  /// The trials of its cases, in order.
  var notes: [SweepNote] = []
  /// The number of workers in a row that died of the single case that waits.
  var deaths = 0

  init(_ whole: SweepPart, universe: Int, costly: CostlyFunctions) {
    self.whole = whole
    self.universe = universe
    self.costly = costly
  }

  var isDone: Bool { hasBegun && !isOut && waiting.isEmpty }

  /// The number of cases in a block, approximately: some tens of milliseconds of work. A range of 4 GiB takes a
  /// millisecond.
  private static func cases(in universe: Universe) -> UInt64 {
    universe.ranges == .long ? 48 : 100_000
  }

  /// All states of a universe in blocks, with some of its operations. `cases` is the size of a block where it is not
  /// the usual one.
  static func parts(
    of universe: Universe, operations: [Int], cases: UInt64? = nil
  ) -> [SweepPart] {
    guard !operations.isEmpty else { return [] }
    let states = max(
      1,
      (cases ?? self.cases(in: universe))
        / (UInt64(universe.operations.count) * universe.rangeCount))
    return stride(from: 0, to: universe.stateCount, by: Int(states)).map { start in
      SweepPart(
        universe, states: start..<min(start + states, universe.stateCount), operations: operations)
    }
  }

  /// Starts the block, anew if it ran before, without the cases of these functions.
  mutating func begin(
    skipping functions: Set<KernelFunction>, of universe: Universe, knowing known: CostlyFunctions
  ) {
    self = SweepBlock(whole, universe: self.universe, costly: known.counting(with: functions))
    hasBegun = true
    skipped = functions
    var part = whole
    part.operations.removeAll { functions.contains(universe.operations[$0].function) }
    if !part.operations.isEmpty { waiting = [part] }
  }

  /// Takes what a shard found in this block, which then has nothing to run.
  mutating func adopt(_ fact: BlockFact) {
    waiting = []
    result = fact.result
    notes = fact.notes
    for note in notes { costly.take(note) }
  }

  /// What the block found, for the run that merges it with those of other shards.
  var fact: BlockFact { BlockFact(skipped: skipped, result: result, notes: notes) }

  /// Takes the next piece; nil when none waits, or while one is out.
  mutating func take() -> SweepPart? {
    guard !isOut, let part = waiting.popLast() else { return nil }
    isOut = true
    return part
  }

  /// Adds the result of the piece that was out.
  mutating func add(_ found: SweepResult, of universe: Universe) {
    isOut = false
    deaths = 0
    result.add(found)
    waiting = result.isCutShort ? [] : waiting + found.rest.reversed()
    for function in found.slow { note(.slow(function), of: universe) }
  }

  /// Adds a single case that ends its worker.
  mutating func addDeadly(_ place: UniverseCase, of universe: Universe) {
    var found = SweepResult()
    found.cases = 1
    found.differing = 1
    found.examples = [place]
    add(found, of: universe)
    note(.deadly(universe.operations[place.operation].function), of: universe)
  }

  /// Keeps what a case says, and leaves what it makes too costly to run.
  private mutating func note(_ note: SweepNote, of universe: Universe) {
    notes.append(note)
    costly.take(note)
    for index in waiting.indices {
      waiting[index].operations.removeAll {
        costly.functions.contains(universe.operations[$0].function)
      }
    }
    waiting.removeAll { $0.operations.isEmpty }
  }
}

/// What a case of a block says about its function.
package enum SweepNote: Hashable, Sendable {
  case slow(KernelFunction)
  case deadly(KernelFunction)
}

extension CostlyFunctions {
  /// Records what a case of a sweep shows.
  mutating func take(_ note: SweepNote) {
    switch note {
    case .slow(let function): noteSlow(function)
    case .deadly(let function):
      noteDeadly([function])
      settle()
    }
  }
}
