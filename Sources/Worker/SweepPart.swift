// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine

/// A part of a universe: every case of these states with these operations over these ranges.
public struct SweepPart: Hashable, Sendable, Codable {
  public var universe: String
  public var states: Range<UInt64>
  /// Indices of the universe's operations: those that the subject contains.
  public var operations: [Int]
  public var ranges: Range<UInt64>

  /// A part with all of a universe's ranges, and with all of its operations unless some are given.
  public init(_ universe: Universe, states: Range<UInt64>, operations: [Int]? = nil) {
    self.universe = universe.name
    self.states = states
    self.operations = operations ?? Array(universe.operations.indices)
    ranges = 0..<universe.rangeCount
  }

  /// Cases per state.
  package var casesPerState: UInt64 { UInt64(operations.count) * UInt64(ranges.count) }

  public var caseCount: UInt64 { UInt64(states.count) * casesPerState }

  /// Whether the part has all ranges.
  package func isWhole(in universe: Universe) -> Bool { ranges == 0..<universe.rangeCount }

  /// The part in at most `count` parts with neighbouring states.
  package func slices(_ count: Int) -> [SweepPart] {
    let size = max(1, (states.count + count - 1) / count)
    return stride(from: states.lowerBound, to: states.upperBound, by: size).map { first in
      with { $0.states = first..<min(first + UInt64(size), states.upperBound) }
    }
  }

  /// The digest of the digests of each operation's cases, in the order of `operations`; `digests` has all cases.
  package func folds(of digests: [CaseDigest]) -> [CaseDigest] {
    var folds = [CaseDigest](repeating: 0, count: operations.count)
    var index = 0
    for _ in states {
      for operation in folds.indices {
        var fold = folds[operation]
        for _ in ranges {
          let product = (fold ^ digests[index] ^ 0x9e37_79b9_7f4a_7c15)
            .multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
          fold = (product.high ^ product.low) &+ fold
          index += 1
        }
        folds[operation] = fold
      }
    }
    return folds
  }

  /// The case at an index in the order of `SweepWalk`.
  package func place(_ index: Int) -> UniverseCase {
    let (state, rest) = UInt64(index).quotientAndRemainder(dividingBy: casesPerState)
    let (operation, range) = rest.quotientAndRemainder(dividingBy: UInt64(ranges.count))
    return UniverseCase(
      state: states.lowerBound + state, operation: operations[Int(operation)],
      range: ranges.lowerBound + range)
  }

  /// The cases in smaller parts, to find the one that kills a worker: by operation, else by halves of
  /// the states, else of the ranges. Empty for a single case.
  package var pieces: [SweepPart] {
    if operations.count > 1 {
      return operations.map { operation in with { $0.operations = [operation] } }
    }
    if states.count > 1 {
      return states.halves.map { half in with { $0.states = half } }
    }
    return ranges.count > 1 ? ranges.halves.map { half in with { $0.ranges = half } } : []
  }

  /// The remaining part after its first `done` cases: the ranges after the last of these, the operations
  /// after it, the states after it.
  package func rest(after done: Int) -> [SweepPart] {
    guard done > 0 else { return [self] }
    let last = place(done - 1)
    let following = operations.drop { $0 != last.operation }.dropFirst()
    return [
      with {
        $0.states = last.state..<last.state + 1
        $0.operations = [last.operation]
        $0.ranges = last.range + 1..<ranges.upperBound
      },
      with {
        $0.states = last.state..<last.state + 1
        $0.operations = Array(following)
      },
      with { $0.states = last.state + 1..<states.upperBound },
    ].filter { $0.caseCount > 0 }
  }

  private func with(_ change: (inout SweepPart) -> Void) -> SweepPart {
    var part = self
    change(&part)
    return part
  }
}

extension Range where Bound == UInt64 {
  fileprivate var halves: [Range] {
    let middle = lowerBound + UInt64(count / 2)
    return [lowerBound..<middle, middle..<upperBound]
  }
}

/// The common order in which both sides run a part's cases: by state, then operation, then range.
package struct SweepWalk {
  /// Words of a page that count in every case: the entries, and the neighbourhood that the machine
  /// rewrites at every load. The rest of each page is checked once per state.
  package let wordsPerCase: Int

  @usableFromInline package private(set) var cursor: UniverseCursor

  package init(_ universe: Universe) {
    cursor = UniverseCursor(universe)
    wordsPerCase = max(16, Int(universe.entries))
  }

  package var universe: Universe { cursor.universe }

  /// The stored walk if it is one through this universe, else a new one. The function takes it out of
  /// `kept`, so that it has one owner and is changed in place.
  package static func taken(from kept: inout SweepWalk?, for universe: Universe) -> SweepWalk {
    let walk = kept.take()
    return walk?.universe == universe ? walk ?? SweepWalk(universe) : SweepWalk(universe)
  }

  /// Runs `body` on every case of a state until it returns false. Returns whether to continue.
  @inlinable @inline(__always)
  package mutating func runState(
    _ state: UInt64, of part: SweepPart, _ body: (borrowing UniverseCursor) -> Bool
  ) -> Bool {
    setState(state)
    return runCalls(of: part, body)
  }

  /// Sets the state for `runCalls`.
  @inlinable @inline(__always)
  package mutating func setState(_ state: UInt64) { cursor.setState(state) }

  /// Runs `body` on every case of the state until it returns false. Returns whether to continue.
  @inlinable @inline(__always)
  package mutating func runCalls(
    of part: SweepPart, _ body: (borrowing UniverseCursor) -> Bool
  ) -> Bool {
    let ranges = part.ranges
    for operation in part.operations {
      for range in ranges {
        cursor.setCall(operation, range: range)
        if !body(cursor) { return false }
      }
    }
    return true
  }
}
