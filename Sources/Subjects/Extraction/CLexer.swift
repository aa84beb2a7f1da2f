// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Splits spliced text into C tokens; a whole directive is one token. The lexer never looks back, so its time
/// is linear in the bytes.
struct CLexer {
  let text: SplicedText
  private let end: Int
  private var position: Int
  /// Whether only blanks and comments precede `position` on its line.
  private var isLineStart: Bool
  private let readsDirectives: Bool
  /// The skipped block comments, if `keepsComments`: a line directive must not go into one.
  private(set) var longComments: [Range<Int>] = []
  private let keepsComments: Bool

  /// Reads `range`, or the whole text. Inside a directive, `#` is an ordinary token.
  init(
    _ text: SplicedText, range: Range<Int>? = nil, insideDirective: Bool = false,
    keepsComments: Bool = false
  ) {
    self.text = text
    position = range?.lowerBound ?? 0
    end = range?.upperBound ?? text.bytes.count
    isLineStart = !insideDirective
    readsDirectives = !insideDirective
    self.keepsComments = keepsComments
  }

  /// The tokens of a range, up to an unclosed comment. The text of a parsed item has none.
  static func tokens(
    _ text: SplicedText, _ range: Range<Int>, insideDirective: Bool = false
  ) -> [CToken] {
    var lexer = CLexer(text, range: range, insideDirective: insideDirective)
    var result: [CToken] = []
    while let token = try? lexer.next() { result.append(token) }
    return result
  }

  private func byte(_ ahead: Int = 0) -> UInt8 {
    position + ahead < end ? text.bytes[position + ahead] : 0
  }

  /// The next token; nil at the end.
  ///
  /// - Throws: for an unclosed comment; the error names the line where it starts.
  mutating func next() throws(Failure) -> CToken? {
    while position < end {
      let first = byte()
      switch first {
      case UInt8(ascii: "\n"):
        position += 1
        isLineStart = readsDirectives
      case UInt8(ascii: " "), UInt8(ascii: "\t"):
        position += 1
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"):
        try skipComment()
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"):
        while position < end, byte() != UInt8(ascii: "\n") { position += 1 }
      default:
        if isLineStart, startsDirective(first) { return try directive() }
        isLineStart = false
        return token(first)
      }
    }
    return nil
  }

  private func startsDirective(_ first: UInt8) -> Bool {
    first == UInt8(ascii: "#") || (first == UInt8(ascii: "%") && byte(1) == UInt8(ascii: ":"))
  }

  private mutating func skipComment() throws(Failure) {
    let start = position
    position += 2
    while position < end {
      if byte() == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
        position += 2
        if keepsComments { longComments.append(start..<position) }
        return
      }
      position += 1
    }
    throw Failure(.unreadable, "\(text.location(start)): the comment is never closed")
  }

  private mutating func directive() throws(Failure) -> CToken {
    let start = position
    while position < end, byte() != UInt8(ascii: "\n") {
      switch byte() {
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"): try skipComment()
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"):
        while position < end, byte() != UInt8(ascii: "\n") { position += 1 }
      case UInt8(ascii: "\""), UInt8(ascii: "'"): skipQuoted()
      default: position += 1
      }
    }
    return CToken(kind: .directive, byte: 0, start: start, end: position)
  }

  /// Skips a quotation. One that does not end on its line remains for the compiler: `#error don't` is legal.
  private mutating func skipQuoted() {
    let quote = byte()
    position += 1
    while position < end, byte() != UInt8(ascii: "\n") {
      let current = byte()
      position += current == UInt8(ascii: "\\") && byte(1) != UInt8(ascii: "\n") ? 2 : 1
      if current == quote { break }
    }
    position = min(position, end)
  }

  private mutating func token(_ first: UInt8) -> CToken {
    let start = position
    if Self.isWordStart(first) {
      while position < end, Self.isWord(byte()) { position += 1 }
      return CToken(kind: .identifier, byte: 0, start: start, end: position)
    }
    if Self.isDigit(first) || (first == UInt8(ascii: ".") && Self.isDigit(byte(1))) {
      skipNumber()
      return CToken(kind: .number, byte: 0, start: start, end: position)
    }
    if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
      skipQuoted()
      let kind: CToken.Kind = first == UInt8(ascii: "\"") ? .string : .character
      return CToken(kind: kind, byte: 0, start: start, end: position)
    }
    let (byte, length) = punctuator(first)
    position += length
    return CToken(kind: .punctuator, byte: byte, start: start, end: position)
  }

  private mutating func skipNumber() {
    var last: UInt8 = 0
    while position < end {
      let current = byte()
      let isSign = current == UInt8(ascii: "+") || current == UInt8(ascii: "-")
      let isExponent = last | 0x20 == UInt8(ascii: "e") || last | 0x20 == UInt8(ascii: "p")
      guard Self.isWord(current) || current == UInt8(ascii: ".") || (isSign && isExponent) else {
        return
      }
      // 0xe+1 is one preprocessing number too, so hexadecimal needs no exception.
      last = current
      position += 1
    }
  }

  private func punctuator(_ first: UInt8) -> (byte: UInt8, length: Int) {
    switch (first, byte(1)) {
    case (UInt8(ascii: "-"), UInt8(ascii: ">")): (UInt8(ascii: "."), 2)
    case (UInt8(ascii: "."), UInt8(ascii: ".")) where byte(2) == UInt8(ascii: "."):
      (UInt8(ascii: "~"), 3)
    case (UInt8(ascii: "<"), UInt8(ascii: "%")): (UInt8(ascii: "{"), 2)
    case (UInt8(ascii: "%"), UInt8(ascii: ">")): (UInt8(ascii: "}"), 2)
    case (UInt8(ascii: "<"), UInt8(ascii: ":")): (UInt8(ascii: "["), 2)
    case (UInt8(ascii: ":"), UInt8(ascii: ">")): (UInt8(ascii: "]"), 2)
    case (UInt8(ascii: "%"), UInt8(ascii: ":")): (UInt8(ascii: "#"), 2)
    // Two-byte operators whose first byte alone would mean something to the parser.
    case (UInt8(ascii: "="), UInt8(ascii: "=")), (UInt8(ascii: "!"), UInt8(ascii: "=")),
      (UInt8(ascii: "<"), UInt8(ascii: "=")), (UInt8(ascii: ">"), UInt8(ascii: "=")):
      (UInt8(ascii: "<"), 2)
    default: (first, 1)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  /// Bytes of UTF-8 sequences count: gcc and clang allow them in identifiers.
  private static func isWordStart(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$") || byte >= 0x80
  }

  private static func isWord(_ byte: UInt8) -> Bool { isWordStart(byte) || isDigit(byte) }
}
