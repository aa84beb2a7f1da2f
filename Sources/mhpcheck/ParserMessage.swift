// SPDX-License-Identifier: GPL-2.0-only

/// What the argument parser says about wrong arguments.
enum ParserMessage {
  /// The message in one line. The parser puts many values below one another; a complaint is one line, and a
  /// translation knows it as one.
  static func line(_ message: String) -> String {
    let lines = message.split(whereSeparator: \.isNewline).map { line in
      String(line.drop { $0 == " " })
    }
    guard let head = lines.first, head.hasSuffix("one of the following:") else {
      return lines.joined(separator: " ")
    }
    let values = lines.dropFirst().map { $0.hasPrefix("- ") ? String($0.dropFirst(2)) : $0 }
    return "\(head) \(values.joined(separator: ", "))"
  }
}
