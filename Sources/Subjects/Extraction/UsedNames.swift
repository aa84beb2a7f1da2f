// SPDX-License-Identifier: GPL-2.0-only

/// Finds the names that an item uses from elsewhere; tags are spelled "struct name".
struct UsedNames {
  private let text: SplicedText

  init(_ text: SplicedText) { self.text = text }

  /// The names that an item uses, including those in its directives and excluding its locals.
  func used(by item: SourceItem) -> Set<String> {
    if item.kind == .macro { return macro(item.range) }
    let tokens = CLexer.tokens(text, item.range)
    var names = mentioned(tokens.filter { $0.kind != .directive })
    names.subtract(locals(tokens.filter { $0.kind != .directive }, isFunction: item.body != nil))
    for token in tokens where token.kind == .directive {
      switch Directive(text, token).kind {
      case .macro: names.formUnion(macro(token.start..<token.end))
      default: names.formUnion(condition(token.start..<token.end))
      }
    }
    return names
  }

  /// The names in the condition of an `#if`, `#ifdef` or `#elif`.
  func condition(_ range: Range<Int>) -> Set<String> {
    var names = mentioned(Array(CLexer.tokens(text, range, insideDirective: true).dropFirst(2)))
    names.remove("defined")
    return names
  }

  private func macro(_ range: Range<Int>) -> Set<String> {
    var tokens = Array(CLexer.tokens(text, range, insideDirective: true).dropFirst(2))
    guard let name = tokens.first else { return [] }
    tokens.removeFirst()
    var parameters: Set<String> = []
    if let open = tokens.first, open.isPunctuator("("), open.start == name.end {
      let close = tokens.firstIndex { $0.isPunctuator(")") } ?? tokens.count - 1
      for token in tokens[...close] where token.kind == .identifier {
        parameters.insert(text.string(token))
      }
      tokens.removeFirst(close + 1)
    }
    return mentioned(tokens).subtracting(parameters)
      .subtracting(locals(tokens, isFunction: false))
  }

  private func mentioned(_ tokens: [CToken]) -> Set<String> {
    var names: Set<String> = []
    for (index, token) in tokens.enumerated() where token.kind == .identifier {
      let before = index > 0 ? tokens[index - 1] : nil
      if before?.isPunctuator(".") == true { continue }
      let word = text.string(token)
      if let before, before.kind == .identifier {
        let previous = text.string(before)
        if CKeyword.tagged.contains(previous) {
          names.insert("struct \(word)")
          continue
        }
        if previous == "goto" { continue }
      }
      if !CKeyword.isReserved(word) { names.insert(word) }
    }
    return names
  }

  /// Parameters and local variables, so that a file-level name with the same spelling is not pulled in.
  ///
  /// The shape at the start of a statement marks a declaration: words and stars, and one of `= ; , [` after
  /// the last word. An expression statement of that shape would do nothing.
  private func locals(_ tokens: [CToken], isFunction: Bool) -> Set<String> {
    var names: Set<String> = []
    if isFunction, let header = DeclarationReader(text, tokens).header() {
      for parameter in Parameter.split(header.parameters) {
        if let name = Parameter(text, parameter).name { names.insert(name) }
      }
    }
    var index = 0
    while index < tokens.count {
      let token = tokens[index]
      index += 1
      let startsStatement =
        token.isPunctuator("{") || token.isPunctuator("}")
        || token.isPunctuator(";") || token.isPunctuator("(")
      guard startsStatement else { continue }
      declaration(tokens, at: index, into: &names)
    }
    return names
  }

  private func declaration(_ tokens: [CToken], at start: Int, into names: inout Set<String>) {
    var index = start
    var words = 0
    var last: String?
    while index < tokens.count {
      let token = tokens[index]
      if token.kind == .identifier {
        let word = text.string(token)
        if CKeyword.statements.contains(word) { return }
        words += 1
        last = word
      } else if token.isPunctuator("*"), words > 0 {
        last = nil
      } else {
        break
      }
      index += 1
    }
    guard words > 1, let name = last, index < tokens.count else { return }
    guard [";", "=", ",", "["].contains(where: { tokens[index].isPunctuator($0) }) else { return }
    names.insert(name)
    // Further declarators of the same declaration.
    var depth = 0
    while index < tokens.count {
      let token = tokens[index]
      switch token.byte {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: ";") where depth == 0: return
      case UInt8(ascii: ",") where depth == 0:
        var next = index + 1
        while next < tokens.count, tokens[next].isPunctuator("*") { next += 1 }
        // In a list of parameters, it is the type of the next one.
        let isType = next + 1 < tokens.count && tokens[next + 1].kind == .identifier
        if next < tokens.count, tokens[next].kind == .identifier, !isType {
          names.insert(text.string(tokens[next]))
        }
      default: break
      }
      if depth < 0 { return }
      index += 1
    }
  }
}
