// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// Escapes text for a page.
enum HTMLText {
  /// Text for an element's content or an attribute's value, with markup escaped. Invisible characters and
  /// those that change the text direction become escapes, as in other formats, e.g. `\u{202E}`.
  ///
  /// The function escapes Unicode scalars. If it escaped characters, a quotation mark with a combining mark
  /// would pass unescaped.
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

  /// The text, cut to a maximum length in Unicode scalars. It counts scalars, because one character can have
  /// any number of combining marks.
  static func line(_ text: String, atMost scalars: Int = 2000) -> String {
    let all = text.unicodeScalars
    guard let end = all.index(all.startIndex, offsetBy: scalars, limitedBy: all.endIndex),
      end < all.endIndex
    else { return text }
    return "\(Substring(all[..<end])) \u{2026} (\(all.count - scalars) more)"
  }
}
