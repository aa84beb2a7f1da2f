// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port
import Worker

/// The functions of a subject that cost more than they tell: those that hang, run away or end their
/// worker, case after case. A few such cases are known well enough; thousands of them take minutes and
/// say nothing new, so a run leaves what else calls the function.
struct CostlyFunctions: Sendable {
  private let limits: RunLimits
  private var slow: [KernelFunction: Int] = [:]
  /// Those that were costly in another mode: there one case is enough to say that they are in this one, too.
  private var suspected: Set<KernelFunction> = []
  /// The functions called in deadly cases that nothing in `functions` explains.
  private var unexplained: [Set<KernelFunction>] = []
  /// The functions whose cases are left.
  private(set) var functions: Set<KernelFunction> = []

  /// None so far.
  init(_ limits: RunLimits) { self.limits = limits }

  /// Takes note of a differing case that took long in a call of a function. One is enough where the function
  /// calls another of these: the call of that is why.
  mutating func noteSlow(_ function: KernelFunction) {
    slow[function, default: 0] += 1
    let isExpected = !function.reach.isDisjoint(with: functions) || suspected.contains(function)
    let enough = isExpected ? 1 : limits.slowCases
    if slow[function, default: 0] >= enough { functions.insert(function) }
  }

  /// Takes note of a case that calls these functions and ended its worker, or ran away and came back. In
  /// which call is not known.
  mutating func noteDeadly(_ called: Set<KernelFunction>) {
    functions.formUnion(called.intersection(suspected))
    if called.isDisjoint(with: functions) { unexplained.append(called) }
  }

  /// Begins another mode, in which each function has to show that it is costly, too.
  mutating func beginMode() {
    suspected.formUnion(functions)
    functions = []
    slow = [:]
  }

  /// All that were costly in some mode.
  var inAnyMode: Set<KernelFunction> { suspected.union(functions) }

  /// Finds the functions that end workers: the one that most deadly cases call, then the one that most of
  /// the others do, innermost first where as many call several.
  mutating func settle() {
    unexplained.removeAll { !$0.isDisjoint(with: functions) }
    while let (function, count) = mostCalled(), count >= limits.deadlyCases {
      functions.insert(function)
      unexplained.removeAll { $0.contains(function) }
    }
  }

  private func mostCalled() -> (KernelFunction, Int)? {
    KernelFunction.allCases
      .map { function in (function, unexplained.count { $0.contains(function) }) }
      .max { ($0.1, $1.0) < ($1.1, $0.0) }
  }
}

extension CostlyFunctions {
  /// Takes note of what came of a case whose operations call these functions.
  mutating func note(_ result: CaseResult, calling functions: [KernelFunction]) {
    // A subject that is faithful to some state of upstream is run whole.
    let isOwn = result.comparisons.allSatisfy { $0.difference != nil && $0.mends.isEmpty }
    guard isOwn else { return }
    let operation = Int(result.ending.operation)
    if result.ending.isSlow, functions.indices.contains(operation) {
      noteSlow(functions[operation])
    } else if result.isCostly || result.ending.kind == EndingKind.workerDied.rawValue {
      noteDeadly(Set(functions))
      settle()
    }
  }
}

/// How a queue leaves cases of costly functions. Which it leaves depends on the order of the cases alone, not
/// on which worker is done first: a case is left exactly if those before it have shown that one of its
/// functions is costly.
struct CostlyCases<Result>: Sendable {
  /// The functions that each case's operations call, in order.
  private let calls: [[KernelFunction]]
  /// Each case's mode; cases of one stand together.
  private let modes: [String]
  private(set) var costly: CostlyFunctions
  private let note: @Sendable (Result, [KernelFunction], inout CostlyFunctions) -> Void
  /// Whether each case is left.
  private var isLeft: [Bool]
  /// Before this place, every case has its result or is left.
  private var decided = 0

  init(
    calls: [[KernelFunction]], modes: [String], costly: CostlyFunctions,
    note: @escaping @Sendable (Result, [KernelFunction], inout CostlyFunctions) -> Void
  ) {
    self.calls = calls
    self.modes = modes
    self.costly = costly
    self.note = note
    isLeft = Array(repeating: false, count: calls.count)
  }

  /// How many cases are left.
  var left: Int { isLeft.count { $0 } }

  /// Whether a case is left, by what the cases before it have shown so far; one that a worker has meanwhile
  /// may turn out to be.
  mutating func leaves(_ place: Int) -> Bool {
    if !isLeft[place], decided < modes.count, modes[place] == modes[decided] {
      isLeft[place] = calls[place].contains { costly.functions.contains($0) }
    }
    return isLeft[place]
  }

  /// Goes through the results that are known from the first on. One that came in although its case is to be
  /// left goes.
  mutating func settle(_ results: inout [Result?]) {
    while decided < results.count {
      if leaves(decided) {
        results[decided] = nil
      } else if let result = results[decided] {
        note(result, calls[decided], &costly)
      } else {
        return
      }
      decided += 1
      if decided < modes.count, modes[decided] != modes[decided - 1] { costly.beginMode() }
    }
  }
}

extension Observation {
  /// Whether the case took as long as thousands of others, beyond what the reference takes in it.
  public func isCostly(besides reference: Observation) -> Bool {
    ending.isCostly(events: events.count - reference.events.count)
  }
}
