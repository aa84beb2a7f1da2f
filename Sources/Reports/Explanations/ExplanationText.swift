// SPDX-License-Identifier: GPL-2.0-only

/// An explanation as text for a terminal and as Markdown. All of it is our own words.
public struct ExplanationText: Sendable {
  /// Characters a line of prose; commands are not broken.
  private static let width = 78

  public init() {}

  /// Plain text, with a final newline.
  public func plain(_ explanation: Explanation) -> String {
    var lines = ["\(explanation.id), \(explanation.kind.phrase): \(explanation.title)", ""]
    for (name, text) in Self.parts(explanation) {
      let head = name + String(repeating: " ", count: 8 - name.count)
      let wrapped = Self.wrapped(text, to: Self.width - head.count)
      lines += wrapped.enumerated().map { $0 == 0 ? head + $1 : "        " + $1 }
    }
    for (number, command) in explanation.commands.enumerated() {
      lines.append((number == 0 ? "see     " : "        ") + command.line)
      if command.need != .nothing { lines.append("          (\(command.need.rawValue))") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Markdown, with a final newline.
  public func markdown(_ explanation: Explanation) -> String {
    var blocks = ["## `\(explanation.id)`: \(Self.escaped(explanation.title))"]
    blocks.append("*\(explanation.kind.phrase)*")
    for (name, text) in Self.parts(explanation) {
      blocks.append("**\(name)** \(Self.escaped(text))")
    }
    for command in explanation.commands {
      if command.need != .nothing { blocks.append("(\(command.need.rawValue))") }
      blocks.append("```sh\n\(command.line)\n```")
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  /// All that has an id, by kind, with a final newline.
  public func list() -> String {
    var lines: [String] = []
    for kind in Explanation.Kind.allCases {
      let ids = Explanations.ids(kind)
      switch kind {
      case .case, .universe:
        let list = "\(ids.count); mhpcheck list \(kind.plural) names them"
        lines.append("\(kind.plural): \(list), e.g. \(ids[0])")
      default:
        lines.append("\(kind.plural):")
        lines += Self.wrapped(ids.joined(separator: " "), to: Self.width - 2).map { "  " + $0 }
      }
    }
    lines.append(
      "mhpcheck explain ID says what it is, why it matters, where it is from, how to see it.")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func parts(_ explanation: Explanation) -> [(String, String)] {
    [("what", explanation.what), ("why", explanation.why), ("origin", explanation.origin)]
  }

  private static func wrapped(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return lines + [line]
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if "\\`*_[]<>#~&|".contains(character) { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped
  }
}
