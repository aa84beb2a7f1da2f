// SPDX-License-Identifier: GPL-2.0-only

/// An element of XML 1.0: as much of XML as a report needs.
struct XMLElement {
  var name: String
  /// In the order in which they are written.
  var attributes: [(name: String, value: String)] = []
  var children: [XMLElement] = []
  /// What stands in it, where it has no children.
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

  /// What is no character of XML 1.0 (section 2.2) becomes U+FFFD: no escape of XML can hold it.
  static func escaped(_ text: String, isAttribute: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      // A parser makes a blank of these in an attribute, and a line feed of a carriage return.
      case "\t" where isAttribute, "\n" where isAttribute, "\r": escaped += "&#\(scalar.value);"
      case "\t", "\n": escaped.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1f}", "\u{fffe}", "\u{ffff}": escaped += "\u{fffd}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
