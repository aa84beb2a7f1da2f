// SPDX-License-Identifier: GPL-2.0-only

/// Slips in conditions, jumps and whole statements.
extension RepairMaker {
  /// Something that a slip may have added is dropped only if nothing nearer is right: what a test does not see can
  /// always be dropped.
  private static let dropping = 5

  mutating func undoConditions() {
    for condition in conditions {
      for part in [condition] + condition.operands where !part.range.isEmpty {
        if case .not(let inner, _) = part.kind {
          replace(part.range, text(inner.range))
        } else {
          replace(part.range, "! ( \(text(part.range)) )", atMost: 2)
        }
      }
      switch condition.kind {
      case .all(let parts, _), .any(let parts, _):
        for part in parts { replace(condition.range, text(part.range), atMost: 4) }
      default: break
      }
    }
  }

  /// All conditions that the function tests.
  var conditions: [Condition] {
    statements.flatMap { statement -> [Condition] in
      var found = statement.expressions.flatMap {
        $0.conditions + $0.ternaries.map(\.condition)
      }
      switch statement.kind {
      case .branch(let expression, _, _, _), .doLoop(_, let expression):
        found.append(expression.condition)
      case .loop(let loop, _): if let one = loop.condition { found.append(one.condition) }
      default: break
      }
      return found
    }
  }

  private var isVoid: Bool {
    guard let name = function.nameAt, name > 0 else { return false }
    let before = function.tokens[..<name]
    return before.contains { $0.is("void") } && !before.contains { $0.is("*") }
  }

  /// The jumps that the function can make.
  private var jumps: [String] {
    let hasLoop = statements.contains {
      switch $0.kind {
      case .loop, .doLoop, .selection: true
      default: false
      }
    }
    let labels = statements.compactMap { statement -> String? in
      guard case .label = statement.kind else { return nil }
      let word = token(statement.range.lowerBound).text
      return ["case", "default"].contains(word) ? nil : "goto \(word) ;"
    }
    return (hasLoop ? ["continue ;", "break ;"] : []) + (isVoid ? ["return ;"] : []) + labels
  }

  mutating func undoJumps() {
    let jumps = jumps
    for statement in statements {
      switch statement.kind {
      case .goOn, .breakAway, .exit, .jump:
        for jump in jumps { replace(statement.range, jump, atMost: 3) }
      default: break
      }
      guard case .exit(let value?) = statement.kind else { continue }
      for new in material.results { replace(value.range, new, atMost: 3) }
      for variable in variables.all where variable.isInteger && variable.type != "bool" {
        replace(value.range, variable.name, penalty: 2, atMost: 3)
      }
      for new in ["0", "1", "true", "false"] { replace(value.range, new, penalty: 1, atMost: 3) }
    }
    for gap in gaps {
      // At the end of a block nothing else is skipped by it, which is where it is usually missing.
      let isEnd = token(gap).is("}")
      for jump in jumps { insert(jump, before: gap, cost: isEnd ? 4 : 7) }
    }
  }

  /// The places before which a statement can be missing: those of a block's statements, and of its end.
  var gaps: [Int] {
    statements.flatMap { statement -> [Int] in
      guard case .block(let parts) = statement.kind else { return [] }
      let acting = parts.filter {
        if case .declaration = $0.kind { false } else { true }
      }
      return acting.map(\.range.lowerBound) + [statement.range.upperBound - 1]
    }
  }

  mutating func undoStatements() {
    for statement in statements {
      switch statement.kind {
      case .expression, .exit, .breakAway, .goOn, .jump:
        replace(statement.range, ";", penalty: Self.dropping, atMost: 3)
      case .branch(_, let then, nil, _):
        replace(statement.range, text(then.range), penalty: Self.dropping, atMost: 3)
        replace(statement.range, ";", penalty: Self.dropping, atMost: 6)
      default: break
      }
      guard case .block(let parts) = statement.kind else { continue }
      for (one, other) in zip(parts, parts.dropFirst()) where isMovable(one) && isMovable(other) {
        replace(
          one.range.lowerBound..<other.range.upperBound, "\(text(other.range)) \(text(one.range))",
          penalty: 2, atMost: 3)
      }
    }
  }

  func isMovable(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .expression, .branch, .loop, .doLoop, .selection, .wrapped: true
    default: false
    }
  }
}
