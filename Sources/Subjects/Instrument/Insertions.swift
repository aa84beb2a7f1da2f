// SPDX-License-Identifier: GPL-2.0-only

/// Text to be put between the bytes of a unit, around ranges that contain one another or are apart.
struct Insertions {
  private struct Piece {
    var text: String
    /// Where it goes: before the byte at this offset.
    var offset: Int
    var isClosing: Bool
    /// Bytes of the range that it opens or closes.
    var width: Int
    var number: Int
  }

  private var pieces: [Piece] = []

  /// Puts text before and behind a range; of equal ranges, the one that came first is outside.
  mutating func wrap(_ range: Range<Int>, _ opening: String, _ closing: String) {
    let number = pieces.count
    if !opening.isEmpty {
      pieces.append(
        Piece(
          text: opening, offset: range.lowerBound, isClosing: false, width: range.count,
          number: number))
    }
    if !closing.isEmpty {
      pieces.append(
        Piece(
          text: closing, offset: range.upperBound, isClosing: true, width: range.count,
          number: number))
    }
  }

  /// The text with everything in its place.
  func applied(to bytes: [UInt8]) -> String {
    let sorted = pieces.sorted { left, right in
      if left.offset != right.offset { return left.offset < right.offset }
      if left.isClosing != right.isClosing { return left.isClosing }
      // What closes last was opened first.
      if left.width != right.width { return (left.width < right.width) == left.isClosing }
      return (left.number > right.number) == left.isClosing
    }
    var result: [UInt8] = []
    var done = 0
    for piece in sorted {
      result += bytes[done..<piece.offset]
      result += Array(piece.text.utf8)
      done = piece.offset
    }
    return String(decoding: result + bytes[done...], as: UTF8.self)
  }
}
