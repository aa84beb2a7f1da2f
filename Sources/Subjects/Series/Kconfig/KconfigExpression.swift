// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A Kconfig expression.
indirect enum KconfigExpression: Sendable, Hashable {
  /// `y`, `m` or `n`. `m` counts as `y`, because only availability matters.
  case constant(Bool)
  case symbol(String)
  case not(KconfigExpression)
  /// `&&` of any number of operands, so that long lines do not nest.
  case all([KconfigExpression])
  /// `||` of any number of operands.
  case any([KconfigExpression])
  /// A comparison, a quoted text or a macro, which nothing evaluates.
  case opaque

  /// The value that an expression can have in some kernel.
  enum Value: Sendable, Hashable {
    case always
    case never
    /// A user decides.
    case free
    /// The available text does not decide it.
    case unknown

    /// Whether the expression can hold.
    var canHold: Bool { self == .always || self == .free }

    static func all(_ values: some Sequence<Value>) -> Value {
      let found = Set(values)
      return [.never, .unknown, .free].first(where: found.contains) ?? .always
    }

    static func any(_ values: some Sequence<Value>) -> Value {
      let found = Set(values)
      return [.always, .free, .unknown].first(where: found.contains) ?? .never
    }
  }

  /// The value, from the values of the symbols. Each symbol counts by itself, so that `A && !A` can hold if
  /// `A` is free.
  func value(_ symbol: (String) -> Value) -> Value {
    switch self {
    case .constant(let value): value ? .always : .never
    case .symbol(let name): symbol(name)
    case .not(let inner):
      switch inner.value(symbol) {
      case .always: .never
      case .never: .always
      case let other: other
      }
    case .all(let parts): Value.all(parts.map { $0.value(symbol) })
    case .any(let parts): Value.any(parts.map { $0.value(symbol) })
    case .opaque: .unknown
    }
  }

  var names: Set<String> {
    switch self {
    case .constant, .opaque: []
    case .symbol(let name): [name]
    case .not(let inner): inner.names
    case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.names) }
    }
  }
}

extension KconfigExpression {
  /// Reads an expression from the word at `start` on; returns it and the index after it. `||` binds least,
  /// then `&&`, then `!`.
  static func read(
    _ line: KconfigLine, from start: Int
  ) throws(Failure) -> (expression: KconfigExpression, end: Int) {
    var reader = Reader(line: line, index: start)
    let expression = try reader.expression()
    return (expression, reader.index)
  }

  private struct Reader {
    /// Limit of the nesting; no expression of the kernel is deeper.
    static let nestingLimit = 64

    let line: KconfigLine
    var index: Int
    var depth = 0

    var next: KconfigLine.Word? { index < line.words.count ? line.words[index] : nil }

    mutating func expression() throws(Failure) -> KconfigExpression {
      depth += 1
      defer { depth -= 1 }
      guard depth <= Self.nestingLimit else {
        throw Failure(
          .unreadable, "\(line.place): an expression nested deeper than \(Self.nestingLimit)")
      }
      var parts = [try conjunction()]
      while next == .mark("||") {
        index += 1
        parts.append(try conjunction())
      }
      return parts.count == 1 ? parts[0] : .any(parts)
    }

    mutating func conjunction() throws(Failure) -> KconfigExpression {
      var parts = [try negation()]
      while next == .mark("&&") {
        index += 1
        parts.append(try negation())
      }
      return parts.count == 1 ? parts[0] : .all(parts)
    }

    mutating func negation() throws(Failure) -> KconfigExpression {
      var isNegated = false
      while next == .mark("!") {
        index += 1
        isNegated.toggle()
      }
      let inner = try operand()
      return isNegated ? .not(inner) : inner
    }

    mutating func operand() throws(Failure) -> KconfigExpression {
      guard let word = next else {
        throw Failure(.unreadable, "\(line.place): an expression is missing")
      }
      index += 1
      switch word {
      case .mark("("):
        let inner = try expression()
        guard next == .mark(")") else {
          throw Failure(.unreadable, "\(line.place): this parenthesis is never closed")
        }
        index += 1
        return inner
      case .mark: throw Failure(.unreadable, "\(line.place): an expression is missing")
      case .name, .quoted, .macro: break
      }
      if case .mark(let mark)? = next, ["=", "!=", "<", "<=", ">", ">="].contains(mark) {
        index += 2
        guard index <= line.words.count else {
          throw Failure(.unreadable, "\(line.place): nothing to compare with")
        }
        return .opaque
      }
      guard case .name(let name) = word else { return .opaque }
      switch name {
      case "y", "m": return .constant(true)
      case "n": return .constant(false)
      default: return .symbol(name)
      }
    }
  }
}
