// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A place in the user's files.
struct KconfigPlace: Sendable, Hashable, CustomStringConvertible {
  /// The user's own path.
  let file: String
  /// The line number, from 1.
  let line: Int

  /// "FILE:LINE".
  var description: String { "\(file):\(line)" }
}

/// A line of a Kconfig file, split into words.
struct KconfigLine: Sendable {
  enum Word: Sendable, Hashable {
    case name(String)
    case quoted(String)
    /// `$(...)` and the rest of its word.
    case macro
    /// An operator or a parenthesis.
    case mark(String)

    /// The text of a name; nil for other words.
    var text: String? { if case .name(let text) = self { text } else { nil } }
  }

  let words: [Word]
  let place: KconfigPlace

  /// The first word, if it is a name.
  var keyword: String? { words.first?.text }

  /// Splits a line. It neither expands nor runs macros (`$(...)`).
  ///
  /// - Throws: for an unclosed quote, and for characters without a meaning in Kconfig.
  init(_ text: some StringProtocol, at place: KconfigPlace) throws(Failure) {
    var words: [Word] = []
    let bytes = Array(text.utf8)
    var index = 0
    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"): index += 1
      case UInt8(ascii: "#"): index = bytes.count
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        guard let (content, end) = Self.quoted(bytes, from: index) else {
          throw Failure(.unreadable, "\(place): this quote is never closed")
        }
        words.append(.quoted(content))
        index = end
      case UInt8(ascii: "$") where index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "("):
        index = Self.macroEnd(bytes, from: index)
        // A word that continues after a macro is as unknown as the macro.
        while index < bytes.count, Self.isName(bytes[index]) { index += 1 }
        words.append(.macro)
      case _ where Self.isName(byte):
        let start = index
        while index < bytes.count, Self.isName(bytes[index]) { index += 1 }
        words.append(.name(string(start..<index)))
      default:
        let length = index + 1 < bytes.count && Self.isPair(bytes[index], bytes[index + 1]) ? 2 : 1
        let mark = string(index..<(index + length))
        guard Self.marks.contains(mark) else {
          throw Failure(.unreadable, "\(place): \"\(mark)\" means nothing here")
        }
        words.append(.mark(mark))
        index += length
      }
    }
    self.words = words
    self.place = place
  }

  private static let marks: Set<String> = [
    "&&", "||", "!", "(", ")", "=", "!=", "<", "<=", ">", ">=", ":=", "+=", ",",
  ]

  private static func isPair(_ first: UInt8, _ second: UInt8) -> Bool {
    switch (first, second) {
    case (UInt8(ascii: "&"), UInt8(ascii: "&")), (UInt8(ascii: "|"), UInt8(ascii: "|")): true
    case (_, UInt8(ascii: "=")): "!<>:+".utf8.contains(first)
    default: false
    }
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "."), UInt8(ascii: "/"):
      true
    default: false
    }
  }

  /// The text between two quotes, without macros, and the index after it.
  private static func quoted(_ bytes: [UInt8], from start: Int) -> (String, Int)? {
    var content: [UInt8] = []
    var index = start + 1
    while index < bytes.count {
      let byte = bytes[index]
      if byte == bytes[start] { return (String(decoding: content, as: UTF8.self), index + 1) }
      if byte == UInt8(ascii: "\\"), index + 1 < bytes.count {
        content.append(bytes[index + 1])
        index += 2
      } else if byte == UInt8(ascii: "$"), index + 1 < bytes.count,
        bytes[index + 1] == UInt8(ascii: "(")
      {
        index = macroEnd(bytes, from: index)
      } else {
        content.append(byte)
        index += 1
      }
    }
    return nil
  }

  /// The index after a macro; the end of the line if the macro is not closed.
  private static func macroEnd(_ bytes: [UInt8], from start: Int) -> Int {
    var depth = 0
    for index in start..<bytes.count {
      if bytes[index] == UInt8(ascii: "(") { depth += 1 }
      if bytes[index] == UInt8(ascii: ")") {
        depth -= 1
        if depth == 0 { return index + 1 }
      }
    }
    return bytes.count
  }
}
