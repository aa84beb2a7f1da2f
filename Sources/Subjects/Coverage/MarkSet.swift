// SPDX-License-Identifier: GPL-2.0-only

/// Which of an instrumented subject's marks were made: what it says of itself, and nothing that a
/// verdict rests on.
public struct MarkSet: Sendable, Hashable {
  private var made: [Bool]

  /// Nothing made, of so many.
  public init(count: Int) { made = Array(repeating: false, count: count) }

  /// How many there are, made or not.
  public var count: Int { made.count }

  /// Whether a mark was made; there is no other than 0 to `count` - 1.
  public func contains(_ number: Int) -> Bool { made.indices.contains(number) && made[number] }

  /// Adds a mark.
  public mutating func insert(_ number: Int) {
    if made.indices.contains(number) { made[number] = true }
  }

  /// Adds what a worker handed over: a byte a mark, 0 where it was not made. Bytes of another number
  /// are no record of these marks, and left out.
  public mutating func formUnion(bytes: [UInt8]) {
    guard bytes.count == made.count else { return }
    for (number, byte) in bytes.enumerated() where byte != 0 { made[number] = true }
  }
}
