// SPDX-License-Identifier: GPL-2.0-only

/// The log of marks that a subject with `MHP_LOOK` keeps (`mhp/coverage.h`): the number of all marks so far,
/// and the numbers of the latest ones in a ring.
///
/// A subject writes it, so nothing in it is certain: numbers that no mark has are possible.
public struct MarkLog: Sendable {
  /// All marks since the object was loaded.
  public let count: Int
  private let ring: [UInt16]

  /// Reads the bytes of a worker's answer; nil if they hold no log.
  public init?(bytes: [UInt8]) {
    guard bytes.count >= 6 else { return nil }
    count = (0..<4).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    ring = stride(from: 4, to: bytes.count - 1, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
  }

  /// The marks after the first `start`, in order; those that the ring no longer has are missing.
  public func marks(after start: Int) -> [Int] {
    let first = max(0, start, count - ring.count)
    return first < count ? (first..<count).map { Int(ring[$0 % ring.count]) } : []
  }

  /// The marks after the first `start` in two parts: the first `length`, and the rest. The subject wrote the
  /// numbers, so any length is possible.
  public func parts(after start: Int, first length: Int) -> (first: [Int], rest: [Int]) {
    let known = marks(after: start)
    // The oldest ones may have left the ring.
    let missing = max(0, count - max(0, start) - known.count)
    let split = min(max(missing, length) - missing, known.count)
    return (Array(known[..<split]), Array(known[split...]))
  }
}
