// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Lab

@Suite("The ratios of pairs of runs")
struct PairedRatioTests {
  @Test("of equal programs lie around 1, which is no slower")
  func equal() {
    let ratio = PairedRatio([0.99, 1.01, 1.0, 0.98, 1.02, 1.0, 1.01])
    #expect(ratio.median == 1)
    #expect(ratio.interval == 0.98...1.02)
    #expect(ratio.speed == .noSlower)
  }

  @Test("show that a program is 10 % slower if their spread is small")
  func slower() {
    let ratio = PairedRatio([1.09, 1.11, 1.1, 1.08, 1.12, 1.1, 1.06])
    #expect(ratio.median == 1.1)
    #expect(ratio.interval == 1.06...1.12)
    #expect(ratio.speed == .slower)
  }

  @Test("of a program that is 10 % slower do not tell if their spread is large")
  func unclear() {
    let ratio = PairedRatio([1.3, 0.95, 1.1, 1.02, 1.18, 1.1, 1.25])
    #expect(ratio.median == 1.1)
    #expect(ratio.interval == 0.95...1.3)
    #expect(ratio.speed == .cannotTell)
  }

  @Test("show that a program is faster, by more than the limit only")
  func faster() {
    #expect(PairedRatio([0.9, 0.91, 0.89, 0.9, 0.92, 0.9, 0.88]).speed == .faster)
    #expect(PairedRatio([0.97, 0.98, 0.96, 0.97, 0.98, 0.97, 0.96]).speed == .noSlower)
  }

  @Test("may reach the limit")
  func limit() {
    let limit = [Double](repeating: PairedRatio.limit, count: 7)
    #expect(PairedRatio(limit).speed == .noSlower)
  }

  @Test("do not tell if there are fewer than six, however much slower a program is")
  func few() {
    for count in 1...5 {
      #expect(PairedRatio([Double](repeating: 3, count: count)).speed == .cannotTell)
      #expect(PairedRatio([Double](repeating: 0.3, count: count)).speed == .noSlower)
    }
    #expect(PairedRatio([Double](repeating: 3, count: 6)).speed == .slower)
    #expect(PairedRatio([Double](repeating: 0.3, count: 6)).speed == .faster)
    #expect(PairedRatio.ends(of: PairedRatio.leastPairs - 1).confidence < 0.95)
    #expect(PairedRatio.ends(of: PairedRatio.leastPairs).confidence >= 0.95)
  }

  /// The probabilities are those of so many tosses of a coin, by hand.
  @Test(
    "enclose the true median with a known probability, without the outermost if there are many",
    arguments: [
      (1, 0, 0), (2, 0, 0.5), (5, 0, 0.9375), (6, 0, 0.96875), (7, 0, 0.984375),
      (8, 0, 0.9921875), (9, 1, 0.9609375), (11, 1, 0.98828125),
    ] as [(Int, Int, Double)])
  func confidence(count: Int, dropped: Int, confidence: Double) {
    let ends = PairedRatio.ends(of: count)
    #expect(ends.dropped == dropped)
    #expect(ends.confidence == confidence)
  }

  @Test("of nine pairs survive one that something else disturbed")
  func outlier() {
    let ratio = PairedRatio([1.1, 1.1, 1.1, 0.5, 1.1, 1.1, 1.1, 1.1, 1.1])
    #expect(ratio.interval == 1.1...1.1)
    #expect(ratio.speed == .slower)
  }

  @Test("have a median in the middle, whatever their order and number")
  func median() {
    #expect(PairedRatio.median(of: [3]) == 3)
    #expect(PairedRatio.median(of: [4, 1]) == 2.5)
    #expect(PairedRatio.median(of: [9, 1, 2]) == 2)
    #expect(PairedRatio.median(of: [8, 1, 2, 4]) == 3)
  }
}
