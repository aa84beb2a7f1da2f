// SPDX-License-Identifier: GPL-2.0-only

/// Reads a function's statements. It reads each token a bounded number of times for each bracket around it,
/// and records the parts that it cannot read.
struct FunctionParser {
  /// Limit of nested statements, far above the needs of any kernel. Deeper statements are opaque.
  static let nestingLimit = 100

  let reader: ExpressionReader
  var opaque: [FunctionStructure.OpaquePart]

  /// Parses the tokens of a function.
  static func parse(_ tokens: [SourceToken], name: String, occurrence: Int) -> FunctionStructure {
    let reader = ExpressionReader(tokens: tokens, visible: VisibleTokens(tokens))
    var parser = FunctionParser(reader: reader, opaque: reader.visible.hidden)
    let (parameters, body) = parser.function(named: name)
    return FunctionStructure(
      name: name, occurrence: occurrence, tokens: tokens, parameters: parameters, body: body,
      opaque: parser.opaque.sorted { $0.range.lowerBound < $1.range.lowerBound })
  }

  var count: Int { reader.visible.places.count }

  func text(_ index: Int) -> String {
    guard index < count, reader.token(index).kind != .text else { return "" }
    return reader.token(index).text
  }

  private mutating func function(named name: String) -> ([String?], Statement) {
    let whole = 0..<count
    guard reader.visible.isBalanced else {
      return ([], unread(whole, "its brackets do not match"))
    }
    let top = reader.top(whole)
    guard let brace = top.first(where: { text($0) == "{" }),
      let end = reader.visible.partners[brace]
    else { return ([], unread(whole, "it has no body")) }
    var index = brace
    return (parameters(before: brace, of: name), block(&index, end, depth: 0))
  }

  /// The name of each parameter: its last word, if it has more than one; else nil.
  private func parameters(before brace: Int, of name: String) -> [String?] {
    guard let at = reader.top(0..<brace).last(where: { text($0) == name }),
      let open = (at + 1..<brace).first(where: { text($0) == "(" }),
      let close = reader.visible.partners[open]
    else { return [] }
    var result: [String?] = []
    var words: [String] = []
    for place in reader.top((open + 1)..<close) + [close] {
      if text(place) == "," || place == close {
        if !words.isEmpty, words != ["void"] { result.append(words.count > 1 ? words.last : nil) }
        words = []
      } else if reader.isWord(place), !CKeyword.specifiers.contains(text(place)) {
        words.append(text(place))
      }
    }
    return result
  }

  func statement(_ kind: Statement.Kind, _ range: Range<Int>) -> Statement {
    Statement(kind: kind, range: reader.all(range))
  }

  mutating func unread(_ range: Range<Int>, _ reason: String) -> Statement {
    opaque.append(.init(range: reader.all(range), reason: reason))
    return statement(.opaque(reason), range)
  }

  mutating func expression(_ range: Range<Int>, depth: Int) -> Expression {
    var (result, blocks) = reader.expression(range)
    if let reason = result.opaque { opaque.append(.init(range: result.range, reason: reason)) }
    for range in blocks {
      var index = range.lowerBound
      let end = reader.visible.partners[index] ?? range.upperBound
      result.blocks.append(block(&index, end, depth: depth + 1))
    }
    return result
  }

  /// Reads a block from its opening brace at `index` to the closing one at `end`.
  mutating func block(_ index: inout Int, _ end: Int, depth: Int) -> Statement {
    let start = index
    guard depth < Self.nestingLimit else {
      index = end + 1
      return unread(start..<index, "it is nested deeper than \(Self.nestingLimit) statements")
    }
    index += 1
    var statements: [Statement] = []
    while index < end { statements.append(next(&index, end, depth: depth + 1)) }
    index = end + 1
    return statement(.block(statements), start..<index)
  }

  /// Reads the statement at `index`, which is before `end`; moves on by at least one token.
  mutating func next(_ index: inout Int, _ end: Int, depth: Int) -> Statement {
    let start = index
    guard depth < Self.nestingLimit else {
      index = end
      return unread(start..<end, "it is nested deeper than \(Self.nestingLimit) statements")
    }
    let isWord = reader.isWord(index)
    switch text(index) {
    case "{":
      return block(&index, reader.visible.partners[index] ?? end, depth: depth)
    case ";":
      index += 1
      return statement(.empty, start..<index)
    case "if" where isWord: return branch(&index, end, depth)
    case "while" where isWord, "switch" where isWord: return controlled(&index, end, depth)
    case "for" where isWord: return forLoop(&index, end, depth)
    case "do" where isWord: return doLoop(&index, end, depth)
    case "else" where isWord:
      index += 1
      return unread(start..<index, "this else has no if")
    case "case" where isWord, "default" where isWord:
      return label(&index, end)
    case let word where isWord && text(index + 1) == ":" && !CKeyword.isReserved(word):
      index += 2
      return statement(.label, start..<index)
    default: return simple(&index, end, depth)
    }
  }

  /// Reads the statement that another one controls: the next one, if there is one.
  mutating func body(_ index: inout Int, _ end: Int, _ depth: Int) -> Statement {
    guard index < end else { return unread(index..<index, "its body is missing") }
    return next(&index, end, depth: depth + 1)
  }

  private mutating func label(_ index: inout Int, _ end: Int) -> Statement {
    let start = index
    var questions = 0
    let statementEnd = reader.first(";", in: index..<end) ?? end
    for place in reader.top(index..<statementEnd) {
      if text(place) == "?" { questions += 1 }
      guard text(place) == ":" else { continue }
      if questions == 0 {
        index = place + 1
        return statement(.label, start..<index)
      }
      questions -= 1
    }
    index += 1
    return unread(start..<index, "this label has no colon")
  }
}
