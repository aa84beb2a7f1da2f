// SPDX-License-Identifier: GPL-2.0-only

/// The facts in the subject of a patch's mail, as in `[RFC PATCH v2 03/11] riscv: mm: ...`.
struct PatchTag: Hashable {
  /// The number in the series, from 1; 0 is a cover letter; nil if the subject has none.
  private(set) var number: Int?
  /// The number of patches in the series.
  private(set) var total: Int?
  /// The version of the series; 1 by default.
  private(set) var version = 1
  /// Whether the mail is a reply.
  private(set) var isReply = false
  /// The subject without these facts.
  private(set) var title = ""

  private static let answers = ["re:", "aw:", "sv:", "antw:"]
  private static let forwards = ["fwd:", "fw:", "wg:"]

  /// Reads a subject, with its encoded words decoded.
  init(subject: String) {
    var rest = subject.trimmed()
    while let mark = (Self.answers + Self.forwards).first(where: rest.lowercased().hasPrefix) {
      if Self.answers.contains(mark) { isReply = true }
      rest = String(rest.dropFirst(mark.count)).trimmed()
    }
    while rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
      read(rest[rest.index(after: rest.startIndex)..<end])
      rest = String(rest[rest.index(after: end)...]).trimmed()
    }
    title = rest.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Reads `PATCH v2 3/7`, `RFC,v2,3/7` or `PATCHv2`. Only the version and the numbers matter.
  private mutating func read(_ words: Substring) {
    for word in words.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "\t" }) {
      let parts = word.split(separator: "/", omittingEmptySubsequences: false)
      if parts.count == 2, let first = Self.number(parts[0]), let second = Self.number(parts[1]) {
        if first <= second { (number, total) = (first, second) }
        continue
      }
      var name = word.lowercased()[...]
      if name.hasPrefix("patch") { name = name.dropFirst(5) }
      if name.hasPrefix("v"), let value = Self.number(name.dropFirst()) { version = value }
    }
  }

  private static func number(_ text: Substring) -> Int? {
    guard (1...6).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return Int(text)
  }

  /// Whether the mail is a cover letter, without a patch.
  var isCover: Bool { number == 0 }

  /// The tag in the form of a subject.
  var name: String {
    let place = number.flatMap { number in total.map { " \(number)/\($0)" } } ?? ""
    return "[PATCH\(version > 1 ? " v\(version)" : "")\(place)]"
  }
}
