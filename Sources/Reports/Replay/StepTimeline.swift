// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

/// Two sides of a case as one line of steps: the state before, an event of each side by side, the end.
struct StepTimeline: Sendable {
  /// What each side does in a step: the place of its event, nil where it does nothing.
  enum Step: Hashable, Sendable {
    case start
    case events(subject: Int?, reference: Int?)
    case end
  }

  /// How many events each side has done by the end of each step.
  let done: [(subject: Int, reference: Int)]
  /// All steps, in order.
  let steps: [Step]
  /// The step in which the sides part; nil where they do not, but perhaps at the end.
  let parting: Int?
  /// Events of both sides that are not gone through.
  let omitted: Int

  /// Flushes that only the subject does stand alone, and part nothing.
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
    // Traces of which one was cut short part where it was cut, for no reason of their own.
    let isWhole = subject.omitted == 0 && reference.omitted == 0
    self.parting = isWhole || !(parts?.isEnd ?? false) ? parting : nil
    omitted = max(subject.omitted, reference.omitted)
  }
}
