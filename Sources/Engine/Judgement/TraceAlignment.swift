// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// Aligns two traces. The result is the point where they diverge, and the flushes that the alignment skipped
/// (`EquivalenceRule.extraFlush`, `.doubledFlush`, `.wholeRangeFlush`).
public struct TraceAlignment: Sendable {
  /// The point where two traces diverge.
  public struct Parting: Sendable, Hashable {
    /// The index into the subject's trace; the count of its events if that trace has ended.
    public var subjectIndex: Int
    /// The same for the reference.
    public var referenceIndex: Int
    /// The subject's event there; nil where its trace has ended.
    public var subject: Event?
    /// The reference's event there; nil where its trace has ended.
    public var reference: Event?

    /// Whether one trace is a proper prefix of the other.
    public var isEnd: Bool { subject == nil || reference == nil }

    public var difference: Difference {
      .event(
        subjectIndex: subjectIndex, referenceIndex: referenceIndex, subject: subject,
        reference: reference)
    }
  }

  /// Nil when the traces are the same except for skipped flushes.
  public private(set) var firstDifference: Parting?
  /// The same point behind what both sides do of folded events that begin alike. Its events are the rests of
  /// these, or what follows them.
  public private(set) var unfoldedDifference: Parting?
  /// The indices of the subject's skipped flushes, in order.
  public private(set) var skippedFlushes: [Int] = []
  /// The indices of the reference's flushes that directly follow one that both do, and that the subject
  /// omits.
  private(set) var leftFlushes: [Int] = []
  /// Whether one side flushes the range of all addresses, and the other does not.
  private(set) var flushesByRange = false

  /// Aligns two traces. With `toleratesExtraFlush`, the alignment skips a flush that only the subject does,
  /// even between events that the reference's trace holds as one. It also skips the second of two consecutive
  /// flushes of everything in the reference.
  public init(subject: [Event], reference: [Event], toleratesExtraFlush: Bool = true) {
    guard subject != reference else { return }
    flushesByRange =
      subject.contains(where: \.isFlushOfWholeRange)
      != reference.contains(where: \.isFlushOfWholeRange)
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
        unfoldedDifference = Parting(
          subjectIndex: mine.index, referenceIndex: theirs.index, subject: mine.event,
          reference: theirs.event)
        return
      }
    }
  }

  /// Advances while the traces agree; nil when both have ended. `split` is the point where a partial match of
  /// two events began. If the rest does not match, the traces diverge there.
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

  /// The length of the common beginning of two folded events; nil when the events do not match.
  private static func commonRun(_ event: Event, _ other: Event) -> UInt64? {
    guard event.kind == other.kind, event.a == other.a, event.b == other.b,
      event.detail == other.detail, event.c > 0, other.c > 0,
      [EventKind.clear.rawValue, EventKind.freeReserved.rawValue].contains(event.kind)
    else { return nil }
    return min(event.c, other.c)
  }

  /// A position in a trace, which may lie within a folded event.
  private struct Cursor {
    private let events: [Event]
    private(set) var index = 0
    /// The rest of the event there; nil at the end of the trace.
    private(set) var event: Event?

    init(_ events: [Event]) {
      self.events = events
      event = events.first
    }

    /// The whole event there, as the trace has it.
    var whole: Event? { index < events.count ? events[index] : nil }

    /// Whether the event there repeats a flush of everything, with nothing in between.
    var isFlushedAgain: Bool {
      index > 0 && index < events.count && events[index].flushesEverything
        && events[index - 1].flushesEverything
    }

    /// Whether the last event was a flush of everything.
    var hasJustFlushedAll: Bool {
      index > 0 && events[index - 1].flushesEverything && event == whole
    }

    mutating func advance() {
      index += 1
      event = whole
    }

    /// Consumes the first `count` slots or pages of a folded event.
    mutating func take(_ count: UInt64) {
      guard var rest = event, rest.c > count else { return advance() }
      rest.c -= count
      // Slots continue in `b`, pages in `a`.
      if rest.kind == EventKind.clear.rawValue { rest.b &+= count } else { rest.a &+= count }
      event = rest
    }
  }

  /// A destructor without a level in its name (`pagetable_dtor`) matches that of any level.
  private static func isSame(_ event: Event, _ other: Event) -> Bool {
    if event == other || (event.flushesEverything && other.flushesEverything) { return true }
    guard event.kind == EventKind.destruct.rawValue, other.kind == event.kind else { return false }
    return event.a == other.a && (event.detail == Event.anyLevel || other.detail == Event.anyLevel)
  }
}

extension Event {
  /// Whether it flushes all addresses on all harts, by its name or by its range.
  fileprivate var flushesEverything: Bool {
    isFlushOfWholeRange
      || (kind == EventKind.flush.rawValue && detail == FlushScope.all.rawValue)
  }

  /// Whether it is a flush of the range of all addresses, but for those of the last page.
  fileprivate var isFlushOfWholeRange: Bool {
    kind == EventKind.flush.rawValue && detail == FlushScope.range.rawValue && a == 0
      && b >= 0 &- AddressLayout.pageSize
  }
}
