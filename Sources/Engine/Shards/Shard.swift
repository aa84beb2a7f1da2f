// SPDX-License-Identifier: GPL-2.0-only

/// One of the shards into which the work of a run is divided, for several machines or for a sample. A piece of work
/// belongs to a shard by its place in the order of the run, and by nothing else.
public struct Shard: Sendable, Hashable {
  /// The most shards of a run.
  public static let most = 10_000

  /// The number of the shard, from 1.
  public let number: Int
  /// The number of shards.
  public let count: Int

  /// Nil for a shard that does not exist.
  public init?(number: Int, count: Int) {
    guard count >= 1, count <= Self.most, number >= 1, number <= count else { return nil }
    self.number = number
    self.count = count
  }

  /// "3 of 8".
  public var name: String { "\(number) of \(count)" }

  /// Whether the piece of work at a place in the order of the run belongs to the shard.
  package func has(_ place: Int) -> Bool { place >= 0 && place % count == number - 1 }
}
