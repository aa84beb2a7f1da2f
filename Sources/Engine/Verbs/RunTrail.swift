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
  private let before: [Step]
  private let window: [Step]

  init(_ log: PlaceStage.Log, _ map: CoverageMap) {
    self.map = map
    var points: [Int: Step] = [:]
    for (index, function) in map.functions.enumerated() {
      for point in function.points { points[point.mark] = Step(function: index, point: point) }
    }
    before = log.before.compactMap { points[$0] }
    window = log.window.compactMap { points[$0] }
  }

  /// The place at which the sides part, seen from the function that is the cause.
  ///
  /// If the subject did something that the reference does not do, that is the statement which did it. If it
  /// lacks something, that is the last statement of the cause that it passed before it went on.
  func place(of reported: ReportedDifference) -> Place? {
    let cause = reported.group.cause
    let index = map.functions.firstIndex { $0.name == cause }
    let isOfCause: (Step) -> Bool = { index == nil || $0.function == index }
    let own = window.lastIndex(where: isOfCause)
    guard let last = own ?? before.lastIndex(where: isOfCause) else { return nil }
    let steps = own == nil ? Array(before[...last]) : before + window[...last]
    let frames = frames(after: steps)
    guard !frames.isEmpty else { return nil }
    return Place(kind: reported.isOmission ? .omission : .act, frames: frames)
  }

  /// The open calls after some steps, the innermost first. A call begins with the entry of a function, and is
  /// over when a function below it goes on.
  private func frames(after steps: [Step]) -> [Place.Frame] {
    var stack: [Step] = []
    for step in steps {
      if step.point.kind == .entry {
        stack.append(step)
      } else if let place = stack.lastIndex(where: { $0.function == step.function }) {
        stack.removeSubrange((place + 1)...)
        stack[place] = step
      } else {
        stack = [step]
      }
    }
    return stack.reversed().prefix(8).map { step in
      let function = map.functions[step.function]
      let line = step.point.line
      let place = function.lines.firstIndex { $0.line == line }
      let near = place.map { function.lines[max(0, $0 - 1)...].prefix($0 > 0 ? 3 : 2) }
      return Place.Frame(
        function: function.name, file: line.file, line: line.number,
        excerpt: (near ?? []).map { .init(number: $0.line.number, text: $0.text) })
    }
  }
}

extension ReportedDifference {
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
