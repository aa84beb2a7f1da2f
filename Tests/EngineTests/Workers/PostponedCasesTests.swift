// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Worker

/// A case that will probably take long waits for those before it, which may say to skip it.
@Suite("The cases of a function that was slow")
struct PostponedCasesTests {
  /// A made-up case: the function that it calls, and whether the call is slow.
  private struct Case {
    var function: KernelFunction
    var isSlow: Bool
    var mode = "sv39"
  }

  /// What a run did.
  private struct Run {
    /// The cases of each batch, in the order in which the queue handed them out.
    var handed: [[Int]] = []
    var slowCases = 0
    var results: [Bool?] = []
  }

  /// Cases by letters: a function, one that calls it (in capitals), and one that has nothing to do with both.
  private static func cases(_ letters: String, slow: Set<Int> = []) -> [Case] {
    let functions: [Character: KernelFunction] = [
      "f": .removePteMapping, "F": .removePmdMapping, "g": .createPteMapping,
    ]
    return letters.enumerated().map { place, letter in
      Case(function: functions[letter] ?? .vmemmapFree, isSlow: slow.contains(place))
    }
  }

  private static func queue(_ cases: [Case]) -> CaseQueue<CaseReference, Bool> {
    let costly = CostlyCases<Bool>(
      calls: cases.map { [$0.function] }, modes: cases.map(\.mode),
      costly: CostlyFunctions(RunLimits())
    ) { isSlow, calls, costly in
      if isSlow { costly.noteSlow(calls[0]) }
    }
    return CaseQueue(
      cases: cases.indices.map { CaseReference.catalogue(mode: cases[$0].mode, index: $0) },
      batchSize: 4, deathResult: true, leaving: costly, isEnough: { _, _ in false },
      stop: StopSignal(), progress: { _, _ in })
  }

  /// Runs cases with some workers; each answers up to its first slow case. The worker that has waited longest answers
  /// first, or with a seed any.
  private static func run(_ cases: [Case], workers: Int = 1, seed: UInt64? = nil) async -> Run {
    let queue = queue(cases)
    var random = SplitMix64(seed: seed ?? 0)
    var run = Run()
    var open: [CaseQueue<CaseReference, Bool>.Batch] = []
    while true {
      while open.count < workers, let batch = await queue.next() {
        run.handed.append(batch.indices)
        open.append(batch)
      }
      guard !open.isEmpty else { break }
      let place = seed == nil ? 0 : Int(random.next() % UInt64(open.count))
      let batch = open.remove(at: place)
      let slow = batch.indices.firstIndex { cases[$0].isSlow }
      let done = batch.indices[...(slow ?? batch.indices.count - 1)]
      if slow != nil { run.slowCases += 1 }
      await queue.complete(batch, with: done.map { cases[$0].isSlow })
    }
    run.results = await queue.allResults()
    return run
  }

  /// The results if none is skipped.
  private static func all(_ cases: [Case]) -> [Bool?] { cases.map { $0.isSlow } }

  /// The results of a run of one case after the other: after three slow cases of a function the others are skipped;
  /// after one, if the function calls a costly one or was costly in another mode.
  private static func oneByOne(_ cases: [Case]) -> [Bool?] {
    var costly: Set<KernelFunction> = []
    var costlyBefore: Set<KernelFunction> = []
    var slow: [KernelFunction: Int] = [:]
    var mode = ""
    return cases.map { one -> Bool? in
      if one.mode != mode {
        costlyBefore.formUnion(costly)
        costly = []
        slow = [:]
        mode = one.mode
      }
      if costly.contains(one.function) { return nil }
      guard one.isSlow else { return false }
      slow[one.function, default: 0] += 1
      let isExpected =
        costlyBefore.contains(one.function) || !one.function.reach.isDisjoint(with: costly)
      if slow[one.function, default: 0] >= (isExpected ? 1 : 3) { costly.insert(one.function) }
      return true
    }
  }

  @Test("and of its callers come one at a time, in order, after the others of their batch")
  func order() async {
    let cases = Self.cases("fgggFfgfgggg", slow: [0])
    let run = await Self.run(cases)
    #expect(
      run.handed == [[0, 1, 2, 3], [1, 2, 3], [6], [4], [5], [7], [8, 9, 10, 11]])
    #expect(run.results == Self.all(cases))
  }

  @Test("are those alone: its callees are as quick as before") func callees() async {
    let run = await Self.run(Self.cases("Fgggfgfgffff", slow: [0]))
    #expect(run.handed == [[0, 1, 2, 3], [1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]])
  }

  @Test("all run if it never becomes costly", arguments: 1...3) func never(workers: Int) async {
    let letters = String(repeating: "fFgf", count: 12)
    let cases = Self.cases(letters, slow: [3, 24])
    for seed in UInt64(1)...10 {
      let run = await Self.run(cases, workers: workers, seed: seed)
      #expect(run.results == Self.all(cases), "seed \(seed)")
      #expect(run.slowCases == 2, "seed \(seed)")
    }
  }

  @Test("cost little time where all of them are slow", arguments: 1...4)
  func few(workers: Int) async {
    let letters = String(repeating: "f", count: 80)
    let run = await Self.run(Self.cases(letters, slow: Set(0..<80)), workers: workers)
    #expect(run.results.indices.filter { run.results[$0] != nil } == [0, 1, 2])
    // One for each further worker before anything is known, and one while the last of the three runs.
    #expect(run.slowCases <= 3 + 2 * (workers - 1))
  }

  @Test(
    "have the results that they have one by one, and the same are skipped",
    arguments: UInt64(1)...40)
  func sameResults(seed: UInt64) async {
    var random = SplitMix64(seed: seed)
    let functions: [KernelFunction] = [
      .removePteMapping, .removePmdMapping, .removePgdMapping, .vmemmapFree, .createPteMapping,
    ]
    let cases = (0..<90).map { place in
      Case(
        function: functions[Int(random.next() % UInt64(functions.count))],
        isSlow: random.next() % 2 == 0, mode: ["sv39", "sv48", "sv57"][place / 30])
    }
    let expected = Self.oneByOne(cases)
    #expect(expected.contains { $0 == nil }, "seed \(seed)")
    for workers in 1...3 {
      for order in 0..<4 {
        let run = await Self.run(cases, workers: workers, seed: seed * 100 + UInt64(order))
        #expect(run.results == expected, "seed \(seed), \(workers) workers, order \(order)")
      }
    }
  }
}
