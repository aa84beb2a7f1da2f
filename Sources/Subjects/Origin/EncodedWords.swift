// SPDX-License-Identifier: GPL-2.0-only

/// The encoded words of mail headers (RFC 2047): `=?utf-8?q?[PATCH_1/2]_x?=`.
enum EncodedWords {
  /// `text` with its encoded words decoded; all other text stays. Whatever charset they name, the bytes are
  /// read as UTF-8, or as Latin-1 if they are not valid UTF-8.
  static func decoded(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    var isBehindWord = false
    while let start = rest.firstRange(of: "=?") {
      let before = rest[..<start.lowerBound]
      guard let (word, end) = word(in: rest[start.upperBound...]) else {
        result += rest[..<start.upperBound]
        rest = rest[start.upperBound...]
        isBehindWord = false
        continue
      }
      // Blanks between two encoded words are not part of the text.
      if !isBehindWord || !before.allSatisfy(\.isWhitespace) { result += before }
      result += word
      rest = rest[end...]
      isBehindWord = true
    }
    return result + rest
  }

  /// The text of `CHARSET?ENCODING?TEXT?=` at the start of `text`, and the index of its end.
  private static func word(in text: Substring) -> (String, String.Index)? {
    let parts = text.split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, parts[3].hasPrefix("=") else { return nil }
    let line = { (text: String) in RawLine(bytes: Array(text.utf8)[...], number: 1) }
    let lines: [RawLine]
    switch parts[1].lowercased() {
    case "b": lines = TransferEncoding.base64([line(String(parts[2]))])
    case "q":
      // `=20` also keeps a blank at the end, which the decoder of bodies would drop.
      lines = TransferEncoding.quotedPrintable([line(String(parts[2].replacing("_", with: "=20")))])
    default: return nil
    }
    return (lines.map(\.text).joined(separator: " "), text.index(after: parts[3].startIndex))
  }
}
