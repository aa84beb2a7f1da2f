// SPDX-License-Identifier: GPL-2.0-only

import Engine
import FoundationEssentials

/// Encodes values as JSON text.
package enum JSONText {
  /// One value, with a final newline. Invisible characters become escapes, because a terminal may show the
  /// text.
  package static func of(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // Encoding cannot fail, because every member is a string, a number, a Boolean or a list of them.
    let data = (try? encoder.encode(value)) ?? Data("{}".utf8)
    return escaped(String(decoding: data, as: UTF8.self)) + "\n"
  }

  /// Escapes invisible characters. Outside of strings, JSON text has none of them except line feeds.
  private static func escaped(_ text: String) -> String {
    func isPlain(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || !SafeText.isHidden(scalar) }
    if text.unicodeScalars.allSatisfy(isPlain) { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
      guard !isPlain(scalar) else {
        escaped.unicodeScalars.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return escaped
  }
}
