// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Keeps constructs out of the compiled unit that would read the host's files or need a RISC-V processor.
struct RefusedConstructs {
  private static let assembly: Set<String> = ["asm", "__asm", "__asm__"]
  private static let fileOperators: Set<String> = [
    "__has_include", "__has_include_next", "__has_embed",
  ]
  private static let rawPrefixes: Set<String> = ["R", "LR", "uR", "UR", "u8R"]

  private let text: SplicedText
  /// The harness's names; nil if the text is the harness's own.
  private let harness: HarnessNames?

  init(_ text: SplicedText, harness: HarnessNames? = nil) {
    self.text = text
    self.harness = harness
  }

  /// Throws for the first construct in a range of text, an item or a condition around it, that must not reach
  /// the compiler.
  func check(_ range: Range<Int>, of name: String) throws(Failure) {
    let tokens = CLexer.tokens(text, range)
    try words(tokens, of: name)
    for token in tokens where token.kind == .directive {
      let directive = Directive(text, token)
      guard directive.isHarmless else {
        throw Failure(
          .unreadable,
          "\(text.location(token.start)): \(directive.word) in \(name) is refused: "
            + "only the subject's own text and the stub headers are read",
          advice: "remove the line, or move it out of the text that \(name) needs")
      }
      try words(
        CLexer.tokens(text, token.start..<token.end, insideDirective: true), of: name)
    }
  }

  private func words(_ tokens: [CToken], of name: String) throws(Failure) {
    for (index, token) in tokens.enumerated() where token.kind == .identifier {
      let word = text.string(token)
      let location = text.location(token.start)
      if let harness, harness.contains(word) { throw harness.refusal(of: word, at: location) }
      if Self.assembly.contains(word) {
        throw Failure(
          .unreadable,
          "\(location): \(name) contains inline assembly (\(word)), which cannot run here",
          advice: "hide the assembly behind a function that the stub headers provide, or omit "
            + "\(name) with -D or -U of the condition around it")
      }
      if Self.fileOperators.contains(word) || word == "_Pragma" || word == "__pragma" {
        throw Failure(
          .unreadable,
          "\(location): \(word) in \(name) is refused: only the subject's own text and "
            + "the stub headers are read",
          advice: "remove it")
      }
      if Self.rawPrefixes.contains(word), index + 1 < tokens.count,
        tokens[index + 1].kind == .string, tokens[index + 1].start == token.end
      {
        throw Failure(
          .unreadable, "\(location): \(name) contains a raw string, which kernel C does not have",
          advice: "write it as an ordinary string")
      }
    }
  }
}
