// SPDX-License-Identifier: GPL-2.0-only

/// Reads expressions out of the words of a line.
struct KconfigExpressionReader {
  /// Deeper than any expression of the kernel's.
  private static let nestingLimit = 64

  private let line: KconfigLine
  private var index: Int
  private var depth = 0

  init(_ line: KconfigLine, from index: Int) {
    self.line = line
    self.index = index
  }

  /// The word that is to be read next.
  var next: KconfigLine.Word? { index < line.words.count ? line.words[index] : nil }

  /// Whether nothing is left.
  var isAtEnd: Bool { index >= line.words.count }

  /// Steps over the next word.
  mutating func skip() { index += 1 }

  /// An expression, as far as it goes: `||` binds least, then `&&`, then `!`.
  mutating func expression(
    _ model: inout KconfigModel
  ) throws(KconfigError) -> KconfigExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.nestingLimit else {
      throw KconfigError("\(line.place): an expression nested deeper than \(Self.nestingLimit)")
    }
    var parts = [try conjunction(&model)]
    while next == .mark("||") {
      skip()
      parts.append(try conjunction(&model))
    }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  /// What stands behind `if`, when that is next; else `y`.
  mutating func condition(_ model: inout KconfigModel) throws(KconfigError) -> KconfigExpression {
    guard next == .name("if") else { return .constant(.yes) }
    skip()
    return try expression(&model)
  }

  /// Throws when something is left.
  func expectEnd() throws(KconfigError) {
    if !isAtEnd { throw KconfigError("\(line.place): this line goes on where it should end") }
  }

  private mutating func conjunction(
    _ model: inout KconfigModel
  ) throws(KconfigError) -> KconfigExpression {
    var parts = [try negation(&model)]
    while next == .mark("&&") {
      skip()
      parts.append(try negation(&model))
    }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func negation(
    _ model: inout KconfigModel
  ) throws(KconfigError) -> KconfigExpression {
    var isNegated = false
    while next == .mark("!") {
      skip()
      isNegated.toggle()
    }
    let inner: KconfigExpression
    if next == .mark("(") {
      skip()
      inner = try expression(&model)
      guard next == .mark(")") else {
        throw KconfigError("\(line.place): this parenthesis is never closed")
      }
      skip()
    } else {
      inner = try comparison(&model)
    }
    return isNegated ? .not(inner) : inner
  }

  private mutating func comparison(
    _ model: inout KconfigModel
  ) throws(KconfigError) -> KconfigExpression {
    guard let word = next, let left = Self.operand(word, &model) else {
      throw KconfigError("\(line.place): an expression is missing")
    }
    skip()
    if case .mark(let mark)? = next, let kind = KconfigExpression.Comparison(rawValue: mark) {
      skip()
      guard let word = next, let right = Self.operand(word, &model) else {
        throw KconfigError("\(line.place): nothing to compare with")
      }
      skip()
      return .comparison(kind, left, right)
    }
    return Self.value(of: word, left, &model)
  }

  /// A word as something to compare or to take for a string.
  static func operand(_ word: KconfigLine.Word, _ model: inout KconfigModel) -> KconfigOperand? {
    switch word {
    case .quoted(let text): .literal(text)
    case .name(let name):
      Tristate(letter: name) == nil ? .symbol(model.number(of: name)) : .literal(name)
    case .mark: nil
    }
  }

  /// A word as a value: `m` only where there are modules.
  private static func value(
    of word: KconfigLine.Word, _ operand: KconfigOperand, _ model: inout KconfigModel
  ) -> KconfigExpression {
    switch operand {
    case .symbol(let number): .symbol(number)
    case .literal(let text):
      switch Tristate(letter: text) {
      case .module?: .all([.constant(.module), .symbol(model.number(of: KconfigReader.modules))])
      case let value?: .constant(value)
      // A string is no truth.
      case nil: .constant(.no)
      }
    }
  }
}
