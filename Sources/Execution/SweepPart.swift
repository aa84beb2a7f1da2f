// SPDX-License-Identifier: GPL-2.0-only

import Scenarios

/// A part of a universe: every case of these states with these operations.
public struct SweepPart: Hashable, Sendable, Codable {
  /// The universe's name.
  public var universe: String
  /// Which of its states.
  public var states: Range<UInt64>
  /// Which of its operations, by their places: those that the subject has.
  public var operations: [Int]

  /// Memberwise.
  public init(universe: String, states: Range<UInt64>, operations: [Int]) {
    self.universe = universe
    self.states = states
    self.operations = operations
  }

  /// Cases a state.
  func casesAState(_ universe: Universe) -> UInt64 {
    UInt64(operations.count) * universe.rangeCount
  }

  /// The case at a place in the order of `SweepWalk`.
  func place(_ index: Int, in universe: Universe) -> UniverseCase {
    let (state, rest) = UInt64(index).quotientAndRemainder(dividingBy: casesAState(universe))
    let (operation, range) = rest.quotientAndRemainder(dividingBy: universe.rangeCount)
    return UniverseCase(
      state: states.lowerBound + state, operation: operations[Int(operation)], range: range)
  }
}

/// What a run through a part of a universe found.
public struct SweepResult: Hashable, Sendable {
  /// Cases run.
  public var cases: UInt64 = 0
  /// Cases that differ.
  public var differing: UInt64 = 0
  /// The first cases that differ, a few of each kind and operation.
  public var examples: [UniverseCase] = []
  /// Whether it ended early, because enough cases differed to know the verdict.
  public var isCutShort = false

  /// An empty result.
  public init() {}

  /// Adds what another part found.
  public mutating func add(_ other: SweepResult) {
    cases += other.cases
    differing += other.differing
    examples += other.examples
    isCutShort = isCutShort || other.isCutShort
  }
}

/// The one order in which both sides run a part's cases: by state, then operation, then range.
struct SweepWalk {
  /// Words of a page that count in every case: the entries and the neighbourhood that the machine
  /// rewrites at every load. The rest of each page is looked at once a state.
  let wordsPerCase: Int

  private(set) var cursor: UniverseCursor

  init(_ universe: Universe) {
    cursor = UniverseCursor(universe)
    wordsPerCase = max(16, Int(universe.entries))
  }

  var universe: Universe { cursor.universe }

  /// The walk that is kept, when it is one through this universe, and a new one else. It is taken out,
  /// so that it has one owner and is changed in place.
  static func taken(from kept: inout SweepWalk?, for universe: Universe) -> SweepWalk {
    let walk = kept.take()
    return walk?.universe == universe ? walk ?? SweepWalk(universe) : SweepWalk(universe)
  }

  /// Has `body` run every case of a state; it returns whether to go on.
  @inline(__always)
  mutating func runState(
    _ state: UInt64, operations: [Int], _ body: (borrowing UniverseCursor) -> Bool
  ) -> Bool {
    cursor.setState(state)
    let ranges = universe.rangeCount
    for operation in operations {
      for range in 0..<ranges {
        cursor.setCall(operation, range: range)
        if !body(cursor) { return false }
      }
    }
    return true
  }
}
