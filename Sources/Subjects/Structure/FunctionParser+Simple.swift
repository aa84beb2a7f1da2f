// SPDX-License-Identifier: GPL-2.0-only

/// Statements that end with a semicolon, and macro calls before a statement.
extension FunctionParser {
  mutating func simple(_ index: inout Int, _ end: Int, _ depth: Int) -> Statement {
    let start = index
    if let wrapped = wrapped(&index, end, depth) { return wrapped }
    guard let mark = reader.first(";", in: index..<end) else {
      index = end
      return unread(start..<end, "no semicolon ends it")
    }
    index = mark + 1
    let rest = (start + 1)..<mark
    switch text(start) {
    case "return":
      return statement(.exit(rest.isEmpty ? nil : expression(rest, depth: depth)), start..<index)
    case "break" where rest.isEmpty: return statement(.breakAway, start..<index)
    case "continue" where rest.isEmpty: return statement(.goOn, start..<index)
    case "goto" where rest.count == 1: return statement(.jump(text(start + 1)), start..<index)
    default: break
    }
    if isDeclaration(start..<mark) {
      return statement(.declaration(declarators(start..<mark, depth)), start..<index)
    }
    return statement(.expression(expression(start..<mark, depth: depth)), start..<index)
  }

  /// Reads `for_each_thing(...) statement`, or a macro call without a semicolon.
  private mutating func wrapped(_ index: inout Int, _ end: Int, _ depth: Int) -> Statement? {
    let start = index
    guard reader.isWord(index), !CKeyword.isReserved(text(index)), text(index + 1) == "(",
      let close = reader.visible.partners[index + 1], close + 1 < end,
      text(close + 1) == "{" || reader.isWord(close + 1)
    else { return nil }
    let head = expression(start..<(close + 1), depth: depth)
    index = close + 1
    let body = body(&index, end, depth)
    return statement(.wrapped(head, body: body), start..<index)
  }

  /// Whether the tokens of a statement are a declaration: they begin with a word of a type, or with two words
  /// and the end of a declarator after the second.
  private func isDeclaration(_ range: Range<Int>) -> Bool {
    guard let first = range.first, reader.isWord(first) else { return false }
    let word = text(first)
    if CKeyword.types.contains(word) || CKeyword.specifiers.contains(word)
      || CKeyword.tagged.contains(word) || CKeyword.attributes.contains(word)
    {
      return true
    }
    guard !CKeyword.statements.contains(word) else { return false }
    var index = first + 1
    while index < range.upperBound, text(index) == "*" || text(index) == "const" { index += 1 }
    guard index < range.upperBound, index > first, reader.isWord(index) else { return false }
    let ends: Set<String> = ["=", ",", "[", ":"]
    // As an expression, `a * b;` has no effect, so it declares b.
    return index + 1 == range.upperBound || ends.contains(text(index + 1))
      || reader.isWord(index + 1)
  }

  private mutating func declarators(_ range: Range<Int>, _ depth: Int) -> [Statement.Declarator] {
    var result: [Statement.Declarator] = []
    var start = range.lowerBound
    for mark in reader.top(range).filter({ text($0) == "," }) + [range.upperBound] {
      let part = start..<mark
      start = mark + 1
      let equals = reader.top(part).first { text($0) == "=" }
      let named = part.lowerBound..<(equals ?? part.upperBound)
      let words = reader.top(named).prefix { text($0) != "[" && text($0) != ":" }
      let name = words.last.flatMap { reader.isWord($0) ? text($0) : nil }
      var declarator = Statement.Declarator(name: name, range: reader.all(part))
      if let equals, equals + 1 < part.upperBound {
        declarator.initial = expression((equals + 1)..<part.upperBound, depth: depth)
      }
      result.append(declarator)
    }
    return result
  }
}
