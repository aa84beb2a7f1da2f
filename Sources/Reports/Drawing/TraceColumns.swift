// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

/// Two traces side by side, aligned up to the point where they diverge.
struct TraceColumns: Sendable {
  /// One row: one event of each side, as a phrase; "" where a side has no event.
  struct Row: Sendable, Hashable {
    var subject: String
    var reference: String
    /// Whether the traces diverge in this row.
    var isMarked: Bool
  }

  /// The rows: the last common events (at most `before`), then the events from the divergence on (at most
  /// `after`).
  let rows: [Row]
  /// The number of events omitted at the beginning.
  let omittedBefore: Int
  /// The number of events omitted at the end.
  let omittedAfter: Int

  /// Aligns two traces; each uses the names of its side.
  init(
    subject: [Event], reference: [Event], naming: TableNames, referenceNaming: TableNames? = nil,
    toleratesExtraFlush: Bool = true, before: Int = 6, after: Int = 6
  ) {
    let alignment = TraceAlignment(
      subject: subject, reference: reference, toleratesExtraFlush: toleratesExtraFlush)
    let parting = alignment.firstDifference
    let mine = parting?.subjectIndex ?? subject.count
    let theirs = parting?.referenceIndex ?? reference.count
    let start = max(0, mine - before)
    let tail = max(subject.count - mine, reference.count - theirs)
    var rows: [Row] = []
    let skipped = Set(alignment.skippedFlushes.suffix(before))
    for index in start..<mine {
      // Before the divergence both sides do the same, except for flushes that only the subject does.
      let phrase = naming.phrase(subject[index])
      rows.append(
        Row(
          subject: phrase, reference: skipped.contains(index) ? "" : phrase, isMarked: false))
    }
    for offset in 0..<min(tail, after) {
      func phrase(_ events: [Event], _ first: Int, _ naming: TableNames) -> String {
        first + offset < events.count ? naming.phrase(events[first + offset]) : ""
      }
      rows.append(
        Row(
          subject: phrase(subject, mine, naming),
          reference: phrase(reference, theirs, referenceNaming ?? naming),
          isMarked: offset == 0 && parting != nil))
    }
    self.rows = rows
    omittedBefore = start
    omittedAfter = max(0, tail - after)
  }
}
