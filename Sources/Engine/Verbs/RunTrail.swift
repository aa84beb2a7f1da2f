// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Subjects

/// The statements that a run passed, with the calls that were open at its end.
struct RunTrail {
  private struct Step {
    var function: Int
    var point: CoveragePoint
  }

  private let map: CoverageMap
  private let spectrum: Spectrum
  private let before: [Step]
  private let window: [Step]

  init(_ log: PlaceStage.Log, _ map: CoverageMap, _ spectrum: Spectrum) {
    self.map = map
    self.spectrum = spectrum
    var points: [Int: Step] = [:]
    for (index, function) in map.functions.enumerated() {
      for point in function.points { points[point.mark] = Step(function: index, point: point) }
    }
    before = log.before.compactMap { points[$0] }
    window = log.window.compactMap { points[$0] }
  }

  /// The place at which the sides part, seen from the function that is the cause.
  ///
  /// A statement that makes an event of the reference's kind with other arguments is the place itself. In all
  /// other cases a statement is missing, or a branch was taken that should not have been: the place is then
  /// the last of the most suspicious steps since the last event that both sides share. A choice that went the other
  /// way in the cases that agree is more telling than what only followed from it.
  func place(of reported: ReportedDifference) -> Place? {
    let cause = reported.group.cause
    let index = map.functions.firstIndex { $0.name == cause }
    let all = before + window
    let isOfCause: (Int) -> Bool = { index == nil || all[$0].function == index }
    let own = (before.count..<all.count).filter(isOfCause)
    guard let last = own.last ?? (0..<before.count).last(where: isOfCause) else { return nil }
    var chosen = last
    if !reported.hasOtherArguments {
      let candidates = own.isEmpty ? [last] : own
      let most = candidates.map { suspicion(all[$0]) }.max() ?? 0
      // Equal but for the order of additions.
      let telling = candidates.filter { suspicion(all[$0]) >= most - 1e-9 }
      let choices = reported.isOmission ? [] : telling.filter { isTelling(all[$0]) }
      chosen = choices.last ?? telling.last ?? last
    }
    let frames = frames(after: Array(all[...chosen]))
    guard !frames.isEmpty else { return nil }
    return Place(kind: reported.isOmission ? .omission : .act, frames: frames)
  }

  /// Whether a step is an outcome of a choice that the cases which agree do not have as often as the other one.
  private func isTelling(_ step: Step) -> Bool {
    guard let choice = step.point.choice else { return false }
    let other = step.point.mark == choice ? choice + 1 : choice
    return suspicion(step) > spectrum.suspicion(of: other) + 1e-9
  }

  private func suspicion(_ step: Step) -> Double { spectrum.suspicion(of: step.point.mark) }

  /// The open calls after some steps, the innermost first. A call begins with the entry of a function, and is
  /// over when a function below it goes on.
  private func frames(after steps: [Step]) -> [Place.Frame] {
    var stack: [Step] = []
    for step in steps {
      if step.point.kind == .entry {
        // Functions that the machine calls between operations have no caller in the text.
        while let caller = stack.last, !calls(caller.function, step.function) { stack.removeLast() }
        stack.append(step)
      } else if let place = stack.lastIndex(where: { $0.function == step.function }) {
        stack.removeSubrange((place + 1)...)
        stack[place] = step
      } else {
        stack = [step]
      }
    }
    return stack.reversed().prefix(8).map { step in
      Place.Frame(of: map.functions[step.function], at: step.point.line)
    }
  }
}

extension RunTrail {
  /// Whether the text of a function names another one.
  private func calls(_ caller: Int, _ callee: Int) -> Bool {
    map.functions[caller].lines.contains { $0.text.contains(map.functions[callee].name) }
  }
}

extension ReportedDifference {
  /// Whether both sides do the same kind of thing at the parting, with other arguments.
  fileprivate var hasOtherArguments: Bool {
    guard case .event(_, _, let mine?, let theirs?)? = difference else { return false }
    return mine.kind == theirs.kind && mine.kind != EventKind.returned.rawValue && !isOmission
  }

  /// Whether the reference does something at the parting that the subject leaves out: the subject's own
  /// event there is one that the reference does later.
  fileprivate var isOmission: Bool {
    guard case .event(_, let index, let mine, let theirs)? = difference, theirs != nil else {
      return false
    }
    guard let mine, mine.kind != EventKind.returned.rawValue else { return true }
    return reference?.events.dropFirst(index + 1).contains(mine) ?? false
  }
}
