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

  @Test("takes parts apart, down to single cases, without losing or doubling one")
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

  @Test("goes on after the last case that was done") func rest() throws {
    let universe = try #require(walks)
    var part = SweepPart(universe, states: 3..<6)
    part.ranges = 2..<5
    let all = places(part)
    for done in 0...all.count {
      let rest = part.rest(after: done).flatMap(places)
      #expect(rest == Array(all[done...]), "after \(done)")
    }
  }

  /// Runs all parts of a queue with workers that die of some cases.
  private func run(
    _ universe: Universe, limits: RunLimits, dying isDeadly: (UniverseCase) -> Bool
  ) async -> (result: SweepResult, costly: CostlyFunctions, deaths: Int) {
    let queue = SweepQueue(
      universes: [universe], functions: Set(KernelFunction.allCases),
      costly: CostlyFunctions(limits),
      stop: StopSignal(), progress: { _, _ in })
    var deaths = 0
    while let part = await queue.next() {
      if places(part).contains(where: isDeadly) {
        deaths += 1
        await queue.workerDied(on: part)
      } else {
        var found = SweepResult()
        found.cases = part.caseCount
        await queue.complete(part, with: found)
      }
    }
    return (await queue.result(of: universe.name), await queue.costly, deaths)
  }

  @Test("finds the one case that workers die of, and runs all others") func oneDeadly() async throws
  {
    let universe = try #require(walks)
    let culprit = UniverseCase(state: 4, operation: 1, range: 7)
    let run = await run(universe, limits: RunLimits()) { $0 == culprit }
    #expect(run.result.cases == universe.caseCount)
    #expect(run.result.differing == 1)
    #expect(run.result.examples == [culprit])
    #expect(run.costly.functions.isEmpty)
    #expect(run.deaths < 40)
  }

  @Test("leaves an operation that always ends its worker, and runs all of the others")
  func deadlyOperation() async throws {
    let universe = try #require(walks)
    let run = await run(universe, limits: RunLimits()) { $0.operation == 2 }
    let other = universe.caseCount / UInt64(universe.operations.count) * 3
    #expect(run.result.cases == other + 2)
    #expect(run.result.differing == 2)
    #expect(run.costly.functions == [universe.operations[2].function])
    #expect(run.deaths < 60)
  }

  @Test("leaves an operation that is slow again and again") func slow() async throws {
    let universe = try #require(walks)
    let queue = SweepQueue(
      universes: [universe], functions: Set(KernelFunction.allCases),
      costly: CostlyFunctions(RunLimits()),
      stop: StopSignal(), progress: { _, _ in })
    let first = try #require(await queue.next())
    var found = SweepResult()
    found.cases = 5
    found.differing = 3
    found.slow = Array(repeating: universe.operations[first.operations[0]].function, count: 3)
    found.rest = first.rest(after: 5)
    await queue.complete(first, with: found)
    while let part = await queue.next() {
      #expect(!part.operations.contains(first.operations[0]))
      var found = SweepResult()
      found.cases = part.caseCount
      await queue.complete(part, with: found)
    }
    let other = universe.caseCount / UInt64(universe.operations.count) * 3
    #expect(await queue.result(of: universe.name).cases == other + 5)
  }
}

@Suite("CostlyFunctions")
struct TroubleTests {
  @Test("is put down to the function that most deadly cases call") func deadly() {
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

  @Test("takes three slow cases of the same function") func slow() {
    var costly = CostlyFunctions(RunLimits())
    for function in [KernelFunction.vmemmapFree, .vmemmapFree, .archAddMemory] {
      costly.noteSlow(function)
    }
    #expect(costly.functions.isEmpty)
    costly.noteSlow(.vmemmapFree)
    #expect(costly.functions == [.vmemmapFree])
  }

  @Test("is no long trace that the reference has too, as random cases may") func longest() throws {
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
