// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port
import Worker

/// The functions of a subject that hang, run away or end their worker, case after case. A few such cases are
/// enough; thousands of them take minutes and show nothing new, so a run skips the other cases that call the
/// function.
struct CostlyFunctions: Sendable {
  private let limits: RunLimits
  private var slow: [KernelFunction: Int] = [:]
  /// The functions that were costly in another mode. One case is enough to show that they are costly in this
  /// mode, too.
  private var suspected: Set<KernelFunction> = []
  /// The sets of functions called in deadly cases, where none of them is in `functions`.
  private var unexplained: [Set<KernelFunction>] = []
  /// The functions whose cases are skipped.
  private(set) var functions: Set<KernelFunction> = []

  init(_ limits: RunLimits) { self.limits = limits }

  /// No knowledge, and one case is enough to show that a function is costly.
  static var certain: CostlyFunctions {
    var limits = RunLimits()
    limits.slowCases = 1
    return CostlyFunctions(limits)
  }

  /// The same knowledge of other modes, with these functions and nothing counted yet.
  func counting(with functions: Set<KernelFunction>) -> CostlyFunctions {
    var costly = CostlyFunctions(limits)
    costly.suspected = suspected
    costly.functions = functions
    return costly
  }

  /// Records a differing case that took long in a call of a function. One such case is enough if the function
  /// calls a costly one, because that call is the reason.
  mutating func noteSlow(_ function: KernelFunction) {
    slow[function, default: 0] += 1
    let isExpected = !function.reach.isDisjoint(with: functions) || suspected.contains(function)
    let enough = isExpected ? 1 : limits.slowCases
    if slow[function, default: 0] >= enough { functions.insert(function) }
  }

  /// Records a case that calls these functions and ended its worker, or ran away and returned. The call that
  /// did it is not known.
  mutating func noteDeadly(_ called: Set<KernelFunction>) {
    functions.formUnion(called.intersection(suspected))
    if called.isDisjoint(with: functions) { unexplained.append(called) }
  }

  /// Begins another mode, in which each function must show again that it is costly.
  mutating func beginMode() {
    suspected.formUnion(functions)
    functions = []
    slow = [:]
  }

  /// All functions that were costly in some mode.
  var inAnyMode: Set<KernelFunction> { suspected.union(functions) }

  /// Finds the functions that end workers: the one that most deadly cases call, then the one that most of the
  /// others call, and so on; of equal ones the innermost first.
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

/// What a case says about the functions that it calls.
package enum CaseCost: Hashable, Sendable {
  /// It took long in a call of this function.
  case slow(KernelFunction)
  /// It ended its worker, or ran away and returned.
  case deadly
}

extension CaseResult {
  /// What the case says, if its operations call these functions; nil where it says nothing.
  func cost(calling functions: [KernelFunction]) -> CaseCost? {
    // Run all cases of a subject that is faithful to some upstream state.
    let isOwn = comparisons.allSatisfy { $0.difference != nil && $0.mends.isEmpty }
    guard isOwn else { return nil }
    let operation = Int(ending.operation)
    if ending.isSlow, functions.indices.contains(operation) { return .slow(functions[operation]) }
    return isCostly || ending.kind == EndingKind.workerDied.rawValue ? .deadly : nil
  }
}

extension CostlyFunctions {
  /// Records what a case says whose operations call these functions.
  mutating func note(_ cost: CaseCost?, calling functions: [KernelFunction]) {
    switch cost {
    case .slow(let function)?: noteSlow(function)
    case .deadly?:
      noteDeadly(Set(functions))
      settle()
    case nil: break
    }
  }
}

/// Decides which cases of costly functions a queue skips. The decision depends on the order of the cases
/// alone, not on the timing of workers: a case is skipped exactly if the cases before it showed that one of
/// its functions is costly.
struct CostlyCases<Result>: Sendable {
  /// The functions that each case's operations call, in order.
  private let calls: [[KernelFunction]]
  /// Each case's mode; the cases of a mode are contiguous.
  private let modes: [String]
  private(set) var costly: CostlyFunctions
  private let note: @Sendable (Result, [KernelFunction], inout CostlyFunctions) -> Void
  /// Whether each case is skipped.
  private var isLeft: [Bool]
  /// Every case before this index has its result or is skipped.
  private var decided = 0
  /// The functions that were slow in any case so far. When a case runs depends on them, whether it counts does not.
  private var slow: Set<KernelFunction> = []

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

  /// Records a result as soon as it is known.
  mutating func see(_ result: Result, at place: Int) {
    var seen = CostlyFunctions.certain
    note(result, calls[place], &seen)
    slow.formUnion(seen.functions)
  }

  /// Whether a case calls a function that was slow in another case, or one that calls such a function.
  func isExpectedSlow(_ place: Int) -> Bool {
    !slow.isEmpty && calls[place].contains { !$0.reach.isDisjoint(with: slow) }
  }

  /// The number of skipped cases.
  var left: Int { isLeft.count { $0 } }

  /// Whether to skip a case, by the results of the cases before it so far. A case that a worker already runs
  /// may be skipped later.
  mutating func leaves(_ place: Int) -> Bool {
    if !isLeft[place], decided < modes.count, modes[place] == modes[decided] {
      isLeft[place] = calls[place].contains { costly.functions.contains($0) }
    }
    return isLeft[place]
  }

  /// Processes the known results in order. The result of a case that is skipped is dropped.
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

extension CostlyCases {
  /// The results of all cases, nil for those that are skipped, and what is known of costly functions behind them; nil
  /// if a case that is not skipped has no result.
  func settled(_ known: [Result?]) -> (results: [Result?], costly: CostlyFunctions)? {
    var all = self
    var results = known
    all.settle(&results)
    guard all.decided == results.count else { return nil }
    return (results, all.costly)
  }
}

extension Observation {
  /// Whether the case took as long as thousands of others, not counting the work of the reference in it.
  public func isCostly(besides reference: Observation) -> Bool {
    ending.isCostly(events: events.count - reference.events.count)
  }
}
