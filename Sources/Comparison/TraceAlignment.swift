// SPDX-License-Identifier: GPL-2.0-only

import MachineModel

/// Two traces side by side: where they first part, and whether a flush of the subject's had to be
/// skipped to keep them together (`EquivalenceRule.extraFlush`).
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

  /// Lines two traces up. With `toleratesExtraFlush`, a flush that only the subject does is skipped.
  public init(subject: [Event], reference: [Event], toleratesExtraFlush: Bool = true) {
    guard subject != reference else { return }
    var mine = 0
    var theirs = 0
    while mine < subject.count || theirs < reference.count {
      let event = mine < subject.count ? subject[mine] : nil
      let other = theirs < reference.count ? reference[theirs] : nil
      if Self.isSame(event, other) {
        mine += 1
        theirs += 1
      } else if toleratesExtraFlush, let event, event.kind == EventKind.flush.rawValue {
        skippedFlushes.append(mine)
        mine += 1
      } else {
        firstDifference = Parting(
          subjectIndex: mine, referenceIndex: theirs, subject: event, reference: other)
        return
      }
    }
  }

  /// A destructor whose name says no level (`pagetable_dtor`) stands for that of any level.
  private static func isSame(_ event: Event?, _ other: Event?) -> Bool {
    guard let event, let other else { return event == nil && other == nil }
    if event == other { return true }
    guard event.kind == EventKind.destruct.rawValue, other.kind == event.kind else { return false }
    return event.a == other.a && (event.detail == Event.anyLevel || other.detail == Event.anyLevel)
  }
}
