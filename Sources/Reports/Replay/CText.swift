// SPDX-License-Identifier: GPL-2.0-only

/// Text for generated C. Names and sentences may be untrusted, so nothing in the text can end a comment or a
/// string, continue a line, form a trigraph, or change the text direction.
enum CText {
  /// A C string literal, with its quotes.
  static func string(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      // A question mark could begin a trigraph.
      case 0x22, 0x5c, 0x3f: result += "\\" + String(UnicodeScalar(byte))
      case 0x20..<0x7f: result += String(UnicodeScalar(byte))
      // An octal escape ends after three digits; a hexadecimal escape has no limit.
      default:
        let digits = String(byte, radix: 8)
        result += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      }
    }
    return "\"\(result)\""
  }

  /// One line of a comment, in printable ASCII. It cannot begin or end a comment.
  static func comment(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      // A slash next to a star would begin or end a comment; a backslash at its end would continue the line.
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

  /// A block comment of these lines, in the kernel's style.
  static func block(_ lines: [String]) -> String {
    "/*\n"
      + lines.map { line in
        let text = comment(line)
        // Drawings keep their indentation.
        let indent = String(line.prefix { $0 == " " })
        return text.isEmpty ? " *\n" : " * \(indent)\(text.drop { $0 == " " })\n"
      }.joined() + " */\n"
  }

  /// "FREE_RESERVED" for the wire name "freeReserved".
  static func constant(_ name: String) -> String {
    name.reduce(into: "") { $0 += ($1.isUppercase ? "_" : "") + $1.uppercased() }
  }

  /// "0x80200ULL".
  static func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) + "ULL" }
}
