// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Worker

@Suite("The queue of a sweep")
struct SweepQueueTests {
  private let walks = Universe.named("sv39/walks/direct", among: Architecture.riscv.modes)

  private func places(_ part: SweepPart) -> [UniverseCase] {
    (0..<Int(part.caseCount)).map { part.place($0) }
  }

  @Test("splits parts down to single cases, without losing or repeating one")
  func pieces() throws {
    let universe = try #require(walks)
    var part = SweepPart(universe, states: 3..<8)
    part.ranges = 5..<12
    var open = [part]
    var single: [UniverseCase] = []
    while let next = open.popLast() {
      if next.caseCount == 1 {
        single.append(next.place(0))
        #expect(next.pieces.isEmpty)
      } else {
        #expect(next.pieces.allSatisfy { $0.caseCount > 0 && $0.caseCount < next.caseCount })
        open += next.pieces
      }
    }
    #expect(single.sorted() == places(part))
  }

  @Test("continues after the last finished case") func rest() throws {
    let universe = try #require(walks)
    var part = SweepPart(universe, states: 3..<6)
    part.ranges = 2..<5
    let all = places(part)
    for done in 0...all.count {
      let rest = part.rest(after: done).flatMap(places)
      #expect(rest == Array(all[done...]), "after \(done)")
    }
  }

  /// What the cases of a universe do to a worker.
  private struct Behaviour {
    var isDeadly: (UniverseCase) -> Bool = { _ in false }
    var isSlow: (UniverseCase) -> Bool = { _ in false }
    var isWrong: (UniverseCase) -> Bool = { _ in false }
  }

  private struct Run: Equatable {
    var results: [SweepResult]
    var costly: Set<KernelFunction>
  }

