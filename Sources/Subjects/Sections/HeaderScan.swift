// SPDX-License-Identifier: GPL-2.0-only

/// Finds the headers of functions by name, in whole files and in the visible parts of patches, where most
/// functions have no end.
struct HeaderScan {
  /// Limit of the tokens before the name.
  private static let reach = 32

  /// The headers of functions with those names in the subject's main file, without calls.
  static func headers(of names: Set<String>, in subject: SubjectText) -> [AttributedName] {
    guard let file = subject.main else { return [] }
    return file.hunks.flatMap { lines in
      headers(
        of: names,
        in: SplicedText(SourceFile(path: file.path, displayName: file.displayName, lines: lines)))
    }
  }

  private static func headers(of names: Set<String>, in text: SplicedText) -> [AttributedName] {
    let tokens = CLexer.tokens(text, 0..<text.bytes.count)
    var found: [AttributedName] = []
    for (index, token) in tokens.enumerated() where token.kind == .identifier {
      let name = text.string(token)
      guard names.contains(name), index + 1 < tokens.count, tokens[index + 1].isPunctuator("("),
        let words = specifiers(before: index, in: tokens, text), opensBody(index + 1, in: tokens)
      else { continue }
      let line = text.file.lines[text.lineIndex(at: token.start)]
      found.append(
        AttributedName(
          name: name, lifetime: .init(words: words), place: text.location(token.start),
          isAdded: line.isAdded))
    }
    return found
  }

  /// The words of a header before the name; nil if the name belongs to a call.
  private static func specifiers(
    before index: Int, in tokens: [CToken], _ text: SplicedText
  ) -> [String]? {
    var words: [String] = []
    for token in tokens[max(0, index - reach)..<index].reversed() {
      if token.kind == .identifier {
        let word = text.string(token)
        if CKeyword.statements.contains(word) { return nil }
        words.append(word)
      } else if !token.isPunctuator("*") {
        let ends = token.kind == .directive || [";", "}"].contains { token.isPunctuator($0) }
        return ends && !words.isEmpty ? words : nil
      }
    }
    return words.isEmpty ? nil : words
  }

  /// Whether a body follows the parameters, or the visible text ends before it.
  private static func opensBody(_ open: Int, in tokens: [CToken]) -> Bool {
    var depth = 0
    for (index, token) in tokens[open...].enumerated() {
      if token.isPunctuator("(") { depth += 1 }
      if token.isPunctuator(")") { depth -= 1 }
      guard depth == 0 else { continue }
      let next = open + index + 1
      return next >= tokens.count || tokens[next].isPunctuator("{")
    }
    return true
  }
}
