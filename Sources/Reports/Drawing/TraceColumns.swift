// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

/// Two traces side by side, aligned up to the point where they diverge. If they diverge within a folded event,
/// what both sides do of it has a row of its own.
struct TraceColumns: Sendable {
  /// One row: one event of each side, as a phrase; "" where a side has no event.
  struct Row: Sendable, Hashable {
    var subject: String
    var reference: String
    /// Whether the traces diverge in this row.
    var isMarked: Bool
    /// The number of events, one after the other, for which the row stands.
    var count = 1

    /// The phrases, with the number of events where it is not one.
    var texts: (subject: String, reference: String) { (counted(subject), counted(reference)) }

    private func counted(_ phrase: String) -> String {
      count == 1 || phrase.isEmpty ? phrase : "\(phrase) (\(count) times)"
    }

    /// Whether another row says the same, so that one can stand for both. The divergence has its own row.
    fileprivate func isSame(as other: Row) -> Bool {
      !isMarked && !other.isMarked && subject == other.subject && reference == other.reference
    }
  }

  /// The rows: the last common events (at most `before`), then the events from the divergence on (at most
  /// `after`).
  let rows: [Row]
  /// The number of events omitted at the beginning.
  let omittedBefore: Int
  /// The number of events omitted at the end.
  let omittedAfter: Int

  /// Aligns two traces; each uses the names of its side. With `folds`, a row stands for all equal events that
  /// follow each other.
  init(
    subject: [Event], reference: [Event], naming: TableNames, referenceNaming: TableNames? = nil,
    toleratesExtraFlush: Bool = true, before: Int = 6, after: Int = 6, folds: Bool = false
  ) {
    let alignment = TraceAlignment(
      subject: subject, reference: reference, toleratesExtraFlush: toleratesExtraFlush)
    let parting = alignment.unfoldedDifference
    let mine = parting?.subjectIndex ?? subject.count
    let theirs = parting?.referenceIndex ?? reference.count
    let tail = max(subject.count - mine, reference.count - theirs)
    // Before the divergence both sides do the same, except for flushes that only the subject does. The rows are
    // made backwards, because those that are nearest to the divergence are shown.
    let skipped = Set(alignment.skippedFlushes)
    var common: [Row] = []
    if mine < subject.count, let rest = parting?.subject, subject[mine].c > rest.c {
      var both = subject[mine]
      both.c -= rest.c
      let phrase = naming.phrase(both)
      common.append(Row(subject: phrase, reference: phrase, isMarked: false))
    }
    var start = mine
    while start > 0 {
      let phrase = naming.phrase(subject[start - 1])
      let row = Row(
        subject: phrase, reference: skipped.contains(start - 1) ? "" : phrase, isMarked: false)
      guard Self.add(row, to: &common, atMost: before, folds: folds) else { break }
      start -= 1
    }
    func told(_ event: Event?, _ naming: TableNames) -> String {
      event.map { naming.phrase($0) } ?? ""
    }
    func event(_ index: Int, of events: [Event]) -> Event? {
      index < events.count ? events[index] : nil
    }
    var parted: [Row] = []
    var shown = 0
    while shown < tail {
      let isFirst = shown == 0 && parting != nil
      let row = Row(
        subject: told(
          isFirst ? parting?.subject : event(mine + shown, of: subject), naming),
        reference: told(
          isFirst ? parting?.reference : event(theirs + shown, of: reference),
          referenceNaming ?? naming),
        isMarked: isFirst)
      guard Self.add(row, to: &parted, atMost: after, folds: folds) else { break }
      shown += 1
    }
    rows = common.reversed() + parted
    omittedBefore = start
    omittedAfter = tail - shown
  }

  /// Adds a row, or counts it in the last one; false if there is no room for it.
  private static func add(
    _ row: Row, to rows: inout [Row], atMost limit: Int, folds: Bool
  ) -> Bool {
    if folds, let last = rows.last, last.isSame(as: row) {
      rows[rows.count - 1].count += 1
      return true
    }
    guard rows.count < limit else { return false }
    rows.append(row)
    return true
  }
}
