// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port

@Suite("The cases skipped because of a costly function")
struct CostlyCasesTests {
  /// A made-up case: the function that it calls, and whether the call is slow.
  private struct Case {
    var function: KernelFunction
    var isSlow: Bool
    var mode = "sv39"
  }

  private func drawn(_ random: inout SplitMix64) -> [Case] {
    let functions: [KernelFunction] = [
      .removePteMapping, .removePmdMapping, .removePgdMapping, .vmemmapFree, .createPteMapping,
    ]
    return (0..<90).map { place in
      Case(
        function: functions[Int(random.next() % UInt64(functions.count))],
        isSlow: random.next() % 2 == 0, mode: ["sv39", "sv48", "sv57"][place / 30])
    }
  }

  private func costlyCases(_ cases: [Case]) -> CostlyCases<Bool> {
    CostlyCases(
      calls: cases.map { [$0.function] }, modes: cases.map(\.mode),
      costly: CostlyFunctions(RunLimits())
    ) { isSlow, calls, costly in
      if isSlow { costly.noteSlow(calls[0]) }
    }
  }

  /// Whether each case has a result in the end, if results arrive in this order.
  private func kept(_ cases: [Case], order: [Int]) -> [Bool] {
    var costly = costlyCases(cases)
    var results = [Bool?](repeating: nil, count: cases.count)
    for place in order where !costly.leaves(place) {
      results[place] = cases[place].isSlow
      costly.settle(&results)
    }
    #expect(results.count { $0 == nil } == costly.left)
    return results.map { $0 != nil }
  }

  @Test("are the same for any order of the results", arguments: UInt64(1)...40)
  func order(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let cases = drawn(&random)
    let expected = kept(cases, order: Array(cases.indices))
    #expect(expected.contains(false), "seed \(seed)")
    for _ in 0..<10 {
      let order = cases.indices.shuffled(using: &random)
      #expect(kept(cases, order: order) == expected, "seed \(seed), order \(order)")
    }
  }

  @Test("are the same if all results are known before", arguments: UInt64(1)...40)
  func known(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let cases = drawn(&random)
    let expected = kept(cases, order: Array(cases.indices))
    let settled = try #require(costlyCases(cases).settled(cases.map(\.isSlow)))
    #expect(settled.results.map { $0 != nil } == expected)
    // A result that is not needed may be missing; one that is needed may not.
    let needed = zip(cases, expected).map { $1 ? $0.isSlow : nil }
    #expect(costlyCases(cases).settled(needed) != nil)
    let last = try #require(expected.lastIndex(of: true))
    var fewer = needed
    fewer[last] = nil
    #expect(costlyCases(cases).settled(fewer) == nil)
  }

  @Test("come after the third slow case of a function, or the first one of its callers")
  func callers() {
    let slow: [KernelFunction] = [
      .removePteMapping, .removePteMapping, .removePteMapping, .removePteMapping,
      .removePmdMapping, .removePmdMapping, .createPteMapping,
    ]
    let kept = kept(slow.map { Case(function: $0, isSlow: true) }, order: Array(slow.indices))
    #expect(kept == [true, true, true, false, true, false, true])
  }

  @Test("come after the first slow case in a mode if another mode has shown the function")
  func modes() {
    let cases = ["sv39", "sv39", "sv39", "sv39", "sv48", "sv48", "sv57"].map {
      Case(function: .vmemmapFree, isSlow: true, mode: $0)
    }
    let kept = kept(cases, order: Array(cases.indices))
    #expect(kept == [true, true, true, false, true, false, true])
  }
}
