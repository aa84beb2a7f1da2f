// SPDX-License-Identifier: GPL-2.0-only

/// Text that goes into generated C. Names and sentences may be strangers': nothing in them ends a
/// comment or a string, continues a line, makes a trigraph, or turns the direction of reading.
enum CText {
  /// A C string literal, quotes included.
  static func string(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      // A question mark could begin a trigraph.
      case 0x22, 0x5c, 0x3f: result += "\\" + String(UnicodeScalar(byte))
      case 0x20..<0x7f: result += String(UnicodeScalar(byte))
      // Three octal digits end by themselves, other than hexadecimal ones.
      default:
        let digits = String(byte, radix: 8)
        result += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      }
    }
    return "\"\(result)\""
  }

  /// One line of a comment: printing ASCII, in which no comment ends or begins.
  static func comment(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      // A slash beside a star would end the comment, at its end a line would go on.
      case "*" where result.last == "/": result += " *"
      case "/" where result.last == "*" || result.isEmpty: result += " /"
      case "\\": result += "\\ "
      case "?" where result.last == "?": result += " ?"
      case " "..."~": result.unicodeScalars.append(scalar)
      case "\n", "\r", "\t": result += " "
      default: result += "<U+\(String(scalar.value, radix: 16, uppercase: true))>"
      }
    }
    while let last = result.last, last == " " { result.removeLast() }
    return result.last == "\\" ? result + "." : result
  }

  /// A block comment in the kernel's style, a line each.
  static func block(_ lines: [String]) -> String {
    "/*\n"
      + lines.map { line in
        let text = comment(line)
        // The indentation of drawings stays.
        let indent = String(line.prefix { $0 == " " })
        return text.isEmpty ? " *\n" : " * \(indent)\(text.drop { $0 == " " })\n"
      }.joined() + " */\n"
  }

  /// "0x80200ULL".
  static func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) + "ULL" }
}
