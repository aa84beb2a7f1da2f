// SPDX-License-Identifier: GPL-2.0-only

/// How a figure of this program stands to the same figure of another one: the ratios of both, pair by pair of runs.
///
/// Nothing is assumed about the noise of a machine. Half of all ratios lie below their true median, so the chance
/// that a whole sample lies on one side of it is that of a coin that always falls on the same side.
public struct PairedRatio: Hashable, Sendable {
  /// What can be said of a program's speed.
  public enum Speed: String, CaseIterable, Sendable {
    /// The whole interval lies above the limit.
    case slower
    /// The median lies above the limit, but not the whole interval; or there are too few pairs.
    case cannotTell = "cannot-tell"
    /// The median is not above the limit.
    case noSlower = "no-slower"
    /// The whole interval lies below 1 by the same factor.
    case faster
  }

  /// The ratio that is still no reason to fail.
  public static let limit = 1.05
  /// The least probability with which an interval has to hold the true median.
  static let leastConfidence = 0.95
  /// The number of pairs that such an interval needs.
  static let leastPairs = 6

  /// The middle of the ratios.
  public let median: Double
  /// The range in which the true median lies, between two of the ratios.
  public let interval: ClosedRange<Double>
  /// The probability that the interval holds the true median.
  public let confidence: Double

  /// - Precondition: there is at least one ratio, and each is finite.
  init(_ ratios: [Double]) {
    precondition(!ratios.isEmpty, "no pairs of runs")
    let sorted = ratios.sorted()
    let ends = Self.ends(of: sorted.count)
    median = Self.median(of: sorted)
    interval = sorted[ends.dropped]...sorted[sorted.count - 1 - ends.dropped]
    confidence = ends.confidence
  }

  /// The answer that the ratios give.
  public var speed: Speed {
    let isSure = confidence >= Self.leastConfidence
    if isSure, interval.lowerBound > Self.limit { return .slower }
    if median > Self.limit { return .cannotTell }
    return isSure && interval.upperBound < 1 / Self.limit ? .faster : .noSlower
  }

  /// The number of ratios to drop at each end of a sample, so that those left enclose the true median with at least
  /// `leastConfidence`, and the probability that they do. None is dropped from a small sample.
  static func ends(of count: Int) -> (dropped: Int, confidence: Double) {
    var dropped = 0
    // The probability that exactly `dropped` of the ratios lie below the true median, and that at most so many do.
    var exactly = (0..<count).reduce(1.0) { power, _ in power / 2 }
    var atMost = exactly
    while dropped < count {
      let next = exactly * Double(count - dropped) / Double(dropped + 1)
      guard 1 - 2 * (atMost + next) >= leastConfidence else { break }
      dropped += 1
      exactly = next
      atMost += next
    }
    return (dropped, 1 - 2 * atMost)
  }

  /// The middle of some values, or half-way between the two in the middle.
  ///
  /// - Precondition: there is at least one value.
  static func median(of values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
