// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Judges a side's behaviour in a case by rules that are independent of both sides. The rules use the
/// states before and after each call, the events between them, and the purpose of the calls.
public enum Oracle {
  /// The rules that a case breaks, call by call, each rule once per call.
  ///
  /// - Parameters:
  ///   - image: the initial state of the case, and its calls.
  ///   - observations: of the case's first call alone, of its first two, and so on. Those after a call
  ///     that does not return are ignored.
  ///   - kernel: the properties of the kernel under test.
  public static func violations(
    _ image: MachineImage, _ observations: [Observation], kernel: KernelOptions = .standard
  ) -> [Violation] { judgement(image, observations, kernel: kernel).violations }

  /// The violations of a case, and the number of judged calls.
  public struct Judgement: Sendable {
    public var violations: [Violation] = []
    /// The number of judged calls, from the first on.
    public var calls = 0
  }

  /// The same, with the number of judged calls.
  public static func judgement(
    _ image: MachineImage, _ observations: [Observation], kernel: KernelOptions = .standard
  ) -> Judgement {
    var found = Judgement()
    var ledger = PageOwnership(image)
    var before = MachineState(image)
    var firstEvent = 0
    var books = RoundTrip()
    // A case without calls has one observation, too.
    for (number, observation) in observations.prefix(image.operations.count).enumerated() {
      let operation = image.operations[number]
      guard let function = KernelFunction(rawValue: operation.function),
        isSound(observation, of: image), isJudged(operation, before)
      else { break }
      let isBack = observation.ending.kind == EndingKind.finished.rawValue
      let after = MachineState(observation, layout: image.layout)
      let step = JudgedCall(
        image: image, number: number, operation: operation, function: function, before: before,
        after: after, events: observation.events.dropFirst(firstEvent),
        ending: isBack ? nil : observation.ending,
        allocations: observation.events.count { $0.kind == EventKind.allocate.rawValue },
        kernel: kernel)
      found.violations += once(judge(step, &ledger, &books))
      found.calls += 1
      // Once a table is in use after its free, later calls may do anything.
      guard isBack, after.translations.dangling == nil else { break }
      before = after
      firstEvent = observation.events.count
    }
    return found
  }

  /// The maximum number of events in a judged case, because each free is compared with every removed
  /// leaf. No named or random case has as many; a runaway subject has.
  static let mostEvents = 1 << 14

  /// Whether an observation is possible for a case. It comes from a process that the subject may
  /// control, so it may contain anything, and no number in it may crash the judging process.
  private static func isSound(_ observation: Observation, of image: MachineImage) -> Bool {
    let words = UInt64(Pool.wordsPerPage)
    return observation.events.count <= mostEvents
      && observation.altmapAllocs.count == image.altmaps.count
      && observation.altmapAligns.count == image.altmaps.count
      && observation.tables.count == observation.lives.count
      && observation.tables.count >= image.tables.count
      && observation.lives.first?.live == 1
      && observation.tables.allSatisfy { $0.count >= image.layout.entriesPerTable }
      && observation.events.allSatisfy {
        $0.kind != EventKind.clear.rawValue || ($0.b < words && $0.c <= words - $0.b)
      }
  }

  /// Whether the rules apply to a call. A call with a table that an earlier call freed is a mistake of
  /// the case.
  private static func isJudged(_ operation: Operation, _ before: MachineState) -> Bool {
    // For a function that takes no table, both numbers are the root's.
    before.isLive(Int(operation.table)) && before.isLive(Int(operation.parentTable))
  }

  private static func judge(
    _ step: JudgedCall, _ ledger: inout PageOwnership, _ books: inout RoundTrip
  ) -> [Violation] {
    let replay = StepReplay(step)
    var found = replay.violations + BackingRules(step, replay, &ledger).violations
    if let ending = step.ending { return found + ended(step, ending) }
    let changes = step.before.translations.changes(to: step.after.translations)
    found += step.translationViolations(changes) + step.tableViolations(replay)
    found += step.flushViolations(replay, changes) + step.entryPointViolations(replay)
    found += step.newTableViolations(changes) + step.populationViolations(changes)
    found += step.answerViolations
    if let violation = books.enter(step, changes, broken: found) { found.append(violation) }
    return found
  }

  private static func ended(_ step: JudgedCall, _ ending: Ending) -> [Violation] {
    switch EndingKind(rawValue: ending.kind) {
    case .overrun, .wildAccess, .structPageAccess:
      return [step.violation(.walkedOutside, .ending(ending))]
    case .freedAccess: return [step.violation(.usedAfterFree, .ending(ending))]
    // By contract, a size that no level has is a BUG.
    case .bug where step.isStrayCreation && !step.isOutOfMemory: return []
    default: return [step.violation(.kernelStopped, .ending(ending))]
    }
  }

  /// The first violation of each rule, and of each hazard within a rule.
  private static func once(_ violations: [Violation]) -> [Violation] {
    var seen: Set<Violation.Key> = []
    return violations.filter { seen.insert($0.key).inserted }
  }
}
