// SPDX-License-Identifier: GPL-2.0-only

/// An expression of the configuration language.
indirect enum KconfigExpression: Sendable, Hashable {
  /// `y`, `m` or `n`; `m` stands for itself only where modules are built, which the reader writes out.
  case constant(Tristate)
  /// A symbol by its number in the model.
  case symbol(Int)
  /// The mode of a choice by its number: what its members depend on.
  case choice(Int)
  case not(KconfigExpression)
  /// `&&` of any number, so that long lines do not nest.
  case all([KconfigExpression])
  /// `||` of any number.
  case any([KconfigExpression])
  case comparison(Comparison, KconfigOperand, KconfigOperand)

  enum Comparison: String, Sendable, Hashable {
    case equal = "="
    case different = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }

  /// `self && other`, without what goes without saying.
  func and(_ other: KconfigExpression) -> KconfigExpression {
    if self == .constant(.yes) { return other }
    if other == .constant(.yes) { return self }
    return .all([self, other])
  }
}

/// One side of a comparison, or the value of a string symbol's default.
enum KconfigOperand: Sendable, Hashable {
  case symbol(Int)
  /// Written in quotes.
  case literal(String)
}

/// What a symbol can be.
enum KconfigType: Sendable, Hashable {
  case unknown, bool, tristate, string, int, hex
}