  /// The result of a part in a worker, up to three slow cases or five wrong ones.
  private func work(_ part: SweepPart, of universe: Universe, _ behaviour: Behaviour) -> SweepResult
  {
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

  /// Runs all blocks of a queue with some workers at once; a seed decides which of them is ready next.
  private func run(
    _ universes: [Universe], _ behaviour: Behaviour, workers: Int = 1, seed: UInt64 = 0,
    casesPerBlock: UInt64? = nil
  ) async -> (run: Run, deaths: Int) {
    let queue = SweepQueue(
      universes: universes, functions: Set(KernelFunction.allCases),
      costly: CostlyFunctions(RunLimits()), casesPerBlock: casesPerBlock,
      stop: StopSignal(), progress: { _, _ in })
    var random = SplitMix64(seed: seed)
    var deaths = 0
    var open: [SweepQueue.Piece] = []
    while true {
      while open.count < workers, let piece = await queue.next() { open.append(piece) }
      guard !open.isEmpty else { break }
      let piece = open.remove(at: Int(random.next() % UInt64(open.count)))
      if places(piece.part).contains(where: behaviour.isDeadly) {
        deaths += 1
        await queue.workerDied(on: piece)
      } else if let universe = universes.first(where: { $0.name == piece.part.universe }) {
        await queue.complete(piece, with: work(piece.part, of: universe, behaviour))
      }
    }
    var results: [SweepResult] = []
    for universe in universes { results.append(await queue.result(of: universe)) }
    return (Run(results: results, costly: await queue.costly.functions), deaths)
  }

  @Test("finds the one case that workers die of, and runs all others") func oneDeadly() async throws
  {
    let universe = try #require(walks)
    let culprit = UniverseCase(state: 4, operation: 1, range: 7)
    let (run, deaths) = await run([universe], Behaviour(isDeadly: { $0 == culprit }))
    #expect(run.results[0].cases == universe.caseCount)
    #expect(run.results[0].differing == 1)
    #expect(run.results[0].examples == [culprit])
    #expect(run.costly.isEmpty)
    #expect(deaths < 40)
  }

  @Test("skips an operation that always ends its worker, and runs all others")
  func deadlyOperation() async throws {
    let universe = try #require(walks)
    let (run, deaths) = await run([universe], Behaviour(isDeadly: { $0.operation == 2 }))
    let other = universe.caseCount / UInt64(universe.operations.count) * 3
    #expect(run.results[0].cases == other + 2)
    #expect(run.results[0].differing == 2)
    #expect(run.costly == [universe.operations[2].function])
    #expect(deaths < 60)
  }

  @Test("skips an operation that is slow repeatedly") func slow() async throws {
    let universe = try #require(walks)
    let (run, _) = await run([universe], Behaviour(isSlow: { $0.operation == 0 && $0.range < 5 }))
    let other = universe.caseCount / UInt64(universe.operations.count) * 3
    #expect(run.results[0].cases == other + 3)
    #expect(run.costly == [universe.operations[0].function])
  }

  /// Small universes, to be cut into small blocks.
  private var several: [Universe] {
    get throws {
      try ["sv39/walks/direct", "sv39/linear/long", "sv48/walks/direct"].map {
        try #require(Universe.named($0, among: Architecture.riscv.modes))
      }
    }
  }

  @Test(
    "has the same results for any number of workers, whichever is ready first",
    arguments: [UInt64](1...12))
  func anyOrder(seed: UInt64) async throws {
    let universes = try several
    let blocks = universes.map { universe in
      SweepBlock.parts(
        of: universe, operations: Array(universe.operations.indices), cases: 300
      ).count
    }
    #expect(blocks.reduce(0, +) > 3 * universes.count)
    let behaviours = [
      Behaviour(),
      Behaviour(isWrong: { $0.state % 997 == 3 && $0.operation == 0 }),
      Behaviour(isSlow: { $0.state > seed * 10 && $0.operation == 1 }),
      Behaviour(
        isSlow: { $0.state % 31 == seed && $0.operation == 0 },
        isWrong: { $0.state % 7919 == 2 }),
      Behaviour(isDeadly: { $0.state == 5 && $0.operation == 0 && $0.range < 3 }),
    ]
    for (number, behaviour) in behaviours.enumerated() {
      let (alone, _) = await run(universes, behaviour, casesPerBlock: 300)
      for workers in [2, 3, 7] {
        let (together, _) = await run(
          universes, behaviour, workers: workers, seed: seed, casesPerBlock: 300)
        #expect(together == alone, "behaviour \(number), \(workers) workers")
      }
    }
  }
}

@Suite("The list of costly functions")
struct TroubleTests {
  @Test("gets the function that most deadly cases call") func deadly() {
    var costly = CostlyFunctions(RunLimits())
    costly.noteDeadly([.archAddMemory, .archRemoveMemory])
    #expect(costly.functions.isEmpty)
    costly.noteDeadly([.vmemmapFree, .archRemoveMemory])
    costly.noteDeadly([.archAddMemory, .archRemoveMemory, .vmemmapFree])
    costly.settle()
    #expect(costly.functions == [.archRemoveMemory])
    costly.noteDeadly([.archRemoveMemory, .archAddMemory])
    costly.noteDeadly([.archAddMemory])
    costly.settle()
    #expect(costly.functions == [.archRemoveMemory])
    costly.noteDeadly([.archAddMemory])
    costly.settle()
    #expect(costly.functions == [.archRemoveMemory, .archAddMemory])
  }

  @Test("gets a function after three slow cases of it") func slow() {
    var costly = CostlyFunctions(RunLimits())
    for function in [KernelFunction.vmemmapFree, .vmemmapFree, .archAddMemory] {
      costly.noteSlow(function)
    }
    #expect(costly.functions.isEmpty)
    costly.noteSlow(.vmemmapFree)
    #expect(costly.functions == [.vmemmapFree])
  }

  @Test("ignores a long trace that the reference has, too, as random cases may")
  func longest() throws {
    for mode in Architecture.riscv.modes {
      let checker = CaseChecker(fixes: [.latest])
      for index in 0..<UInt64(200) {
        let observed = checker.observe(
          try RandomCampaign(mode: mode, seed: 1).scenario(index).lowered())
        let isCostly = observed.isCostly(besides: observed)
        #expect(!isCostly, "\(mode.name) \(index)")
      }
    }
  }
}
