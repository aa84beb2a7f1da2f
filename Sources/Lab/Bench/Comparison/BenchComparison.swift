// SPDX-License-Identifier: GPL-2.0-only

/// The figures of this program beside those of another one.
public struct BenchComparison: Hashable, Sendable {
  /// A figure, with a value of each program for each pair of runs.
  public struct Figure: Hashable, Sendable {
    /// The measure.
    public enum Kind: String, CaseIterable, Sendable {
      /// The processor time of a command and of all processes that it starts, in seconds.
      case processor
      /// The time from the start of a command to its end, in seconds.
      case wall
      /// The times of a `BenchRow`, in nanoseconds a case.
      case c, port, checked

      var isOfCommand: Bool { self == .processor || self == .wall }
    }

    /// The command, or the set of cases.
    public var what: String
    public var kind: Kind
    /// The values of this program.
    public var this: [Double]
    /// The values of the other program.
    public var base: [Double]

    public var ratio: PairedRatio { PairedRatio(zip(this, base).map { $0 / $1 }) }
  }

  /// The path of the other program.
  public var program: String
  /// The line that it prints with --version.
  public var version: String
  public var figures: [Figure]

  /// The number of pairs of runs.
  public var pairs: Int { figures.first?.this.count ?? 0 }

  /// The answer of all figures together.
  public var speed: PairedRatio.Speed {
    let speeds = Set(figures.map(\.ratio.speed))
    if speeds.contains(.slower) { return .slower }
    return speeds.contains(.cannotTell) ? .cannotTell : .noSlower
  }
}
