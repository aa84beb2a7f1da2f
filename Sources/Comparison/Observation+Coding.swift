// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import MachineModel

/// Observations cross from workers as words in base64: a trace of a million events as JSON numbers
/// takes longer to read than a worker has to answer.
extension Observation {
  private enum Key: String, CodingKey {
    case ending, events, tables, lives, maxPFN, maxLowPFN, altmapAllocs, spellings
  }

  /// Encodes tables by their non-zero words.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    var events = Words()
    for event in self.events {
      events.append(UInt64(event.kind) | UInt64(event.detail) << 32)
      for word in [event.a, event.b, event.c, event.d] { events.append(word) }
    }
    var tables = Words()
    for table in self.tables {
      tables.append(UInt64(table.count))
      for word in table { tables.append(word) }
    }
    try container.encode(ending, forKey: .ending)
    try container.encode(events.data, forKey: .events)
    try container.encode(tables.data, forKey: .tables)
    try container.encode(lives, forKey: .lives)
    try container.encode(maxPFN, forKey: .maxPFN)
    try container.encode(maxLowPFN, forKey: .maxLowPFN)
    try container.encode(altmapAllocs, forKey: .altmapAllocs)
    try container.encode(spellings, forKey: .spellings)
  }

  /// Memberwise.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    var words = Words(data: try container.decode(Data.self, forKey: .events))
    var events: [Event] = []
    while let first = words.next() {
      guard let a = words.next(), let b = words.next(), let c = words.next(), let d = words.next()
      else { throw Self.truncated(.events, container) }
      var event = Event(.clear, detail: UInt32(first >> 32), a: a, b: b, c: c, d: d)
      event.kind = UInt32(truncatingIfNeeded: first)
      events.append(event)
    }
    words = Words(data: try container.decode(Data.self, forKey: .tables))
    var tables: [[UInt64]] = []
    while let count = words.next() {
      guard let table = words.next(count) else { throw Self.truncated(.tables, container) }
      tables.append(table)
    }
    self.init(
      ending: try container.decode(Ending.self, forKey: .ending), events: events, tables: tables,
      lives: try container.decode([PageLife].self, forKey: .lives),
      maxPFN: try container.decode(UInt64.self, forKey: .maxPFN),
      maxLowPFN: try container.decode(UInt64.self, forKey: .maxLowPFN),
      altmapAllocs: try container.decode([UInt64].self, forKey: .altmapAllocs),
      spellings: try container.decode(Spellings.self, forKey: .spellings))
  }

  private static func truncated(
    _ key: Key, _ container: KeyedDecodingContainer<Key>
  ) -> DecodingError {
    .dataCorruptedError(forKey: key, in: container, debugDescription: "words are missing")
  }
}

/// 64-bit words as bytes, lowest first.
private struct Words {
  private(set) var bytes: [UInt8] = []
  private var place = 0

  init() {}

  init(data: Data) { bytes = [UInt8](data) }

  var data: Data { Data(bytes) }

  mutating func append(_ word: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }

  mutating func next() -> UInt64? {
    guard bytes.count - place >= 8 else { return nil }
    var word: UInt64 = 0
    for index in 0..<8 { word |= UInt64(bytes[place + index]) << UInt64(8 * index) }
    place += 8
    return word
  }

  /// The next words; nil when there are fewer.
  mutating func next(_ count: UInt64) -> [UInt64]? {
    guard count <= UInt64((bytes.count - place) / 8) else { return nil }
    return (0..<count).compactMap { _ in next() }
  }
}
