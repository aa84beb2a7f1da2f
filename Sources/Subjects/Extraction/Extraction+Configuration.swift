// SPDX-License-Identifier: GPL-2.0-only

extension Extraction {
  /// The configuration symbols that the text reads - in a condition, with `IS_ENABLED`, as a value - and that
  /// nobody set, sorted. What they turn on is not in the object. `isDecided` says whether the configuration
  /// has a word about a symbol.
  public func unsetSymbols(_ isDecided: (String) -> Bool) -> [String] {
    let lines = extractedText.split(separator: "\n", omittingEmptySubsequences: false)
    let text = SplicedText(
      SourceFile(
        path: "", displayName: "",
        lines: lines.map { SourceLine(text: String($0), displayName: "", number: 1, isAdded: true) }
      ))
    var read: Set<String> = []
    var own: Set<String> = []
    func note(_ token: CToken) {
      guard token.kind == .identifier else { return }
      let word = text.string(token)
      if word.hasPrefix(Self.prefix), word.utf8.count > Self.prefix.utf8.count { read.insert(word) }
    }
    for token in CLexer.tokens(text, 0..<text.bytes.count) {
      guard token.kind == .directive else {
        note(token)
        continue
      }
      let directive = Directive(text, token)
      if directive.kind == .macro, let name = directive.name { own.insert(name) }
      for word in CLexer.tokens(text, token.start..<token.end, insideDirective: true) { note(word) }
    }
    return read.subtracting(own).filter { !isDecided($0) }.sorted()
  }

  private static let prefix = "CONFIG_"
}
