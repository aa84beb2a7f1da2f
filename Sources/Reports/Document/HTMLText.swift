// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// Text in a page: text, whatever it holds.
enum HTMLText {
  /// Text for an element's content or an attribute's value: markup is escaped; characters that a reader
  /// would not see, or that turn the order of letters, are written as in any other format, e.g. `\u{202E}`.
  ///
  /// It escapes Unicode scalars. Escaping characters would let a quotation mark with a combining mark behind
  /// it through.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    escaped.unicodeScalars.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "`": escaped += "&#96;"
      case "\t": escaped += "&#9;"
      case "\n": escaped.unicodeScalars.append(scalar)
      default:
        escaped +=
          SafeText.isHidden(scalar) ? SafeText.line(String(scalar)) : String(scalar)
      }
    }
    return escaped
  }

  /// A text cut where it is longer than anyone reads. Scalars count: one letter can carry any number of marks.
  static func line(_ text: String, atMost scalars: Int = 2000) -> String {
    let all = text.unicodeScalars
    guard let end = all.index(all.startIndex, offsetBy: scalars, limitedBy: all.endIndex),
      end < all.endIndex
    else { return text }
    return "\(Substring(all[..<end])) \u{2026} (\(all.count - scalars) more)"
  }
}
