// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Mustache

/// How strangers' text goes into a page: as text, whatever it holds.
///
/// It goes by Unicode scalars. To go by characters, as the templating library's own escaping does, would
/// let a quotation mark with a combining mark behind it through.
struct PageText: MustacheContentType {
  /// The name by which templates ask for it.
  static let name = "MHPCHECK"
  /// Makes it known to templates, once.
  static let isRegistered: Void = MustacheContentTypes.register(PageText(), named: name)

  /// See `escaped`.
  func escapeText(_ text: String) -> String { Self.escaped(text) }

  /// Text for an element's content or an attribute's value: markup is escaped; what a reader would not see
  /// or what turns the order of letters is written as in any other format, e.g. `\u{202E}`.
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

  /// What begins a sentence.
  static func sentence(_ words: String) -> String {
    words.prefix(1).uppercased() + words.dropFirst()
  }

  /// A stranger's text, cut where it is longer than anyone reads. It is counted by scalars: one letter can
  /// carry any number of marks.
  static func line(_ text: String, atMost scalars: Int = 240) -> String {
    let all = text.unicodeScalars
    guard let end = all.index(all.startIndex, offsetBy: scalars, limitedBy: all.endIndex),
      end < all.endIndex
    else { return text }
    return "\(Substring(all[..<end])) \u{2026} (\(all.count - scalars) more)"
  }
}
