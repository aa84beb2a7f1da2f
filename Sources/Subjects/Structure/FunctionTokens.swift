// SPDX-License-Identifier: GPL-2.0-only

/// Splits a function's part of a unit into tokens with their places in the unit and in the user's file.
struct FunctionTokens {
  private static let digraphs = ["<%": "{", "%>": "}", "<:": "[", ":>": "]", "%:": "#"]
  /// Operators that the lexer returns byte by byte, because extraction does not need them whole. The
  /// beginning of each is also in the list, or is a single byte.
  private static let joined: Set<String> = [
    "&&", "||", "++", "--", "<<", ">>", "<<=", ">>=", "+=", "-=", "*=", "/=", "%=", "&=", "|=",
    "^=",
  ]

  /// All tokens, including directives, but not the line directives of the unit.
  private(set) var tokens: [SourceToken] = []

  /// Reads `range` of a unit's bytes: a function as it was written, from the line directive with its origin
  /// on.
  init(_ unit: [UInt8], _ range: Range<Int>) {
    let lines = unit[range].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let file = SourceFile(
      path: "", displayName: "",
      lines: lines.enumerated().map {
        SourceLine(
          text: String(decoding: $1, as: UTF8.self), displayName: "", number: $0, isAdded: true)
      })
    let text = SplicedText(file)
    var current: (name: String, line: Int, at: Int) = ("", 1, 0)
    for token in CLexer.tokens(text, 0..<text.bytes.count) {
      let line = text.lineIndex(at: token.start)
      let spelling = text.string(token)
      if token.kind == .directive, let named = Self.lineDirective(spelling) {
        current = (named.name, named.line, line + 1)
        continue
      }
      func place(_ offset: Int) -> Int {
        let line = text.lineIndex(at: offset)
        return lines[line].startIndex + offset - text.lineStarts[line]
      }
      let directive = token.kind == .directive ? Directive(text, token) : nil
      append(
        SourceToken(
          kind: Self.kind(token.kind),
          text: directive?.word ?? Self.digraphs[spelling] ?? spelling,
          unitRange: place(token.start)..<(place(token.end - 1) + 1),
          position: SourcePosition(
            displayName: current.name, line: current.line + line - current.at),
          condition: directive?.literal))
    }
  }

  private mutating func append(_ token: SourceToken) {
    guard token.kind == .punctuator, let last = tokens.last, last.kind == .punctuator,
      last.unitRange.upperBound == token.unitRange.lowerBound,
      Self.joined.contains(last.text + token.text)
    else { return tokens.append(token) }
    tokens[tokens.count - 1] = SourceToken(
      kind: .punctuator, text: last.text + token.text,
      unitRange: last.unitRange.lowerBound..<token.unitRange.upperBound, position: last.position)
  }

  private static func kind(_ kind: CToken.Kind) -> SourceToken.Kind {
    switch kind {
    case .identifier: .word
    case .number: .number
    case .string, .character: .text
    case .punctuator: .punctuator
    case .directive: .directive
    }
  }

  /// The name and number of `#line NUMBER "NAME"`; nil for any other directive. A subject has none of its
  /// own, because extraction refuses them.
  static func lineDirective(_ spelling: String) -> (name: String, line: Int)? {
    let parts = spelling.split(separator: " ", maxSplits: 2)
    guard parts.count == 3, parts[0] == "#line", let line = Int(parts[1]) else { return nil }
    var name = ""
    var isEscaped = false
    for character in parts[2].dropFirst().dropLast() {
      if character == "\\", !isEscaped {
        isEscaped = true
      } else {
        name.append(character)
        isEscaped = false
      }
    }
    return (name, line)
  }
}
