// SPDX-License-Identifier: GPL-2.0-only

/// Marks of choices.
extension Instrumenter {
  /// Marks the parts of a statement that has its own mark.
  mutating func parts(of statement: Statement) throws(Refusal) {
    switch statement.kind {
    case .branch(let condition, let then, let otherwise, _):
      let head = "`if (\(text(condition.range)))`"
      let choice = try decide(
        condition, at: statement.range.lowerBound, "then of \(head)", "else of \(head)")
      try within(choice?.holds) { me throws(Refusal) in try me.governed(then) }
      if let otherwise {
        try within(choice?.fails) { me throws(Refusal) in try me.governed(otherwise) }
      }
    case .loop(let loop, let body):
      if let first = loop.first {
        try checkFirst(first)
        for expression in first.expressions { try inside(expression) }
      }
      var choice: Choice?
      if let condition = loop.condition {
        let word = function.tokens[statement.range.lowerBound].text
        let head = "`\(word) (\(word == "for" ? "...; " : "")\(text(condition.range)))`"
        choice = try decide(
          condition, at: statement.range.lowerBound, "body of \(head)", "end of \(head)")
      }
      if let step = loop.step { try inside(step) }
      try within(choice?.holds) { me throws(Refusal) in try me.governed(body) }
    case .doLoop(let body, let condition):
      let head = "`do ... while (\(text(condition.range)))`"
      _ = try decide(
        condition, at: condition.range.lowerBound, "another round of \(head)", "end of \(head)")
      try governed(body)
    case .selection(let value, let body):
      try inside(value)
      guard case .block(let statements) = body.kind else {
        throw Refusal(reason: "a switch has no block")
      }
      try block(statements)
      if !hasDefault(body) { noCase(of: value, body, at: statement.range.lowerBound) }
    case .wrapped(let head, let body):
      try inside(head)
      switch body.kind {
      case .declaration, .label, .opaque: break
      default: try governed(body)
      }
    default:
      for expression in statement.expressions { try inside(expression) }
    }
  }

  private func checkFirst(_ first: Statement) throws(Refusal) {
    if case .wrapped = first.kind { throw Refusal(reason: "a for begins with a statement") }
  }

  private mutating func within(
    _ side: CoveragePoint.Side?, _ body: (inout Self) throws(Refusal) -> Void
  ) throws(Refusal) {
    if let side { sides.append(side) }
    try body(&self)
    if side != nil { sides.removeLast() }
  }

  // MARK: - Switches

  private func hasDefault(_ body: Statement) -> Bool {
    switch body.kind {
    case .label: function.tokens[body.range.lowerBound].text == "default"
    case .selection: false
    // It may have a default that was not read.
    case .opaque: true
    default: body.parts.contains(where: hasDefault)
    }
  }

  /// Adds a `default` at the end of a block without one, with the mark of no matching case. It does nothing
  /// else, like a missing `default`.
  private mutating func noCase(of value: Expression, _ body: Statement, at place: Int) {
    let mark = mark(.branch, at: place, "no case of `switch (\(text(value.range)))`")
    let brace = (body.range.upperBound - 1)..<body.range.upperBound
    wrap(brace, "if (0) { default: \(mark) } ", "")
  }

  // MARK: - Conditions

  struct Choice {
    var holds: CoveragePoint.Side
    var fails: CoveragePoint.Side
  }

  /// Marks the condition of a choice and its parts; nil if the condition was not read.
  private mutating func decide(
    _ expression: Expression, at place: Int, _ holds: String, _ fails: String
  ) throws(Refusal) -> Choice? {
    guard expression.opaque == nil, !expression.range.isEmpty else { return nil }
    let choice = choose(expression.range, expression.condition, at: place, holds, fails)
    try inside(expression)
    return choice
  }

  /// Marks an expression as a choice. Only its truth matters.
  private mutating func choose(
    _ range: Range<Int>, _ condition: Condition, at place: Int, _ holds: String, _ fails: String
  ) -> Choice {
    let number = next
    next += 2
    add(.branch, number, at: place, holds, choice: number)
    add(.branch, number + 1, at: place, fails, choice: number)
    if condition.operands.count == 1 { outcomes(of: range, number) }
    wrap(range, "mhp_outcome(\(number), (", "))")
    return Choice(
      holds: .init(mark: number, other: number + 1), fails: .init(mark: number + 1, other: number))
  }

  private mutating func outcomes(of operand: Range<Int>, _ number: Int) {
    let text = text(operand)
    add(.condition, number, at: operand.lowerBound, "`\(text)` true", choice: number)
    add(.condition, number + 1, at: operand.lowerBound, "`\(text)` false", choice: number)
  }

  /// Marks the parts of an expression: choices, operands, blocks.
  private mutating func inside(_ expression: Expression) throws(Refusal) {
    guard expression.opaque == nil else { return }
    for ternary in expression.ternaries where !isConstant(ternary.condition.range) {
      let range = ternary.condition.range
      let head = "`\(text(range)) ?`"
      if ternary.then.isEmpty {
        shortTernary(range, head)
      } else {
        _ = choose(
          range, ternary.condition, at: range.lowerBound, "true of \(head)", "false of \(head)")
      }
    }
    for condition in expression.conditions where !isConstant(condition.range) {
      for operand in condition.operands {
        outcomes(of: operand.range, next)
        wrap(operand.range, "mhp_outcome(\(next), (", "))")
        next += 2
      }
    }
    for statement in expression.blocks {
      guard case .block(let statements) = statement.kind else { continue }
      if !isConstant(statement.range) { try block(statements) }
    }
  }

  /// Marks `a ?: b`, which also needs the condition's value.
  private mutating func shortTernary(_ range: Range<Int>, _ head: String) {
    let number = next
    next += 2
    add(.branch, number, at: range.lowerBound, "true of \(head)", choice: number)
    add(.branch, number + 1, at: range.lowerBound, "false of \(head)", choice: number)
    wrap(
      range, "({ __auto_type mhp_value = (",
      "); (void)mhp_outcome(\(number), mhp_value); mhp_value; })")
  }

  private func isConstant(_ range: Range<Int>) -> Bool {
    constants.contains { $0.overlaps(range) }
  }
}
