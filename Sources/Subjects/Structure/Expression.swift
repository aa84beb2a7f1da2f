// SPDX-License-Identifier: GPL-2.0-only

/// An expression, read from its text alone. Ranges are places in the function's tokens.
public struct Expression: Sendable, Hashable {
  public let range: Range<Int>
  /// The whole expression, split at `||`, `&&` and `!` into their operands.
  public let condition: Condition
  /// Every condition with two or more operands, including those inside calls, operands and ternaries. If the
  /// whole expression is one, it comes first.
  public var conditions: [Condition] = []
  /// Every `?:`, outer ones first.
  public var ternaries: [Ternary] = []
  /// Every call, or use of a macro that looks like one, in the order of their names' places.
  public var calls: [Call] = []
  /// Every block inside, as in `({ ... })`.
  public var blocks: [Statement] = []
  /// The reason why the expression was not read, or not to its end; parts are then missing.
  public var opaque: String?
}

/// A Boolean expression, as a tree.
public struct Condition: Sendable, Hashable {
  /// The operator that joins the parts.
  public indirect enum Kind: Sendable, Hashable {
    /// There are no parts, because there is no logical operator.
    case operand
    /// True if its part is false; `at` is the place of the `!`.
    case not(Condition, at: Int)
    /// True if all parts are true; `at` are the operators' places.
    case all([Condition], at: [Int])
    /// True if any part is true; `at` are the operators' places.
    case any([Condition], at: [Int])
  }

  public let kind: Kind
  /// Its tokens, without parentheses around the whole and without `likely` and `unlikely`.
  public let range: Range<Int>

  /// Its operands from left to right. They alone decide the condition; each is evaluated only if the earlier
  /// ones do not decide it.
  public var operands: [Condition] {
    switch kind {
    case .operand: [self]
    case .not(let part, _): part.operands
    case .all(let parts, _), .any(let parts, _): parts.flatMap(\.operands)
    }
  }
}

/// A choice between two expressions.
public struct Ternary: Sendable, Hashable {
  public let condition: Condition
  /// The value if the condition is true; empty for `a ?: b`.
  public let then: Range<Int>
  /// The value if the condition is false.
  public let otherwise: Range<Int>
}

/// A call, or a use of a macro that looks like one.
public struct Call: Sendable, Hashable {
  /// The name of the function or macro.
  public let name: String
  /// The place of the name.
  public let at: Int
  /// The tokens of each argument.
  public let arguments: [Range<Int>]
  /// The tokens from the name to the closing parenthesis.
  public let range: Range<Int>
}
