// SPDX-License-Identifier: GPL-2.0-only

/// A preprocessor directive, with the parts that extraction needs.
struct Directive {
  enum Kind { case opening, alternative, closing, macro, other }

  let kind: Kind
  /// The first word with its `#`, for example "#ifdef"; "#" for the null directive.
  let word: String
  /// For `#define` and `#undef`: the macro's name.
  let name: String?
  /// For `#if` and `#elif` with 0 or 1: the condition's value.
  let literal: Bool?

  var isElse: Bool { word == "#else" }

  /// Whether the directive only controls compilation, so that extracted text may contain it.
  var isHarmless: Bool { kind != .other || ["#", "#error", "#warning"].contains(word) }

  init(_ text: SplicedText, _ token: CToken) {
    let tokens = CLexer.tokens(text, token.start..<token.end, insideDirective: true)
    word = tokens.count > 1 ? "#" + text.string(tokens[1]) : "#"
    switch word {
    case "#if", "#ifdef", "#ifndef": kind = .opening
    case "#elif", "#elifdef", "#elifndef", "#else": kind = .alternative
    case "#endif": kind = .closing
    case "#define", "#undef": kind = .macro
    default: kind = .other
    }
    let isNamed = kind == .macro && tokens.count > 2 && tokens[2].kind == .identifier
    name = isNamed ? text.string(tokens[2]) : nil
    let isLiteral = (word == "#if" || word == "#elif") && tokens.count == 3
    switch isLiteral ? text.string(tokens[2]) : "" {
    case "0": literal = false
    case "1": literal = true
    default: literal = nil
    }
  }
}
