// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// Mistakes in conditions.
extension MutantMaker {
  mutating func changeConditions() {
    for statement in statements {
      switch statement.kind {
      case .branch(let expression, _, _, _), .doLoop(_, let expression):
        change(expression.condition)
      case .loop(let head, _): if let condition = head.condition { change(condition.condition) }
      default: break
      }
      for expression in statement.expressions {
        for condition in expression.conditions { change(condition) }
        for ternary in expression.ternaries { change(ternary.condition) }
      }
    }
  }

  /// Changes a whole condition, and each of its operands.
  private mutating func change(_ condition: Condition) {
    for part in [condition] + condition.operands where !part.range.isEmpty {
      if case .not(let inner, _) = part.kind {
        add(.negate, at: part.range, text(inner.range))
      } else {
        add(.negate, at: part.range, "!(\(text(part.range)))")
      }
      add(.fix, at: part.range, variant: "true", "1")
      add(.fix, at: part.range, variant: "false", "0")
    }
    exchangeLogic(condition)
  }

  private mutating func exchangeLogic(_ condition: Condition) {
    switch condition.kind {
    case .operand: break
    case .not(let part, _): exchangeLogic(part)
    case .all(let parts, let operators):
      for place in operators { add(.logic, at: place..<(place + 1), "||") }
      for part in parts { exchangeLogic(part) }
    case .any(let parts, let operators):
      for place in operators { add(.logic, at: place..<(place + 1), "&&") }
      for part in parts { exchangeLogic(part) }
    }
  }
}
