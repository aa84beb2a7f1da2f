// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import MachineModel

/// The functions of a subject that cost more than they tell: those that hang, run away or end their
/// worker, case after case. A few such cases are known well enough; thousands of them take minutes and
/// say nothing new, so a run leaves what else calls the function.
public struct Trouble: Sendable {
  /// How much of it is put up with.
  private let patience: Patience
  private var slow: [SurfaceFunction: Int] = [:]
  /// The functions called in deadly cases that nothing in `functions` explains.
  private var unexplained: [Set<SurfaceFunction>] = []
  /// The functions in trouble.
  public private(set) var functions: Set<SurfaceFunction> = []

  /// No trouble so far.
  init(_ patience: Patience) { self.patience = patience }

  /// A differing case took long in a call of a function.
  public mutating func noteSlow(_ function: SurfaceFunction) {
    slow[function, default: 0] += 1
    if slow[function, default: 0] >= patience.slowCases { functions.insert(function) }
  }

  /// A case that calls these functions ended its worker, or ran away and came back. In which call is not
  /// known.
  public mutating func noteDeadly(_ called: Set<SurfaceFunction>) {
    if called.isDisjoint(with: functions) { unexplained.append(called) }
  }

  /// Finds out which functions the deadly cases are put down to: the one that most of them call, then
  /// the one that most of the others do, innermost first where as many call several.
  public mutating func settle() {
    unexplained.removeAll { !$0.isDisjoint(with: functions) }
    while let (function, count) = mostCalled(), count >= patience.deadlyCases {
      functions.insert(function)
      unexplained.removeAll { $0.contains(function) }
    }
  }

  private func mostCalled() -> (SurfaceFunction, Int)? {
    SurfaceFunction.allCases
      .map { function in (function, unexplained.count { $0.contains(function) }) }
      .max { ($0.1, $1.0) < ($1.1, $0.0) }
  }
}

extension Ending {
  /// Events beyond which a case of a universe has run away, or another with so many more than the
  /// reference.
  static let longTrace = 2_000

  /// Whether a case that ended so after so many events took as long as thousands of others.
  func isCostly(events: Int) -> Bool { isSlow || events > Self.longTrace }
}

extension Observation {
  /// Whether the case took as long as thousands of others, beyond what the reference takes in it.
  public func isCostly(besides reference: Observation) -> Bool {
    ending.isCostly(events: events.count - reference.events.count)
  }
}
