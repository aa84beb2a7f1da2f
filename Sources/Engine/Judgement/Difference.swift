// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// The first point at which two observations of the same case differ.
///
/// "Subject" is the side under test. "Reference" is the other side: the port at a set of fixes, or another
/// subject.
public enum Difference: Hashable, Sendable, Codable {
  /// The operations ended in different ways.
  case ending(subject: Ending, reference: Ending)
  /// The traces diverge at these indices; an event is nil where its trace has ended.
  case event(subjectIndex: Int, referenceIndex: Int, subject: Event?, reference: Event?)
  /// An entry of a table holds different words at the end; nil where a side has no such table.
  case entry(table: Int, slot: Int, subject: UInt64?, reference: UInt64?)
  /// The life of a table page differs.
  case life(table: Int, subject: PageLife?, reference: PageLife?)
  /// A kernel global holds different values at the end.
  case global(name: String, subject: UInt64, reference: UInt64)
  /// An altmap (numbered from 1) has a different allocation count, in pages.
  case altmap(number: Int, subject: UInt64, reference: UInt64)

  /// The kind of the difference; reports group cases by it.
  public var signature: String {
    switch self {
    case .ending(let subject, let reference):
      "\(Self.name(subject))-for-\(Self.name(reference))"
    case .event(_, _, let subject, let reference):
      "\(Self.name(subject))-for-\(Self.name(reference))"
    case .entry: "entry"
    case .life: "page-life"
    case .global(let name, _, _): name
    case .altmap: "altmap-count"
    }
  }

  private static func name(_ ending: Ending) -> String {
    EndingKind(rawValue: ending.kind)?.name ?? "unknown"
  }

  private static func name(_ event: Event?) -> String {
    guard let event else { return "nothing" }
    return EventKind(rawValue: event.kind)?.name ?? "unknown"
  }
}
