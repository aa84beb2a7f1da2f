// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases

@Suite("The generator of random cases")
struct SplitMix64Tests {
  /// The published outputs of `splitmix64.c`: the words for 0 seed xoshiro256** in its reference tests; those
  /// for 1234567 are from Rosetta Code's "Pseudo-random numbers/Splitmix64".
  static let known: [(seed: UInt64, words: [UInt64])] = [
    (
      0,
      [
        0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f,
        0xf88b_b8a8_724c_81ec, 0x1b39_896a_51a8_749b,
      ]
    ),
    (
      1_234_567,
      [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ]
    ),
  ]

  @Test("gives the same words as the reference code", arguments: known)
  func reference(seed: UInt64, words: [UInt64]) {
    var random = SplitMix64(seed: seed)
    #expect(words.map { _ in random.next() } == words)
  }

  @Test("draws every number below a bound about equally often, and no other")
  func bounded() {
    var random = SplitMix64(seed: 7)
    for bound: UInt64 in [1, 2, 3, 7, 10] {
      var counts: [UInt64: Int] = [:]
      for _ in 0..<Int(bound) * 1000 { counts[random.below(bound), default: 0] += 1 }
      #expect(counts.keys.allSatisfy { $0 < bound }, "below \(bound)")
      #expect(counts.count == Int(bound), "below \(bound)")
      // Seven standard deviations of 1000 expected hits are at most 222.
      #expect(counts.values.allSatisfy { abs($0 - 1000) < 222 }, "below \(bound): \(counts)")
    }
  }

  @Test("draws both ends of a range, and any word of the widest range")
  func ranges() {
    var random = SplitMix64(seed: 3)
    let drawn = Set((0..<200).map { _ in random.within(5...8 as ClosedRange<UInt64>) })
    #expect(drawn == [5, 6, 7, 8])
    #expect(Set((0..<200).map { _ in random.within(-1...1 as ClosedRange<Int>) }) == [-1, 0, 1])
    let words = (0..<64).map { _ in random.within(0...UInt64.max as ClosedRange<UInt64>) }
    #expect(words.contains { $0 >= 1 << 63 } && words.contains { $0 < 1 << 63 })
    #expect(random.below(0) == 0)
  }

  @Test("draws according to weights")
  func weights() {
    var random = SplitMix64(seed: 11)
    var counts = [0, 0, 0]
    for _ in 0..<10000 { counts[random.weighted((70, 0), (0, 1), (30, 2))] += 1 }
    #expect(counts[1] == 0)
    #expect((6700...7300).contains(counts[0]), "\(counts)")
    #expect(random.pick([Int]()) == nil)
  }

  @Test("starts a different sequence for each list of numbers")
  func streams() {
    var lists: [[UInt64]] = []
    for mode: UInt64 in 3...5 {
      for seed: UInt64 in [0, 1, .max] {
        for index: UInt64 in [0, 1, 2, .max] { lists.append([mode, seed, index]) }
      }
    }
    lists.append([0, 1, 3])
    let first = lists.map { list in
      var random = SplitMix64(numbers: list)
      return random.next()
    }
    #expect(Set(first).count == lists.count)
  }
}
