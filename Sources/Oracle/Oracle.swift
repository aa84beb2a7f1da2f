// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Judges what a side did in a case by rules that know nothing of either side: states before and after
/// each call, the events between them, and what the calls were for.
public enum Oracle {
  /// The rules that a case breaks, call by call, each rule once a call.
  ///
  /// - Parameters:
  ///   - image: the state that the case begins with, and its calls.
  ///   - observations: of the case's first call alone, of its first two, and so on. What comes after a
  ///     call that does not come back is not looked at.
  ///   - kernel: what the kernel is like that the calls are of.
  public static func violations(
    _ image: MachineImage, _ observations: [Observation], kernel: KernelOptions = .standard
  ) -> [Violation] { judgement(image, observations, kernel: kernel).violations }

  /// What is said of a case, and how far it was looked at.
  public struct Judgement: Sendable {
    /// The rules that it breaks.
    public var violations: [Violation] = []
    /// The calls that were judged, from the first on.
    public var calls = 0
  }

  /// The same with how far the case was looked at.
  public static func judgement(
    _ image: MachineImage, _ observations: [Observation], kernel: KernelOptions = .standard
  ) -> Judgement {
    var found = Judgement()
    var ledger = PageOwnership(image)
    var before = MachineState(image)
    var firstEvent = 0
    var books = RoundTrip()
    for (number, observation) in observations.enumerated() {
      let operation = image.operations[number]
      guard let function = KernelFunction(rawValue: operation.function),
        isSound(observation, of: image), isJudged(operation, function, before)
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
      // What follows a table that is used after its free may be anything.
      guard isBack, after.translations.dangling == nil else { break }
      before = after
      firstEvent = observation.events.count
    }
    return found
  }

  /// Events after which a case is not judged further: each free is held against every leaf that was
  /// removed. No named or random case has as many; a subject that runs away has.
  static let mostEvents = 1 << 14

  /// Whether an observation can be of a case at all. It comes from a process that a subject may have in
  /// hand, which says what it likes: no number in it may end the process that judges.
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

  /// Whether a call can be held to rules: one that is handed a table which an earlier call freed is
  /// the case's own mistake.
  private static func isJudged(
    _ operation: Operation, _ function: KernelFunction, _ before: MachineState
  ) -> Bool {
    switch function {
    case .freePteTable, .freePmdTable, .freePudTable, .removePteMapping, .removePmdMapping,
      .removePudMapping, .removeP4dMapping:
      before.isLive(Int(operation.table)) && before.isLive(Int(operation.parentTable))
    case .createPteMapping, .createPmdMapping, .createPudMapping, .createP4dMapping,
      .createPgdMapping:
      before.isLive(Int(operation.table))
    case .vmemmapSetPmd, .vmemmapCheckPmd: before.isLive(Int(operation.parentTable))
    default: true
    }
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
    // A size that no level has is a BUG by contract.
    case .bug where step.isStrayCreation && !step.isOutOfMemory: return []
    default: return [step.violation(.kernelStopped, .ending(ending))]
    }
  }

  /// The first violation of each rule, and of each hazard among them.
  private static func once(_ violations: [Violation]) -> [Violation] {
    var seen: Set<Violation.Key> = []
    return violations.filter { seen.insert($0.key).inserted }
  }
}
