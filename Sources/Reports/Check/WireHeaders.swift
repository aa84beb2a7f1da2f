// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// The comparison of a tree's own headers, as JSON.
struct WireHeaders: Encodable {
  /// A name with a different meaning in the tree's headers.
  struct Differing: Encodable {
    var name: String
    var place: String
    var mode: String
    /// The compared words, in hex.
    var words: [String]
    var subject: String?
    var reference: String?

    enum CodingKeys: String, CodingKey { case name, place, mode, words, subject, reference }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(place, forKey: .place)
      try container.encode(mode, forKey: .mode)
      try container.encode(words, forKey: .words)
      try container.encode(subject, forKey: .subject)
      try container.encode(reference, forKey: .reference)
    }
  }

  var compared = 0
  var unknown: String?
  var differing: [Differing]

  /// Nil where the subject has no headers of its own.
  init?(_ headers: HeaderComparison) {
    switch headers {
    case .none: return nil
    case .unknown(let reason): unknown = reason
    case .compared(let count, _): compared = count
    }
    func hex(_ word: UInt64) -> String { "0x" + String(word, radix: 16) }
    differing = headers.differing.map {
      Differing(
        name: $0.name, place: $0.place, mode: $0.mode, words: $0.words.map(hex),
        subject: $0.subject.map(hex), reference: $0.reference.map(hex))
    }
  }

  enum CodingKeys: String, CodingKey { case compared, unknown, differing }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(compared, forKey: .compared)
    try container.encode(unknown, forKey: .unknown)
    try container.encode(differing, forKey: .differing)
  }
}
