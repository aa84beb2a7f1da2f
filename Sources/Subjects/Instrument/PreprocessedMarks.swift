// SPDX-License-Identifier: GPL-2.0-only

/// The marks of an instrumented text that remain after the preprocessor.
struct PreprocessedMarks {
  /// The marks that the remaining text makes.
  private(set) var compiled: Set<Int> = []
  /// The first marks of outcomes that only numbers decide, at every place where they remain.
  private(set) var decided: Set<Int> = []

  private let text: SplicedText
  private let tokens: [CToken]

  /// Reads the output of `-E`.
  init(_ output: String) {
    let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
    text = SplicedText(
      SourceFile(
        path: "", displayName: "",
        lines: lines.map { SourceLine(text: String($0), displayName: "", number: 1, isAdded: true) }
      ))
    tokens = CLexer.tokens(text, 0..<text.bytes.count)
    var open: Set<Int> = []
    for place in tokens.indices.dropLast(2) where tokens[place].kind == .identifier {
      guard tokens[place + 1].isPunctuator("("), let number = number(place + 2) else { continue }
      switch text.string(tokens[place]) {
      case "mhp_mark": compiled.insert(number)
      case "mhp_outcome":
        compiled.formUnion([number, number + 1])
        if isConstant(from: place + 3) { decided.insert(number) } else { open.insert(number) }
      default: break
      }
    }
    // A macro can repeat an outcome; numbers must then decide each copy.
    decided.subtract(open)
  }

  private func number(_ place: Int) -> Int? {
    tokens[place].kind == .number ? Int(text.string(tokens[place])) : nil
  }

  /// Whether an argument, from the comma before it to the parenthesis after it, contains only numbers, apart
  /// from `(void)(...),`, with which a header evaluates an unused argument.
  private func isConstant(from comma: Int) -> Bool {
    var place = comma + 1
    var depth = 0
    while place < tokens.count {
      let token = tokens[place]
      if let behind = behindVoid(place) {
        place = behind
        continue
      }
      switch token.kind {
      case .number: break
      case .punctuator:
        if token.isPunctuator("(") { depth += 1 }
        if token.isPunctuator(")") {
          if depth == 0 { return true }
          depth -= 1
        }
        if token.isPunctuator("{") || token.isPunctuator(";") { return false }
      case .identifier:
        let word = text.string(token)
        guard ["true", "false", "mhp_outcome"].contains(word) || CKeyword.types.contains(word)
        else {
          return false
        }
      case .string, .character, .directive: return false
      }
      place += 1
    }
    return false
  }

  /// The place after `(void)(...),`, if this text begins at `place`; else nil.
  private func behindVoid(_ place: Int) -> Int? {
    guard place + 4 < tokens.count, tokens[place].isPunctuator("("),
      text.string(tokens[place + 1]) == "void", tokens[place + 2].isPunctuator(")"),
      tokens[place + 3].isPunctuator("(")
    else { return nil }
    var depth = 0
    for end in (place + 3)..<(tokens.count - 1) {
      if tokens[end].isPunctuator("(") { depth += 1 }
      if tokens[end].isPunctuator(")") { depth -= 1 }
      if depth == 0 { return tokens[end + 1].isPunctuator(",") ? end + 2 : nil }
    }
    return nil
  }
}
