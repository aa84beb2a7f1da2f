// SPDX-License-Identifier: GPL-2.0-only

/// Makes invalid files from valid ones, the same in every run: changes, removes, doubles or moves bytes, runs
/// of bytes, numbers and words.
struct TextMutator {
  private var state: UInt64
  /// The replacements for numbers and words: extreme values, and words of other places.
  private let words: [[UInt8]]

  /// Extreme numbers, and the punctuation of file formats.
  private static let ends: [String] = [
    "0", "-1", "1", "511", "512", "4096", "65536", "2147483648", "4294967296",
    "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616",
    "-9223372036854775809", "1e308", "1e999", "0.5", "0xffffffffffffffff", "0x0", "null", "true",
    "\"\"", "[]", "{}", "[[[[", "\"\\ud800\"", "\u{0}", "\u{202e}", "\u{ff}", ":", ",", "\"", "\n",
    "- ", "*", "&a ", "*a", "!!int ", "? ", "| ", "%",
  ]

  /// - Parameter texts: valid files, whose words become replacements.
  init(seed: UInt64, texts: [[UInt8]]) {
    state = seed
    var words = Self.ends.map { Array($0.utf8) }
    for text in texts {
      words += Self.words(of: text).prefix(200).map { Array(text[$0]) }
    }
    self.words = words
  }

  /// A mutant of a valid file: mostly with one change, sometimes with several.
  mutating func mutant(of text: [UInt8]) -> [UInt8] {
    var text = text
    for _ in 0...(below(4) == 0 ? below(8) : 0) { change(&text) }
    return text
  }

  private mutating func change(_ text: inout [UInt8]) {
    guard !text.isEmpty else { return }
    let at = below(text.count)
    let length = min(text.count - at, 1 + below(below(3) == 0 ? 400 : 12))
    switch below(8) {
    case 0: text[at] ^= 1 << UInt8(below(8))
    case 1: text.removeSubrange(at..<(at + length))
    case 2: text.insert(contentsOf: text[at..<(at + length)], at: below(text.count))
    case 3: text.removeSubrange(at...)
    case 4: text.insert(contentsOf: words[below(words.count)], at: at)
    default:
      // A whole number or word passes the reader where a torn one does not.
      let places = Self.words(of: text)
      guard !places.isEmpty else { return }
      text.replaceSubrange(places[below(places.count)], with: words[below(words.count)])
    }
  }

  /// The ranges of numbers, names and strings.
  private static func words(of text: [UInt8]) -> [Range<Int>] {
    var places: [Range<Int>] = []
    var start: Int?
    for (index, byte) in text.enumerated() {
      let isPart =
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
        || [0x22, 0x2d, 0x5f, 0x2e].contains(byte)
      if isPart, start == nil { start = index }
      if !isPart, let first = start {
        places.append(first..<index)
        start = nil
      }
    }
    return places
  }

  private mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
}
