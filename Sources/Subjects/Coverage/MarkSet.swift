// SPDX-License-Identifier: GPL-2.0-only

/// The set of an instrumented subject's marks that were made. The subject itself reports them, so no verdict
/// depends on them.
public struct MarkSet: Sendable, Hashable {
  private var made: [Bool]

  /// An empty set, for `count` marks.
  public init(count: Int) { made = Array(repeating: false, count: count) }

  /// The number of all marks, made or not.
  public var count: Int { made.count }

  /// Whether a mark was made. Valid numbers are 0 to `count` - 1; others are false.
  public func contains(_ number: Int) -> Bool { made.indices.contains(number) && made[number] }

  /// Adds a mark. Numbers outside 0 to `count` - 1 have no effect.
  public mutating func insert(_ number: Int) {
    if made.indices.contains(number) { made[number] = true }
  }

  /// Adds the marks of a worker: one byte for each mark, 0 if it was not made. If the number of bytes is not
  /// `count`, they are not a record of these marks, and nothing is added.
  public mutating func formUnion(bytes: [UInt8]) {
    guard bytes.count == made.count else { return }
    for (number, byte) in bytes.enumerated() where byte != 0 { made[number] = true }
  }
}
