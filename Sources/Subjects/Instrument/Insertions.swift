// SPDX-License-Identifier: GPL-2.0-only

/// Text to insert between the bytes of a unit, around ranges that are nested or disjoint.
struct Insertions {
  private struct Piece {
    var text: String
    /// The text goes before the byte at this offset.
    var offset: Int
    var isClosing: Bool
    /// Length in bytes of the range that the text opens or closes.
    var width: Int
    var number: Int
  }

  private var pieces: [Piece] = []

  /// Puts text before and after a range; of equal ranges, the first one is outermost.
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

  /// The text with all insertions.
  func applied(to bytes: [UInt8]) -> String {
    let sorted = pieces.sorted { left, right in
      if left.offset != right.offset { return left.offset < right.offset }
      if left.isClosing != right.isClosing { return left.isClosing }
      // Ranges nest: the last one to close is the first one to open.
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
