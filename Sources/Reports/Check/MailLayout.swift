// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// Lines of a mail: so many columns wide, whatever stands in them.
struct MailLayout {
  /// Kernel lists wrap at 72, so that quoting leaves a line whole.
  static let columns = 72
  private(set) var lines: [String] = []

  /// An empty line, never two.
  mutating func skip() {
    if let last = lines.last, !last.isEmpty { lines.append("") }
  }

  /// A paragraph. Its first line is indented by `indent`, the others by `hanging`.
  mutating func add(_ text: String, indent: Int = 0, hanging: Int? = nil) {
    lines += Self.wrapped(text, indent: indent, hanging: hanging ?? indent)
  }

  /// A command: its lines end as a shell wants them.
  mutating func addCommand(_ command: String, indent: Int = 2) {
    let wrapped = Self.wrapped(
      command, indent: indent, hanging: indent + 4, columns: Self.columns - 2)
    lines += wrapped.dropLast().map { "\($0) \\" } + wrapped.suffix(1)
  }

  private static func wrapped(
    _ text: String, indent: Int, hanging: Int, columns: Int = MailLayout.columns
  ) -> [String] {
    var lines: [String] = []
    var line = String(repeating: " ", count: indent)
    var isEmpty = true
    for word in SafeText.line(text).split(separator: " ") {
      let word = fit(String(word), columns - max(indent, hanging))
      if !isEmpty, width(line) + 1 + width(word) > columns {
        lines.append(line)
        line = String(repeating: " ", count: hanging)
        isEmpty = true
      }
      line += isEmpty ? word : " \(word)"
      isEmpty = false
    }
    return isEmpty ? lines : lines + [line]
  }

  /// A word with its middle left out, if it is wider than a line.
  private static func fit(_ word: String, _ columns: Int) -> String {
    var limit = columns
    var short = word
    while width(short) > columns, limit > 4 {
      short = SafeText.shortened(word, to: limit)
      limit -= 4
    }
    return short
  }

  /// Columns of a text: characters beyond the alphabets' may be two wide.
  static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 ? 2 : 1) }
  }
}
