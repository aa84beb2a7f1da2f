// SPDX-License-Identifier: GPL-2.0-only

/// An expression, as far as its text tells. Ranges are places in its function's tokens.
public struct Expression: Sendable, Hashable {
  /// Its tokens.
  public let range: Range<Int>
  /// The whole, split at `||`, `&&` and `!` down to what these join.
  public let condition: Condition
  /// Every condition of two or more operands, the whole first where it is one, also inside of calls,
  /// operands and ternaries.
  public var conditions: [Condition] = []
  /// Every `?:`, outer ones first.
  public var ternaries: [Ternary] = []
  /// Every call, or use of a macro that looks like one, in the order of their names.
  public var calls: [Call] = []
  /// Every block that stands within, as in `({ ... })`.
  public var blocks: [Statement] = []
  /// Why it was not looked into, or not to its end; then parts are missing.
  public var opaque: String?
}

/// An expression that is true or false, as a tree.
public struct Condition: Sendable, Hashable {
  /// How its parts make it.
  public indirect enum Kind: Sendable, Hashable {
    /// It has no parts: no operator of logic joins them.
    case operand
    /// True when its part is false; `at` is the place of the `!`.
    case not(Condition, at: Int)
    /// True when all parts are; the operators' places.
    case all([Condition], at: [Int])
    /// True when any part is; the operators' places.
    case any([Condition], at: [Int])
  }

  /// How its parts make it.
  public let kind: Kind
  /// Its tokens, without parentheses around all of it and without `likely` and `unlikely`.
  public let range: Range<Int>

  /// Its operands from left to right: what alone decides it, each being evaluated only when those
  /// before it left the matter open.
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
  /// What decides.
  public let condition: Condition
  /// What it is worth when that is true; empty for `a ?: b`.
  public let then: Range<Int>
  /// What it is worth otherwise.
  public let otherwise: Range<Int>
}

/// A call, or a use of a macro that looks like one.
public struct Call: Sendable, Hashable {
  /// What is called.
  public let name: String
  /// The place of the name.
  public let at: Int
  /// The tokens of each argument.
  public let arguments: [Range<Int>]
  /// From the name to the closing parenthesis.
  public let range: Range<Int>
}
