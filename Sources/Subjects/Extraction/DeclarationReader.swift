// SPDX-License-Identifier: GPL-2.0-only

/// Reads the names that a declaration or a function definition introduces, from its tokens alone.
///
/// The reader does not know types. It recognises attribute macros by a convention of the kernel: their names
/// start with two underscores.
struct DeclarationReader {
  let text: SplicedText
  /// The tokens without directives.
  private let tokens: [CToken]

  init(_ text: SplicedText, _ tokens: [CToken]) {
    self.text = text
    self.tokens =
      tokens.contains { $0.kind == .directive }
      ? tokens.filter { $0.kind != .directive } : tokens
  }

  /// The part of a function's header that looks like a call: the name and the parameters.
  struct Header: Sendable {
    let name: String
    /// The tokens between the parentheses.
    let parameters: [CToken]
    /// Whether a type or specifier precedes the name.
    let hasType: Bool
  }

  private func word(_ index: Int) -> String? {
    guard tokens.indices.contains(index), tokens[index].kind == .identifier else { return nil }
    return text.string(tokens[index])
  }

  private func isOpen(_ index: Int) -> Bool {
    tokens.indices.contains(index) && tokens[index].isPunctuator("(")
  }

  /// The index after the bracket that closes the one at `index`.
  private func skipGroup(_ index: Int) -> Int {
    var depth = 0
    var index = index
    while index < tokens.count {
      switch tokens[index].byte {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
      index += 1
      if depth == 0 { break }
    }
    return index
  }

  /// The name and the parameters of a function's header or prototype; nil if no parameter list precedes a
  /// body, an initialiser or the end.
  func header() -> Header? {
    var found: [(name: String, open: Int)] = []
    var index = 0
    while index < tokens.count {
      let token = tokens[index]
      if token.isPunctuator("{") || token.isPunctuator("=") || token.isPunctuator(";") { break }
      guard token.isPunctuator("(") || token.isPunctuator("[") else {
        index += 1
        continue
      }
      let after = skipGroup(index)
      if token.isPunctuator("("), let before = word(index - 1) {
        if !CKeyword.isReserved(before) {
          found.append((before, index))
        } else if isOpen(after), let inner = parenthesisedName(index) {
          found.append((inner.name, inner.open ?? after))
        }
      }
      index = after
    }
    let plain =
      found.first { SurfaceNames.all.contains($0.name) }
      ?? found.first { !$0.name.hasPrefix("__") } ?? found.first
    guard let plain else { return nil }
    let end = skipGroup(plain.open)
    let inner = plain.open + 1 < end ? Array(tokens[(plain.open + 1)..<(end - 1)]) : []
    return Header(name: plain.name, parameters: inner, hasType: plain.open >= 2)
  }

  /// `(name)` or `(*name(...))`: the declarator's name and its own parameter list, if it has one.
  private func parenthesisedName(_ open: Int) -> (name: String, open: Int?)? {
    var index = open + 1
    while index < tokens.count,
      tokens[index].isPunctuator("*") || word(index).map(CKeyword.specifiers.contains) == true
    {
      index += 1
    }
    guard let name = word(index), !CKeyword.isReserved(name) else { return nil }
    return (name, isOpen(index + 1) ? index + 1 : nil)
  }

  /// Whether the last token, an opening brace, begins the members of a struct, union or enum.
  func opensStructure() -> Bool {
    var index = tokens.count - 2
    while index >= 0 {
      if let word = word(index), CKeyword.tagged.contains(word) { break }
      index -= 1
    }
    guard index >= 0 else { return false }
    index += 1
    while let word = word(index), CKeyword.attributes.contains(word) || word.hasPrefix("__") {
      index += 1
      if isOpen(index) { index = skipGroup(index) }
    }
    if index < tokens.count - 1, word(index) != nil { index += 1 }
    return index == tokens.count - 1
  }

  /// The kind and the names of a declaration that ends in a semicolon.
  func declared() -> (kind: SourceItem.Kind, names: [String]) {
    var names: [String] = []
    guard word(0) != nil else { return (.declaration, []) }
    if let inner = definingMacro() {
      for index in inner {
        if let name = word(index), !CKeyword.isReserved(name) { names.append(name) }
      }
      return (.declaration, names)
    }
    var segment: [Int] = []
    var isFirst = true
    var isPrototype = false
    var isTypedef = false
    var isExtern = false
    var hasInitialiser = false
    var index = 0
    func finishSegment() {
      let (name, takesParameters) = declarator(segment, hasSpecifiers: isFirst)
      if let name { names.append(name) }
      if takesParameters { isPrototype = true }
      segment = []
      isFirst = false
    }
    while index < tokens.count {
      let token = tokens[index]
      if token.isPunctuator(",") || token.isPunctuator(";") {
        finishSegment()
        hasInitialiser = false
      } else if token.isPunctuator("=") {
        hasInitialiser = true
        isExtern = false
      } else if let word = word(index), CKeyword.tagged.contains(word), !hasInitialiser {
        index = tag(index, into: &names, segment: &segment)
        continue
      } else if !hasInitialiser {
        if word(index) == "typedef" { isTypedef = true }
        if word(index) == "extern" { isExtern = true }
        segment.append(index)
      }
      let isBracket = ["(", "[", "{"].contains { token.isPunctuator($0) }
      index = isBracket ? skipGroup(index) : index + 1
    }
    let isWeak = (isPrototype || isExtern) && !isTypedef
    return (isWeak ? .prototype : .declaration, names)
  }

  /// The indices between the parentheses of a macro that defines its arguments, such as
  /// `static DEFINE_MUTEX(lock)`; nil if there is no such macro.
  private func definingMacro() -> Range<Int>? {
    let start =
      tokens.indices.first { word($0).map { !CKeyword.specifiers.contains($0) } ?? true } ?? 0
    guard let macro = word(start), isOpen(start + 1),
      macro.hasPrefix("DEFINE_") || macro.hasPrefix("DECLARE_") || macro == "LIST_HEAD"
    else { return nil }
    return (start + 2)..<max(start + 2, skipGroup(start + 1))
  }

  /// Reads `struct tag { ... }` at `index`; adds a definition's tag and enumerators to `names`.
  private func tag(_ index: Int, into names: inout [String], segment: inout [Int]) -> Int {
    let isEnumeration = word(index) == "enum"
    var next = index + 1
    segment.append(index)
    while let word = word(next), CKeyword.attributes.contains(word) {
      next += 1
      if isOpen(next) { next = skipGroup(next) }
    }
    var tagName = word(next)
    if tagName != nil { next += 1 }
    // `struct __packed name {`
    while next < tokens.count, let other = word(next), tagName?.hasPrefix("__") == true,
      tokens.indices.contains(next + 1), tokens[next + 1].isPunctuator("{")
    {
      tagName = other
      next += 1
    }
    guard next < tokens.count, tokens[next].isPunctuator("{") else { return next }
    if let tagName { names.append("struct \(tagName)") }
    let end = skipGroup(next)
    if isEnumeration {
      var inner = next + 1
      var expectsName = true
      while inner < end - 1 {
        if expectsName, let name = word(inner) { names.append(name) }
        expectsName = tokens[inner].isPunctuator(",")
        inner = isOpen(inner) ? skipGroup(inner) : inner + 1
      }
    }
    return end
  }

  /// The name that a declarator introduces, and whether a parameter list follows it.
  private func declarator(_ segment: [Int], hasSpecifiers: Bool) -> (String?, Bool) {
    var words: [String] = []
    var hasType = !hasSpecifiers
    for (position, index) in segment.enumerated() {
      guard let word = word(index) else {
        if tokens[index].isPunctuator("[") || tokens[index].isPunctuator(":") { break }
        guard isOpen(index) else { continue }
        if position > 0, let before = self.word(segment[position - 1]),
          CKeyword.attributes.contains(before) || (before.hasPrefix("__") && words.count > 1)
        {
          if !CKeyword.attributes.contains(before) { words.removeLast() }
          continue
        }
        // `(*name)(...)` is a variable; `name(...)` is a prototype.
        if isOpen(skipGroup(index)), let inner = parenthesisedName(index) {
          return (inner.name, inner.open != nil)
        }
        guard let name = words.last else { continue }
        return (name, true)
      }
      if CKeyword.types.contains(word) || CKeyword.tagged.contains(word) {
        hasType = true
      } else if !CKeyword.isReserved(word) {
        words.append(word)
      }
    }
    let plain = words.filter { !$0.hasPrefix("__") }
    if hasType { return (plain.first ?? words.first, false) }
    guard words.count > 1 else { return (nil, false) }
    if plain.count > 1 { return (plain[1], false) }
    if plain.count == 1, words[0] != plain[0] { return (plain[0], false) }
    return (words[1], false)
  }
}
