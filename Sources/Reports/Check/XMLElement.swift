// SPDX-License-Identifier: GPL-2.0-only

/// An element of XML 1.0, with the features that a report needs.
struct XMLElement {
  var name: String
  /// The attributes, in output order.
  var attributes: [(name: String, value: String)] = []
  var children: [XMLElement] = []
  /// The text of the element; an element with text has no children.
  var text: String?

  /// A document with this element as its root.
  var document: String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + lines(depth: 0).joined(separator: "\n") + "\n"
  }

  private func lines(depth: Int) -> [String] {
    let indent = String(repeating: "  ", count: depth)
    let values = attributes.map { " \($0.name)=\"\(Self.escaped($0.value, isAttribute: true))\"" }
    let start = "\(indent)<\(name)\(values.joined())"
    if let text { return ["\(start)>\(Self.escaped(text, isAttribute: false))</\(name)>"] }
    if children.isEmpty { return ["\(start)/>"] }
    return ["\(start)>"] + children.flatMap { $0.lines(depth: depth + 1) } + ["\(indent)</\(name)>"]
  }

  /// Text with markup escaped. A character that XML 1.0 does not allow (section 2.2) becomes U+FFFD, because
  /// XML has no escape for it.
  static func escaped(_ text: String, isAttribute: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      // In an attribute, a parser turns these into blanks; it turns a carriage return into a line feed.
      case "\t" where isAttribute, "\n" where isAttribute, "\r": escaped += "&#\(scalar.value);"
      case "\t", "\n": escaped.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1f}", "\u{fffe}", "\u{ffff}": escaped += "\u{fffd}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
