// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Subjects

/// A subject's text with one small mistake in it.
public struct Mutant: Sendable, Hashable {
  /// "FUNCTION/OPERATOR/PLACE" or "FUNCTION/OPERATOR/PLACE/VARIANT". PLACE is a number: it counts the
  /// operator's places in the function from 1, in the order of the text. Comments, layout and other functions
  /// do not change it.
  public let id: String
  /// The C name of the function.
  public let function: String
  /// The kind of mistake.
  public let operation: MutationOperator
  /// The edits that make it from the subject.
  public let edits: [UnitEdit]
  /// The position of the mistake.
  public let position: SourcePosition
  /// The changed lines, in the unified format, numbered as in the user's file.
  public let diff: String
  /// `FunctionStructure.fingerprint` of its function.
  public let fingerprint: String
}

/// A kind of mistake.
public enum MutationOperator: String, CaseIterable, Sendable, Hashable {
  /// A statement, an `else` or a loop's step is missing.
  case drop
  /// A condition, or an operand of one, is negated.
  case negate
  /// A condition, or an operand of one, is always true or always false.
  case fix
  /// A comparison operator is replaced by another.
  case comparison
  /// `&&` is replaced by `||`, or the other way round.
  case logic
  /// An arithmetic operator is replaced by its opposite.
  case arithmetic
  /// A number, `true` or `false` is replaced by another value.
  case constant
  /// A macro or function is replaced by its twin of another level or unit.
  case name
  /// Two neighbouring arguments are exchanged.
  case swap
  /// An argument is replaced by another variable of the function, or by zero.
  case argument
  /// One of `break`, `continue` and `return` is replaced by another.
  case jump
  /// The function returns another value.
  case result
  /// Two neighbouring statements are exchanged.
  case order

  /// The mistake, in a phrase.
  public var phrase: String {
    switch self {
    case .drop: "statement dropped"
    case .negate: "condition negated"
    case .fix: "condition fixed"
    case .comparison: "comparison changed"
    case .logic: "&& and || exchanged"
    case .arithmetic: "arithmetic operator exchanged"
    case .constant: "constant changed"
    case .name: "level or unit exchanged"
    case .swap: "arguments swapped"
    case .argument: "argument replaced"
    case .jump: "jump exchanged"
    case .result: "return value changed"
    case .order: "statements swapped"
    }
  }
}

extension FunctionStructure {
  /// A hash of the function's tokens, as 16 hexadecimal digits: comments and layout do not count.
  public var fingerprint: String {
    Fingerprint.of(tokens.flatMap { Array($0.text.utf8) + [0] })
  }
}
