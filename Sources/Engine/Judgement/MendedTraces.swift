// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

/// What two sides did in a case, without what certain mends change: all else has to be the same.
struct MendedTraces {
  private let image: MachineImage
  private let subject: Observation
  private let reference: Observation
  private let mends: [Mend]
  /// The calls whose answer the oracle has seen to be right.
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

  /// Whether the sides are the same but for the mends.
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

  /// The events without those that mends drop or turn into others.
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

  /// The events between two calls, of the core or of the case, in an order of their own. What is flushed when,
  /// and that nothing is freed before, the oracle has seen to.
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

  /// No leaf is larger.
  private static let mostPages: UInt64 = 1 << 27

  /// What does not depend on the order in which things are done: a clear of one slot, a free of one page,
  /// any other event.
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

  /// By how much the subject ran each table's destructor more often than the reference; nil where that is
  /// not what the mends are about.
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

  /// How often each table's destructor ran, how often in vain, and how often it did not before a free.
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
