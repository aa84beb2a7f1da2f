// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Worker

/// A sweep by workers that are made up: a behaviour says what each case does to them.
struct MadeUpSweep {
  /// What the cases of a universe do to a worker.
  struct Behaviour {
    var isDeadly: (UniverseCase) -> Bool = { _ in false }
    var isSlow: (UniverseCase) -> Bool = { _ in false }
    var isWrong: (UniverseCase) -> Bool = { _ in false }

    /// Subjects that are right, wrong here and there, hang from some state on, hang and are wrong, or end workers.
    static func all(seed: UInt64) -> [Behaviour] {
      [
        Behaviour(),
        Behaviour(isWrong: { $0.state % 997 == 3 && $0.operation == 0 }),
        Behaviour(isSlow: { $0.state > seed * 10 && $0.operation == 1 }),
        Behaviour(
          isSlow: { $0.state % 31 == seed && $0.operation == 0 },
          isWrong: { $0.state % 7919 == 2 }),
        Behaviour(isDeadly: { $0.state == 5 && $0.operation == 0 && $0.range < 3 }),
      ]
    }
  }

  /// What a run says in the end.
  struct Outcome: Equatable {
    var results: [SweepResult]
    var costly: Set<KernelFunction>
  }

  /// What a run did.
  struct Run {
    var outcome: Outcome
    /// The number of workers that died.
    var deaths = 0
    /// The number of cases that workers ran.
    var cases: UInt64 = 0
    /// The facts of each universe, by the first states of blocks.
    var facts: [String: [UInt64: BlockFact]] = [:]
  }

  let universes: [Universe]
  var casesPerBlock: UInt64?

  /// Small universes, to be cut into small blocks.
  static func several() throws -> MadeUpSweep {
    let universes = try ["sv39/walks/direct", "sv39/linear/long", "sv48/walks/direct"].map {
      try #require(Universe.named($0, among: Architecture.riscv.modes))
    }
    return MadeUpSweep(universes: universes, casesPerBlock: 300)
  }

  /// The number of blocks.
  var blockCount: Int {
    universes.reduce(0) { count, universe in
      count
        + SweepBlock.parts(
          of: universe, operations: Array(universe.operations.indices), cases: casesPerBlock
        ).count
    }
  }

  /// Runs all blocks, or those of a shard, with some workers at once; a seed decides which of them is ready next. A
  /// block with a fact in `known` need not run.
  func run(
    _ behaviour: Behaviour, workers: Int = 1, seed: UInt64 = 0, shard: Shard? = nil,
    known: [String: [UInt64: BlockFact]] = [:]
  ) async -> Run {
    let queue = SweepQueue(
      universes: universes, functions: Set(KernelFunction.allCases),
      costly: CostlyFunctions(RunLimits()), casesPerBlock: casesPerBlock, shard: shard,
      known: { known[$0.universe]?[$0.states.lowerBound] }, stop: StopSignal(),
      progress: { _, _ in })
    var random = SplitMix64(seed: seed)
    var run = Run(outcome: Outcome(results: [], costly: []))
    var open: [SweepQueue.Piece] = []
    while true {
      while open.count < workers, let piece = await queue.next() { open.append(piece) }
      guard !open.isEmpty else { break }
      let piece = open.remove(at: Int(random.next() % UInt64(open.count)))
      if Self.places(piece.part).contains(where: behaviour.isDeadly) {
        run.deaths += 1
        await queue.workerDied(on: piece)
      } else if let universe = universes.first(where: { $0.name == piece.part.universe }) {
        let found = work(piece.part, of: universe, behaviour)
        run.cases += found.cases
        await queue.complete(piece, with: found)
      }
    }
    for universe in universes {
      run.outcome.results.append(await queue.result(of: universe))
      run.facts[universe.name] = await queue.facts(of: universe)
    }
    run.outcome.costly = await queue.costly.functions
    return run
  }

  /// The result of a part in a worker, up to three slow cases or five wrong ones.
  private func work(
    _ part: SweepPart, of universe: Universe, _ behaviour: Behaviour
  ) -> SweepResult {
    var found = SweepResult()
    for index in 0..<Int(part.caseCount) {
      let place = part.place(index)
      found.cases += 1
      let isSlow = behaviour.isSlow(place)
      guard isSlow || behaviour.isWrong(place) else { continue }
      found.differing += 1
      found.examples.append(place)
      if isSlow { found.slow.append(universe.operations[place.operation].function) }
      if found.slow.count == 3 {
        found.rest = part.rest(after: index + 1)
        return found
      }
      if found.differing == 5 {
        found.isCutShort = true
        return found
      }
    }
    return found
  }

  static func places(_ part: SweepPart) -> [UniverseCase] {
    (0..<Int(part.caseCount)).map { part.place($0) }
  }
}
