// SPDX-License-Identifier: GPL-2.0-only

import Coverage

/// Where control parts.
extension Instrumenter {
  /// What stands within a statement that has its own mark.
  mutating func parts(of statement: Statement) throws(Refusal) {
    switch statement.kind {
    case .branch(let condition, let then, let otherwise, _):
      let head = "`if (\(text(condition.range)))`"
      let choice = try decide(condition, at: statement.range, "then of \(head)", "else of \(head)")
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
        choice = try decide(condition, at: statement.range, "body of \(head)", "end of \(head)")
      }
      if let step = loop.step { try inside(step) }
      try within(choice?.holds) { me throws(Refusal) in try me.governed(body) }
    case .doLoop(let body, let condition):
      let head = "`do ... while (\(text(condition.range)))`"
      _ = try decide(
        condition, at: condition.range, "another round of \(head)", "end of \(head)")
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
    _ side: CoveragePoint.DecidedSide?, _ body: (inout Self) throws(Refusal) -> Void
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
    // It may have one that was not read.
    case .opaque: true
    default: body.parts.contains(where: hasDefault)
    }
  }

  /// A `default` at the end of a block that has none: it does nothing, as none does.
  private mutating func noCase(of value: Expression, _ body: Statement, at place: Int) {
    let mark = mark(.branch, at: place, "no case of `switch (\(text(value.range)))`")
    let brace = (body.range.upperBound - 1)..<body.range.upperBound
    wrap(brace, "if (0) { default: \(mark) } ", "")
  }

  // MARK: - Conditions

  /// The sides of a choice that is decided beforehand; nil for any other.
  struct Choice {
    var holds: CoveragePoint.DecidedSide?
    var fails: CoveragePoint.DecidedSide?
  }

  /// Marks what decides a choice, and what stands within it. A number by itself decides nothing.
  private mutating func decide(
    _ expression: Expression, at range: Range<Int>, _ holds: String, _ fails: String
  ) throws(Refusal) -> Choice? {
    guard expression.opaque == nil, !expression.range.isEmpty else { return nil }
    let isLoop = function.tokens[range.lowerBound].text != "if"
    if isLoop, ConstantPlaces.isLiteral(function.tokens[expression.range]) { return nil }
    let choice = choose(
      expression.range, operands: expression.condition.operands.count, at: range.lowerBound,
      holds, fails, "", "")
    try inside(expression)
    return choice
  }

  /// Marks an expression of which only the truth matters, as a choice.
  private mutating func choose(
    _ range: Range<Int>, operands: Int, at place: Int, _ holds: String, _ fails: String,
    _ opening: String, _ closing: String
  ) -> Choice? {
    let number = next
    next += 2
    let isDecided = ConstantPlaces.isDecided(function.tokens[range])
    let sides = (
      CoveragePoint.DecidedSide(mark: number, other: number + 1),
      CoveragePoint.DecidedSide(mark: number + 1, other: number)
    )
    add(.branch, number, at: place, holds, side: isDecided ? sides.0 : nil)
    add(.branch, number + 1, at: place, fails, side: isDecided ? sides.1 : nil)
    if operands == 1 {
      let operand = text(range)
      add(
        .condition, number, at: range.lowerBound, "`\(operand)` true",
        side: isDecided ? sides.0 : nil)
      add(
        .condition, number + 1, at: range.lowerBound, "`\(operand)` false",
        side: isDecided ? sides.1 : nil)
    }
    wrap(range, "\(opening)mhp_outcome(\(number), (", "))\(closing)")
    return isDecided ? Choice(holds: sides.0, fails: sides.1) : nil
  }

  /// What stands within an expression: choices, operands, blocks.
  private mutating func inside(_ expression: Expression) throws(Refusal) {
    guard expression.opaque == nil else { return }
    for ternary in expression.ternaries where !isConstant(ternary.condition.range) {
      let range = ternary.condition.range
      let head = "`\(text(range)) ?`"
      if ternary.then.isEmpty {
        // The condition's value is wanted too.
        shortTernary(range, operands: ternary.condition.operands.count, head)
      } else {
        _ = choose(
          range, operands: ternary.condition.operands.count, at: range.lowerBound,
          "true of \(head)", "false of \(head)", "", "")
      }
    }
    for condition in expression.conditions where !isConstant(condition.range) {
      for operand in condition.operands { mark(operand: operand.range) }
    }
    for statement in expression.blocks {
      guard case .block(let statements) = statement.kind else { continue }
      if !isConstant(statement.range) { try block(statements) }
    }
  }

  /// `a ?: b`.
  private mutating func shortTernary(_ range: Range<Int>, operands: Int, _ head: String) {
    let number = next
    next += 2
    add(.branch, number, at: range.lowerBound, "true of \(head)")
    add(.branch, number + 1, at: range.lowerBound, "false of \(head)")
    wrap(
      range, "({ __auto_type mhp_value = (",
      "); (void)mhp_outcome(\(number), mhp_value); mhp_value; })")
  }

  private mutating func mark(operand range: Range<Int>) {
    guard !ConstantPlaces.isDecided(function.tokens[range]) else { return }
    let number = next
    next += 2
    let text = text(range)
    add(.condition, number, at: range.lowerBound, "`\(text)` true")
    add(.condition, number + 1, at: range.lowerBound, "`\(text)` false")
    wrap(range, "mhp_outcome(\(number), (", "))")
  }

  private func isConstant(_ range: Range<Int>) -> Bool {
    constants.contains { $0.overlaps(range) }
  }
}
