// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

/// Compares two sides of a case, without the effects of given mends: all else must be the same.
struct MendedTraces {
  private let image: MachineImage
  private let subject: Observation
  private let reference: Observation
  private let mends: [Mend]
  /// The indices of the calls whose result the oracle found correct.
  private let answers: Set<Int>

  init(
    image: MachineImage, subject: Observation, reference: Observation, mends: [Mend],
    answers: Set<Int>
  ) {
    self.answers = answers
    self.image = image
    self.subject = subject
    self.reference = reference
    self.mends = mends
  }

  /// Whether the sides are the same except for the mends.
  var areSame: Bool {
    let (mine, theirs) = (subject.events, reference.events)
    guard isSameOrder(plain(mine), plain(theirs)),
      let changes = destructorChanges(mine, theirs)
    else { return false }
    return isSameState(changes)
  }

  private func mends(_ rules: OracleRule...) -> Bool {
    mends.contains { rules.contains($0.rule) }
  }

  private var mayReorder: Bool { mends(.freedWhileLinked, .freedBeforeFlush) }

  // MARK: Events

  /// The events, without those that mends drop or change.
  private func plain(_ events: [Event]) -> [Event] {
    let isCounted = mends(.tableCount)
    var operation = 0
    return events.compactMap { event in
      var event = event
      switch EventKind(rawValue: event.kind) {
      case .destruct where isCounted && table(of: event) != nil: return nil
      case .returned:
        if answers.contains(operation) {
          event.b = 0
          event.c = 0
        }
        operation += 1
      default: break
      }
      return event
    }
  }

  private func isSameOrder(_ mine: [Event], _ theirs: [Event]) -> Bool {
    guard mayReorder else {
      return TraceAlignment(subject: mine, reference: theirs).firstDifference == nil
    }
    return Self.parts(mine) == Self.parts(theirs)
  }

  /// The events between two calls (of the core or of the case), sorted and without flushes. The oracle has
  /// checked the flushes, and that no free precedes its flush.
  private static func parts(_ events: [Event]) -> [[Unit]] {
    var parts: [[Unit]] = [[]]
    for event in events {
      switch EventKind(rawValue: event.kind) {
      case .flush: continue
      case .clear where event.c <= UInt64(Pool.wordsPerPage):
        for slot in event.b..<event.b &+ event.c {
          parts[parts.count - 1].append(Unit(event, slot))
        }
      case .freeReserved where event.c <= Self.mostPages:
        for page in 0..<event.c { parts[parts.count - 1].append(Unit(event, event.a &+ page)) }
      case .returned, .addPages, .removePages, .warn:
        parts.append([Unit(event, event.b)])
        parts.append([])
      default: parts[parts.count - 1].append(Unit(event, event.b))
      }
    }
    return parts.map { $0.sorted() }
  }

  /// The upper bound of a free, in pages: no leaf is larger.
  private static let mostPages: UInt64 = 1 << 27

  /// A unit that does not depend on the order of operations: a clear of one slot, a free of one page, or any
  /// other event.
  private struct Unit: Equatable, Comparable {
    private let words: [UInt64]

    init(_ event: Event, _ place: UInt64) {
      switch EventKind(rawValue: event.kind) {
      case .clear: words = [UInt64(event.kind), event.a, place]
      case .freeReserved: words = [UInt64(event.kind), place]
      case .free: words = [UInt64(event.kind), event.a, event.b]
      case .destruct: words = [UInt64(event.kind), event.a]
      case .altmapFree: words = [UInt64(event.kind), event.a, event.b]
      default:
        words = [UInt64(event.kind), UInt64(event.detail), event.a, event.b, event.c, event.d]
      }
    }

    static func < (left: Unit, right: Unit) -> Bool {
      left.words.lexicographicallyPrecedes(right.words)
    }
  }

  // MARK: Destructors

  /// For each table, the number of destructor runs of the subject minus that of the reference; nil where the
  /// mends do not explain the number.
  private func destructorChanges(
    _ mine: [Event], _ theirs: [Event]
  ) -> [Int: Int32]? {
    guard mends(.tableCount) else { return [:] }
    let (one, other) = (destructors(mine), destructors(theirs))
    var changes: [Int: Int32] = [:]
    for table in Set(one.counts.keys).union(other.counts.keys).union(other.missing.keys) {
      let change = one.counts[table, default: 0] - other.counts[table, default: 0]
      guard change >= -other.vain[table, default: 0], change <= other.missing[table, default: 0]
      else { return nil }
      changes[table] = change
    }
    return changes
  }

  /// For each table: the destructor runs, those without a constructor, and those missing before a free.
  private func destructors(
    _ events: [Event]
  ) -> (counts: [Int: Int32], vain: [Int: Int32], missing: [Int: Int32]) {
    var constructed: [Int: Int32] = [:]
    for (table, state) in image.tables.enumerated() where state.constructed != 0 {
      constructed[table] = 1
    }
    var (counts, vain, missing) = ([Int: Int32](), [Int: Int32](), [Int: Int32]())
    for event in events {
      guard let table = table(of: event) else { continue }
      switch EventKind(rawValue: event.kind) {
      case .construct: constructed[table, default: 0] += 1
      case .destruct:
        counts[table, default: 0] += 1
        if constructed[table, default: 0] <= 0 {
          vain[table, default: 0] += 1
        } else {
          constructed[table, default: 0] -= 1
        }
      case .free, .freeReserved: missing[table] = constructed[table]
      default: break
      }
    }
    return (counts, vain, missing)
  }

  private func table(of event: Event) -> Int? { Pool.table(ofPFN: event.a, in: image.layout) }

  // MARK: State

  private func isSameState(_ destructors: [Int: Int32]) -> Bool {
    var plain = subject
    plain.events = []
    plain.spellings = []
    var other = reference
    other.events = []
    other.spellings = []
    if mends(.maxPFN) {
      plain.maxPFN = other.maxPFN
      plain.maxLowPFN = other.maxLowPFN
    }
    for (table, change) in destructors where table < plain.lives.count {
      plain.lives[table].constructed &+= change
    }
    return plain.compared(to: other).difference == nil
  }
}
