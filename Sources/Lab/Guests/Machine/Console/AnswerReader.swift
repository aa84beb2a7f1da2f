// SPDX-License-Identifier: GPL-2.0-only

/// Separates answers from all other output on a guest's serial line.
///
/// An answer is between `<<mhpcheck TOKEN NUMBER answer BYTES STATUS>>` and `<<mhpcheck TOKEN NUMBER end>>`,
/// each on a line. TOKEN is drawn anew for every guest, so that no other output contains it. The length comes
/// first, so that the reader does not look into an answer. If the end does not follow directly after that
/// length, a kernel message got into the answer: the answer is torn.
struct AnswerReader: Sendable {
  /// The maximum size of an answer in bytes; the guest cuts a longer one to one byte more.
  static let largestAnswer = 1 << 20

  /// A piece of the output, by its kind.
  enum Piece: Hashable, Sendable {
    /// Messages of the kernel and the firmware.
    case noise([UInt8])
    case answer(number: Int, status: Int, output: [UInt8])
    /// An answer with other output inside.
    case torn(number: Int)
  }

  private struct Head {
    var number: Int
    var count: Int
    var status: Int
    /// The line that ends the answer.
    var end: [UInt8]
  }

  /// The number of bytes after which a torn answer is given up: kernels print less than this in a row.
  private static let mostNoiseInAnswer = 1 << 18
  /// The maximum length of a head after its opening, in bytes.
  private static let longestHead = 64

  private let opening: [UInt8]
  private let token: String
  private var bytes: [UInt8] = []
  private var head: Head?
  /// The index up to which the end of a torn answer was searched for.
  private var searched = 0

  /// A reader of answers that carry `token`.
  init(token: String) {
    self.token = token
    opening = Array("<<mhpcheck \(token) ".utf8)
  }

  /// Takes new bytes and returns the pieces in them, in order. Some bytes may have to wait for more.
  mutating func feed(_ new: some Sequence<UInt8>) -> [Piece] {
    bytes.append(contentsOf: new)
    var pieces: [Piece] = []
    while let piece = next() { pieces.append(piece) }
    return pieces
  }

  /// The remaining bytes, when no more will come.
  mutating func finish() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }

  private mutating func next() -> Piece? {
    if let head { return body(head) }
    guard let start = Self.find(opening, in: bytes, from: 0) else {
      return noise(bytes.count - partOfOpening())
    }
    if start > 0 { return noise(start) }
    guard let close = Self.find(Array(">>\n".utf8), in: bytes, from: opening.count) else {
      // This is not a head, or its end has not arrived yet.
      return bytes.count > opening.count + Self.longestHead ? noise(opening.count) : nil
    }
    guard let head = parsed(bytes[opening.count..<close]) else { return noise(opening.count) }
    bytes.removeFirst(close + 3)
    self.head = head
    searched = head.count
    return body(head)
  }

  private mutating func body(_ head: Head) -> Piece? {
    guard bytes.count >= head.count + head.end.count else { return nil }
    if bytes[head.count...].starts(with: head.end) {
      let output = Array(bytes[..<head.count])
      leave(head.count + head.end.count)
      return .answer(number: head.number, status: head.status, output: output)
    }
    if let end = Self.find(head.end, in: bytes, from: searched) {
      leave(end + head.end.count)
      return .torn(number: head.number)
    }
    searched = max(head.count, bytes.count - head.end.count)
    guard bytes.count > head.count + Self.mostNoiseInAnswer else { return nil }
    leave(bytes.count)
    return .torn(number: head.number)
  }

  private mutating func leave(_ count: Int) {
    bytes.removeFirst(count)
    head = nil
  }

  private mutating func noise(_ count: Int) -> Piece? {
    guard count > 0 else { return nil }
    defer { bytes.removeFirst(count) }
    return .noise(Array(bytes[..<count]))
  }

  /// The number of last bytes that may be the beginning of an opening.
  private func partOfOpening() -> Int {
    let most = min(opening.count - 1, bytes.count)
    return (0...most).last { opening.starts(with: bytes.suffix($0)) } ?? 0
  }

  private func parsed(_ text: ArraySlice<UInt8>) -> Head? {
    let words = String(decoding: text, as: UTF8.self).split(
      separator: " ", omittingEmptySubsequences: false)
    guard words.count == 4, words[1] == "answer", let number = Int(words[0]),
      let count = Int(words[2]), let status = Int(words[3]),
      (0...Self.largestAnswer + 1).contains(count)
    else { return nil }
    return Head(
      number: number, count: count, status: status,
      end: Array("<<mhpcheck \(token) \(number) end>>\n".utf8))
  }

  /// The first index of `pattern` in `bytes`, at or after `from`.
  private static func find(_ pattern: [UInt8], in bytes: [UInt8], from: Int) -> Int? {
    var index = from
    while index + pattern.count <= bytes.count {
      if bytes[index] == pattern[0], bytes[index...].starts(with: pattern) { return index }
      index += 1
    }
    return nil
  }
}
