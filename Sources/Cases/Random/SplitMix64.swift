// SPDX-License-Identifier: GPL-2.0-only

/// The generator of random campaigns: SplitMix64 of G. Steele, D. Lea and C. Flood, "Fast splittable
/// pseudorandom number generators" (OOPSLA 2014), with the constants of S. Vigna's reference code
/// `splitmix64.c`.
///
/// A case must be the same on every machine and with every compiler, so all draws use the methods here: the
/// standard library does not promise that `random(in:using:)` and `shuffled` stay as they are.
struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The sequence of the reference code for a seed.
  init(seed: UInt64) { state = seed }

  /// A separate sequence for each list of numbers, e.g. a seed and an index. Two lists that differ only in
  /// the last number never start in the same state.
  init(numbers: [UInt64]) {
    state = numbers.reduce(0) { Self.mix($0 ^ Self.mix($1 &+ Self.increment)) }
  }

  /// 2^64 divided by the golden ratio, made odd.
  private static let increment: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// The finalizer: a bijection of 64-bit words (variant 13 of D. Stafford's mixers).
  private static func mix(_ word: UInt64) -> UInt64 {
    var mixed = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func next() -> UInt64 {
    state &+= Self.increment
    return Self.mix(state)
  }

  /// A uniform number below `bound` (0 if `bound` is 0): the upper word of a product, with rejection of the
  /// surplus (D. Lemire, "Fast random integer generation in an interval", 2019).
  mutating func below(_ bound: UInt64) -> UInt64 {
    guard bound > 0 else { return 0 }
    let surplus = (0 &- bound) % bound
    while true {
      let product = next().multipliedFullWidth(by: bound)
      if product.low >= surplus { return product.high }
    }
  }

  /// A uniform number in a closed range.
  mutating func within(_ range: ClosedRange<UInt64>) -> UInt64 {
    let span = range.upperBound - range.lowerBound
    return span == .max ? next() : range.lowerBound + below(span + 1)
  }

  /// A uniform number in a closed range.
  mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(below(UInt64(range.upperBound - range.lowerBound) + 1))
  }

  /// True with a probability of `chance` percent.
  mutating func percent(_ chance: UInt64) -> Bool { below(100) < chance }

  /// A uniform choice from a list; nil if it is empty.
  mutating func pick<Value>(_ values: [Value]) -> Value? {
    values.isEmpty ? nil : values[Int(below(UInt64(values.count)))]
  }

  /// A uniform choice from one or more values.
  mutating func one<Value>(of first: Value, _ others: Value...) -> Value {
    let index = Int(below(UInt64(others.count) + 1))
    return index == 0 ? first : others[index - 1]
  }

  /// A choice from one or more values, each with a probability in proportion to its weight.
  mutating func weighted<Value>(_ first: (UInt64, Value), _ others: (UInt64, Value)...) -> Value {
    var left = below(others.reduce(first.0) { $0 + $1.0 })
    if left < first.0 { return first.1 }
    left -= first.0
    for (weight, value) in others {
      if left < weight { return value }
      left -= weight
    }
    return first.1
  }
}
