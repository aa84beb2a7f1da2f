// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials

/// Conversion between 64-bit words and bytes, lowest byte first.
package struct WordReader {
  private let words: [UInt64]
  private var place = 0

  /// Reads whole words and drops remaining bytes.
  package init(_ bytes: Data) {
    words = bytes.withUnsafeBytes { raw in
      (0..<raw.count / 8).map {
        UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
      }
    }
  }

  /// All remaining words.
  package var rest: ArraySlice<UInt64> { words[place...] }

  package mutating func next() -> UInt64? {
    guard place < words.count else { return nil }
    place += 1
    return words[place - 1]
  }

  /// A count of items that have at least `wordsEach` words each; nil if it exceeds the limit or the
  /// remaining words.
  package mutating func count(upTo limit: Int, words wordsEach: Int) -> Int? {
    guard let count = next(), count <= UInt64(limit),
      Int(count) * wordsEach <= words.count - place
    else { return nil }
    return Int(count)
  }

  package static func bytes(of words: [UInt64]) -> Data {
    words.withUnsafeBytes { Data($0) }
  }
}
