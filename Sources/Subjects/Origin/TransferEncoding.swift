// SPDX-License-Identifier: GPL-2.0-only

/// The transfer encodings of mail bodies (RFC 2045). Decoded lines keep their line numbers.
enum TransferEncoding {
  /// The lines of a base64 body. Characters outside the alphabet are skipped, as the RFC requires.
  static func base64(_ lines: ArraySlice<RawLine>) -> [RawLine] {
    var decoded = DecodedLines()
    var bits: UInt32 = 0
    var count = 0
    for line in lines {
      for byte in line.bytes {
        guard let value = sextet(byte) else { continue }
        bits = bits << 6 | value
        count += 6
        if count >= 8 {
          count -= 8
          decoded.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)), from: line.number)
        }
      }
    }
    return decoded.finish()
  }

  /// The lines of a quoted-printable body: `=XX` is a byte, `=` at a line's end joins two lines.
  static func quotedPrintable(_ lines: ArraySlice<RawLine>) -> [RawLine] {
    var decoded = DecodedLines()
    for line in lines {
      var rest = line.bytes
      while rest.last == UInt8(ascii: " ") || rest.last == UInt8(ascii: "\t") { rest.removeLast() }
      var isJoined = false
      while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "=") else {
          decoded.append(byte, from: line.number)
          continue
        }
        if rest.isEmpty {
          isJoined = true
        } else if let value = hexByte(rest.prefix(2)) {
          decoded.append(value, from: line.number)
          rest = rest.dropFirst(2)
        } else {
          decoded.append(byte, from: line.number)
        }
      }
      if !isJoined { decoded.append(UInt8(ascii: "\n"), from: line.number) }
    }
    return decoded.finish()
  }

  private static func sextet(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }

  private static func hexByte(_ digits: ArraySlice<UInt8>) -> UInt8? {
    guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
      return nil
    }
    return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}

/// Decoded bytes, split into lines again.
private struct DecodedLines {
  private var lines: [RawLine] = []
  private var current: [UInt8] = []
  private var number = 0

  mutating func append(_ byte: UInt8, from line: Int) {
    if current.isEmpty { number = line }
    guard byte == UInt8(ascii: "\n") else {
      current.append(byte)
      return
    }
    endLine()
  }

  mutating func finish() -> [RawLine] {
    if !current.isEmpty { endLine() }
    return lines
  }

  private mutating func endLine() {
    if current.last == UInt8(ascii: "\r") { current.removeLast() }
    lines.append(RawLine(bytes: current[...], number: number))
    current = []
  }
}
