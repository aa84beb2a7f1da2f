// SPDX-License-Identifier: GPL-2.0-only

/// Tells answers from everything else that comes over a guest's serial line.
///
/// An answer stands between `<<mhpcheck TOKEN NUMBER answer BYTES STATUS>>` and `<<mhpcheck TOKEN NUMBER
/// end>>`, each a line. TOKEN is drawn anew for every guest, so that nothing else prints it; the length is
/// told first, so that whatever stands in an answer is not looked at; and where the end does not stand
/// right behind so many bytes, a message of the kernel's got between them: the answer is torn.
struct AnswerReader: Sendable {
  /// The most bytes of an answer; a longer one is cut to one byte more by the guest.
  static let largestAnswer = 1 << 20

  /// What bytes turned out to be.
  enum Piece: Hashable, Sendable {
    /// Messages of the kernel and the firmware.
    case noise([UInt8])
    case answer(number: Int, status: Int, output: [UInt8])
    /// An answer that something got into.
    case torn(number: Int)
  }

  private struct Head {
    var number: Int
    var count: Int
    var status: Int
    /// The line that ends the answer.
    var end: [UInt8]
  }

  /// Where a torn answer is given up: kernels say less than this in a row.
  private static let mostNoiseInAnswer = 1 << 18
  /// The longest head behind its opening.
  private static let longestHead = 64

  private let opening: [UInt8]
  private let token: String
  private var bytes: [UInt8] = []
  private var head: Head?
  /// How far a torn answer's end was looked for.
  private var searched = 0

  /// A reader of answers that carry `token`.
  init(token: String) {
    self.token = token
    opening = Array("<<mhpcheck \(token) ".utf8)
  }

  /// Takes what came; returns what it turned out to be, in order. Some of it may have to wait for more.
  mutating func feed(_ new: some Sequence<UInt8>) -> [Piece] {
    bytes.append(contentsOf: new)
    var pieces: [Piece] = []
    while let piece = next() { pieces.append(piece) }
    return pieces
  }

  /// What is left when nothing more will come.
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
      // Not a head, or its end is still to come.
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

  /// How many of the last bytes may be the beginning of an opening.
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

  /// Where `pattern` first stands in `bytes` at or behind `from`.
  private static func find(_ pattern: [UInt8], in bytes: [UInt8], from: Int) -> Int? {
    var index = from
    while index + pattern.count <= bytes.count {
      if bytes[index] == pattern[0], bytes[index...].starts(with: pattern) { return index }
      index += 1
    }
    return nil
  }
}
