// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

/// Two sides of a case as one sequence of steps: the initial state, pairs of events, the end.
struct StepTimeline: Sendable {
  /// A step, with the index of each side's event; nil where a side has no event.
  enum Step: Hashable, Sendable {
    case start
    case events(subject: Int?, reference: Int?)
    case end
  }

  /// The number of events that each side has completed at the end of each step.
  let done: [(subject: Int, reference: Int)]
  let steps: [Step]
  /// The step in which the traces diverge; nil if they do not. Then the sides may still differ at the end.
  let parting: Int?
  /// The number of events that the steps omit, on the side that omits more.
  let omitted: Int

  /// Aligns both sides. A flush that only the subject does is a step of its own, and no divergence.
  init(subject: EventHistory, reference: EventHistory) {
    let alignment = TraceAlignment(subject: subject.events, reference: reference.events)
    let skipped = Set(alignment.skippedFlushes)
    let parts = alignment.firstDifference
    var steps: [Step] = [.start]
    var done = [(subject: 0, reference: 0)]
    var mine = 0
    var theirs = 0
    var parting: Int?
    while mine < subject.events.count || theirs < reference.events.count {
      if parting == nil, let parts, mine >= parts.subjectIndex, theirs >= parts.referenceIndex {
        parting = steps.count
      }
      if parting == nil, skipped.contains(mine) {
        steps.append(.events(subject: mine, reference: nil))
        mine += 1
        done.append((mine, theirs))
        continue
      }
      steps.append(
        .events(
          subject: mine < subject.events.count ? mine : nil,
          reference: theirs < reference.events.count ? theirs : nil))
      mine = min(mine + 1, subject.events.count)
      theirs = min(theirs + 1, reference.events.count)
      done.append((mine, theirs))
    }
    steps.append(.end)
    self.steps = steps
    self.done = done
    // A truncated trace ends early; that is not a divergence.
    let isWhole = subject.omitted == 0 && reference.omitted == 0
    self.parting = isWhole || !(parts?.isEnd ?? false) ? parting : nil
    omitted = max(subject.omitted, reference.omitted)
  }
}
