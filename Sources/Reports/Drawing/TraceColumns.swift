// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

/// Two traces side by side, lined up at the first event in which they part.
struct TraceColumns: Sendable {
  /// One row: the phrases of both sides ("" where a side has nothing), and whether they part here.
  struct Row: Sendable, Hashable {
    /// What the subject did.
    var subject: String
    /// What the reference did.
    var reference: String
    /// Whether the sides part in this row.
    var isMarked: Bool
  }

  /// The rows: what both did before (at most `before` events), where they part, and what follows (at
  /// most `after`).
  let rows: [Row]
  /// Events left out at the beginning and at the end.
  let omittedBefore: Int
  /// Events left out at the end.
  let omittedAfter: Int

  /// The columns of two traces, each with the names of its side.
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
      // Before the parting both sides did the same, but for flushes that only the subject does.
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
