// SPDX-License-Identifier: GPL-2.0-only

/// A statement of a function, read from its text alone. Ranges are places in the function's tokens.
public struct Statement: Sendable, Hashable {
  /// The kind of a statement, with its parts.
  public indirect enum Kind: Sendable, Hashable {
    /// An expression with its semicolon.
    case expression(Expression)
    /// A declaration of variables.
    case declaration([Declarator])
    /// `{ ... }`.
    case block([Statement])
    /// `if`, with the place of its `else`.
    case branch(Expression, then: Statement, otherwise: Statement?, elseAt: Int?)
    /// `while` and `for`.
    case loop(Loop, body: Statement)
    /// `do ... while (...);`.
    case doLoop(body: Statement, Expression)
    /// `switch`.
    case selection(Expression, body: Statement)
    /// `case x:`, `default:` or a label, without the statement after it.
    case label
    /// `return`, with its value.
    case exit(Expression?)
    /// `break;`.
    case breakAway
    /// `continue;`.
    case goOn
    /// `goto` with its label.
    case jump(String)
    /// A lone semicolon.
    case empty
    /// A macro call and the statement after it, without a semicolon between them: most are loops.
    case wrapped(Expression, body: Statement)
    /// An unreadable statement, with the reason.
    case opaque(String)
  }

  /// The head of a `while` or `for`.
  public struct Loop: Sendable, Hashable {
    /// The first part of a `for`, as a statement with its semicolon.
    public var first: Statement?
    /// The condition; nil for a `for` without one.
    public var condition: Expression?
    /// The expression that a `for` evaluates after each round.
    public var step: Expression?
  }

  /// A declared variable.
  public struct Declarator: Sendable, Hashable {
    /// The name; nil if it is unclear.
    public var name: String?
    /// Its tokens; those of the first one begin with the type.
    public var range: Range<Int>
    /// The initial value.
    public var initial: Expression?
  }

  public let kind: Kind
  /// All of its tokens.
  public let range: Range<Int>

  /// The statements directly inside, in order.
  public var parts: [Statement] {
    switch kind {
    case .block(let statements): statements
    case .branch(_, let then, let otherwise, _): [then] + (otherwise.map { [$0] } ?? [])
    case .loop(let head, let body): (head.first.map { [$0] } ?? []) + [body]
    case .doLoop(let body, _), .selection(_, let body), .wrapped(_, let body): [body]
    default: []
    }
  }

  /// The expressions directly inside, in order.
  public var expressions: [Expression] {
    switch kind {
    case .expression(let one), .branch(let one, _, _, _), .doLoop(_, let one),
      .selection(let one, _), .wrapped(let one, _):
      [one]
    case .declaration(let declarators): declarators.compactMap(\.initial)
    case .loop(let head, _): [head.condition, head.step].compactMap { $0 }
    case .exit(let value): value.map { [$0] } ?? []
    default: []
    }
  }

  /// The statement and all statements inside, including those in expressions, in the order of their starts.
  public var all: [Statement] {
    var found: [Statement] = []
    var waiting = [self]
    while let next = waiting.popLast() {
      found.append(next)
      let inside = next.parts + next.expressions.flatMap(\.blocks)
      waiting += inside.sorted { $0.range.lowerBound > $1.range.lowerBound }
    }
    return found
  }
}
