// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// Two traces side by side: where they first part, and which flushes had to be passed over to keep them
/// together (`EquivalenceRule.extraFlush`, `.doubledFlush`).
public struct TraceAlignment: Sendable {
  /// Where two traces part.
  public struct Parting: Sendable, Hashable {
    /// The index into the subject's trace; its count when that trace is over.
    public var subjectIndex: Int
    /// The same for the reference.
    public var referenceIndex: Int
    /// The events there; nil where a trace is over.
    public var subject: Event?
    /// The reference's event there.
    public var reference: Event?

    /// Whether one trace is a proper beginning of the other.
    public var isEnd: Bool { subject == nil || reference == nil }

    /// The same as a difference.
    public var difference: Difference {
      .event(
        subjectIndex: subjectIndex, referenceIndex: referenceIndex, subject: subject,
        reference: reference)
    }
  }

  /// Nil when the traces are the same but for skipped flushes.
  public private(set) var firstDifference: Parting?
  /// The subject's flushes that were skipped, by index, in order.
  public private(set) var skippedFlushes: [Int] = []
  /// The reference's flushes that directly follow one that both do, and that the subject leaves out.
  private(set) var leftFlushes: [Int] = []

  /// Lines two traces up. With `toleratesExtraFlush`, a flush that only the subject does is skipped, also
  /// where it stands between events that the trace of the reference holds as one; and so is the second of
  /// two flushes of everything that follow each other in the reference.
  public init(subject: [Event], reference: [Event], toleratesExtraFlush: Bool = true) {
    guard subject != reference else { return }
    var mine = Cursor(subject)
    var theirs = Cursor(reference)
    var split: Parting?
    while let parting = Self.parting(&mine, &theirs, &split) {
      if toleratesExtraFlush, let event = mine.event, event.kind == EventKind.flush.rawValue {
        skippedFlushes.append(mine.index)
        mine.advance()
      } else if toleratesExtraFlush, theirs.isFlushedAgain, mine.hasJustFlushedAll {
        leftFlushes.append(theirs.index)
        theirs.advance()
      } else {
        firstDifference = split ?? parting
        return
      }
    }
  }

  /// Goes on as long as the traces are the same; nil when both are over. `split` is where events began to
  /// be the same in part: should the rest not follow, they part there.
  private static func parting(
    _ mine: inout Cursor, _ theirs: inout Cursor, _ split: inout Parting?
  ) -> Parting? {
    func here() -> Parting {
      Parting(
        subjectIndex: mine.index, referenceIndex: theirs.index, subject: mine.whole,
        reference: theirs.whole)
    }
    while mine.event != nil || theirs.event != nil {
      guard let event = mine.event, let other = theirs.event else { break }
      if isSame(event, other) {
        mine.advance()
        theirs.advance()
        split = nil
      } else if let common = commonRun(event, other) {
        split = split ?? here()
        mine.take(common)
        theirs.take(common)
      } else {
        break
      }
    }
    return mine.event != nil || theirs.event != nil ? here() : nil
  }

  /// How much of two folded events is the same from their beginnings on; nil when they are not of a kind.
  private static func commonRun(_ event: Event, _ other: Event) -> UInt64? {
    guard event.kind == other.kind, event.a == other.a, event.b == other.b,
      event.detail == other.detail, event.c > 0, other.c > 0,
      [EventKind.clear.rawValue, EventKind.freeReserved.rawValue].contains(event.kind)
    else { return nil }
    return min(event.c, other.c)
  }

  /// A place in a trace, which may lie within a folded event.
  private struct Cursor {
    private let events: [Event]
    private(set) var index = 0
    /// What is left of the event there; nil where the trace is over.
    private(set) var event: Event?

    init(_ events: [Event]) {
      self.events = events
      event = events.first
    }

    /// The event there as the trace has it.
    var whole: Event? { index < events.count ? events[index] : nil }

    /// Whether a flush of everything is done again, with nothing in between.
    var isFlushedAgain: Bool {
      index > 0 && index < events.count && events[index] == Self.flushAll
        && events[index - 1] == Self.flushAll
    }

    /// Whether the last thing that was done is a flush of everything.
    var hasJustFlushedAll: Bool {
      index > 0 && events[index - 1] == Self.flushAll && event == whole
    }

    private static let flushAll = Event(.flush, detail: FlushScope.all.rawValue)

    mutating func advance() {
      index += 1
      event = whole
    }

    /// Takes the beginning of a folded event.
    mutating func take(_ count: UInt64) {
      guard var rest = event, rest.c > count else { return advance() }
      rest.c -= count
      // Slots follow each other in `b`, pages in `a`.
      if rest.kind == EventKind.clear.rawValue { rest.b &+= count } else { rest.a &+= count }
      event = rest
    }
  }

  /// A destructor whose name says no level (`pagetable_dtor`) stands for that of any level.
  private static func isSame(_ event: Event, _ other: Event) -> Bool {
    if event == other { return true }
    guard event.kind == EventKind.destruct.rawValue, other.kind == event.kind else { return false }
    return event.a == other.a && (event.detail == Event.anyLevel || other.detail == Event.anyLevel)
  }
}
