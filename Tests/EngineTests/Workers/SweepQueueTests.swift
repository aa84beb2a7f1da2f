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

  private typealias Behaviour = MadeUpSweep.Behaviour

  private func places(_ part: SweepPart) -> [UniverseCase] { MadeUpSweep.places(part) }

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

  @Test("finds the one case that workers die of, and runs all others") func oneDeadly() async throws
  {
    let universe = try #require(walks)
    let culprit = UniverseCase(state: 4, operation: 1, range: 7)
    let run = await MadeUpSweep(universes: [universe]).run(
      Behaviour(isDeadly: { $0 == culprit }))
    #expect(run.outcome.results[0].cases == universe.caseCount)
    #expect(run.outcome.results[0].differing == 1)
    #expect(run.outcome.results[0].examples == [culprit])
    #expect(run.outcome.costly.isEmpty)
    #expect(run.deaths < 40)
  }

  @Test("skips an operation that always ends its worker, and runs all others")
  func deadlyOperation() async throws {
    let universe = try #require(walks)
    let run = await MadeUpSweep(universes: [universe]).run(
      Behaviour(isDeadly: { $0.operation == 2 }))
    let other = universe.caseCount / UInt64(universe.operations.count) * 3
    #expect(run.outcome.results[0].cases == other + 2)
    #expect(run.outcome.results[0].differing == 2)
    #expect(run.outcome.costly == [universe.operations[2].function])
    #expect(run.deaths < 60)
  }

  @Test("skips an operation that is slow repeatedly") func slow() async throws {
    let universe = try #require(walks)
    let run = await MadeUpSweep(universes: [universe]).run(
      Behaviour(isSlow: { $0.operation == 0 && $0.range < 5 }))
    let other = universe.caseCount / UInt64(universe.operations.count) * 3
    #expect(run.outcome.results[0].cases == other + 3)
    #expect(run.outcome.costly == [universe.operations[0].function])
  }

  @Test("ends a universe once enough cases of all its blocks differ", arguments: [1, 2, 5])
  func sparse(workers: Int) async throws {
    let all = Architecture.riscv.modes.flatMap { Universe.universes(.standard, mode: $0) }
    let universe = try #require(all.first { $0.stateCount > 2 * SweepChecker.enough })
    var sweep = MadeUpSweep(universes: [universe])
    sweep.casesPerBlock = universe.rangeCount * UInt64(universe.operations.count)
    // One case of each block differs.
    let run = await sweep.run(
      Behaviour(isWrong: { $0.operation == 0 && $0.range == 0 }), workers: workers)
    #expect(run.outcome.results[0].isCutShort)
    #expect(run.outcome.results[0].differing == SweepChecker.enough)
    #expect(run.outcome.results[0].cases < universe.caseCount / 2)
  }

  @Test(
    "has the same results for any number of workers, whichever is ready first",
    arguments: [UInt64](1...12))
  func anyOrder(seed: UInt64) async throws {
    let sweep = try MadeUpSweep.several()
    #expect(sweep.blockCount > 3 * sweep.universes.count)
    for (number, behaviour) in Behaviour.all(seed: seed).enumerated() {
      let alone = await sweep.run(behaviour)
      for workers in [2, 3, 7] {
        let together = await sweep.run(behaviour, workers: workers, seed: seed)
        #expect(together.outcome == alone.outcome, "behaviour \(number), \(workers) workers")
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
