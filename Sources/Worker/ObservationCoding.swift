// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The encoding of observations as words, from a worker to the supervisor. Of a table's page, only the
/// words that differ from its background are sent, a dozen of 512. The background is the value of most
/// entries: zero, or poison in a page that nobody cleared.
package enum ObservationCoding {
  /// The maximum number of events sent per case. Only a runaway case has more, and then the beginning is
  /// enough.
  package static let eventsKept = 1 << 18

  package static func append(_ observation: Observation, entries: Int, to words: inout [UInt64]) {
    let ending = observation.ending
    words.append(UInt64(ending.operation) << 32 | UInt64(ending.kind))
    words.append(UInt64(ending.slot) << 32 | UInt64(ending.table))
    words += [ending.address, observation.maxPFN, observation.maxLowPFN]
    words.append(UInt64(observation.spellings.rawValue))
    words.append(UInt64(observation.altmapAllocs.count))
    words += observation.altmapAllocs + observation.altmapAligns
    words.append(UInt64(observation.sections.count))
    for section in observation.sections {
      words += [section.number << 1 | (section.isEarly ? 1 : 0), section.subsections]
    }
    words.append(UInt64(observation.events.count))
    for event in observation.events {
      words.append(UInt64(event.detail) << 32 | UInt64(event.kind))
      words += [event.a, event.b, event.c, event.d]
    }
    words.append(UInt64(observation.tables.count))
    for (page, life) in zip(observation.tables, observation.lives) {
      words.append(UInt64(life.owner) << 32 | UInt64(life.level))
      words.append(UInt64(UInt32(bitPattern: life.constructed)) << 32 | UInt64(life.live))
      let isCleared =
        page.prefix(entries).count { $0 == 0 } > page.prefix(entries).count { $0 == pagePoison }
      let place = words.count
      words.append(0)
      for slot in page.indices where page[slot] != background(slot, isCleared, entries) {
        words.append(UInt64(slot))
        words.append(page[slot])
      }
      words[place] = UInt64((words.count - place - 1) / 2) << 1 | (isCleared ? 1 : 0)
    }
  }

  /// The background of a slot. Behind the entries it is always poison.
  private static func background(_ slot: Int, _ isCleared: Bool, _ entries: Int) -> UInt64 {
    isCleared && slot < entries ? 0 : pagePoison
  }

  /// The next observation; nil if the words are not one. The words come from a process that a subject
  /// may control, so this function trusts none of them.
  package static func next(
    from reader: inout WordReader, entries: Int, pagesLeft: Int
  ) -> Observation? {
    guard let first = reader.next(), let second = reader.next(), let address = reader.next(),
      let maxPFN = reader.next(), let maxLowPFN = reader.next(), let spellings = reader.next(),
      let altmapCount = reader.count(upTo: 8, words: 2)
    else { return nil }
    let ending = Ending(
      EndingKind(rawValue: low(first)) ?? .unsteady, operation: high(first), table: low(second),
      slot: high(second), address: address)
    let allocs = (0..<altmapCount).compactMap { _ in reader.next() }
    let aligns = (0..<altmapCount).compactMap { _ in reader.next() }
    guard let sections = sections(from: &reader),
      let eventCount = reader.count(upTo: eventsKept, words: 5)
    else { return nil }
    var events: [Event] = []
    events.reserveCapacity(eventCount)
    for _ in 0..<eventCount {
      guard let event = event(from: &reader) else { return nil }
      events.append(event)
    }
    guard let tableCount = reader.count(upTo: pagesLeft, words: 3) else { return nil }
    var tables: [[UInt64]] = []
    var lives: [PageLife] = []
    for _ in 0..<tableCount {
      guard let (page, life) = table(from: &reader, entries: entries) else { return nil }
      tables.append(page)
      lives.append(life)
    }
    return Observation(
      ending: ending, events: events, tables: tables, lives: lives, maxPFN: maxPFN,
      maxLowPFN: maxLowPFN, altmapAllocs: allocs, altmapAligns: aligns,
      sections: sections, spellings: Spellings(rawValue: low(spellings)))
  }

  private static func sections(from reader: inout WordReader) -> [SectionState]? {
    guard let count = reader.count(upTo: SectionState.capacity, words: 2) else { return nil }
    var sections: [SectionState] = []
    for _ in 0..<count {
      guard let first = reader.next(), let bits = reader.next() else { return nil }
      sections.append(
        SectionState(number: first >> 1, subsections: bits, isEarly: first & 1 == 1))
    }
    return sections
  }

  private static func event(from reader: inout WordReader) -> Event? {
    guard let first = reader.next(), let a = reader.next(), let b = reader.next(),
      let c = reader.next(), let d = reader.next()
    else { return nil }
    var event = Event(.clear, detail: high(first), a: a, b: b, c: c, d: d)
    event.kind = low(first)
    return event
  }

  private static func table(
    from reader: inout WordReader, entries: Int
  ) -> ([UInt64], PageLife)? {
    guard let first = reader.next(), let second = reader.next(),
      let countAndBackground = reader.next()
    else { return nil }
    let isCleared = countAndBackground & 1 == 1
    let life = PageLife(
      level: low(first), owner: high(first), live: low(second),
      constructed: Int32(bitPattern: high(second)))
    var page = [UInt64](repeating: pagePoison, count: Pool.wordsPerPage)
    if isCleared { for slot in 0..<entries { page[slot] = 0 } }
    guard countAndBackground >> 1 <= UInt64(page.count) else { return nil }
    for _ in 0..<countAndBackground >> 1 {
      guard let slot = reader.next(), slot < page.count, let word = reader.next() else {
        return nil
      }
      page[Int(slot)] = word
    }
    return (page, life)
  }

  private static func low(_ word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: word) }
  private static func high(_ word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: word >> 32) }
}
