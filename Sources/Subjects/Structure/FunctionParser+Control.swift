// SPDX-License-Identifier: GPL-2.0-only

/// Statements that control others.
extension FunctionParser {
  /// The places between the parentheses after the word at `index`; moves `index` after them.
  private func head(_ index: inout Int, _ end: Int) -> Range<Int>? {
    guard index + 1 < end, text(index + 1) == "(",
      let close = reader.visible.partners[index + 1]
    else { return nil }
    let inside = (index + 2)..<close
    index = close + 1
    return inside
  }

  private mutating func headless(_ index: inout Int) -> Statement {
    let start = index
    index += 1
    return unread(start..<index, "no parenthesis follows this \(text(start))")
  }

  mutating func branch(_ index: inout Int, _ end: Int, _ depth: Int) -> Statement {
    let start = index
    guard let head = head(&index, end) else { return headless(&index) }
    let condition = expression(head, depth: depth)
    let then = body(&index, end, depth)
    guard index < end, text(index) == "else", reader.isWord(index) else {
      return statement(
        .branch(condition, then: then, otherwise: nil, elseAt: nil), start..<index)
    }
    let elseAt = reader.visible.places[index]
    index += 1
    let otherwise = body(&index, end, depth)
    return statement(
      .branch(condition, then: then, otherwise: otherwise, elseAt: elseAt), start..<index)
  }

  /// Reads a `while` or a `switch`.
  mutating func controlled(_ index: inout Int, _ end: Int, _ depth: Int) -> Statement {
    let start = index
    let isLoop = text(index) == "while"
    guard let head = head(&index, end) else { return headless(&index) }
    let condition = expression(head, depth: depth)
    let body = body(&index, end, depth)
    return statement(
      isLoop
        ? .loop(Statement.Loop(condition: condition), body: body)
        : .selection(condition, body: body), start..<index)
  }

  mutating func forLoop(_ index: inout Int, _ end: Int, _ depth: Int) -> Statement {
    let start = index
    guard let head = head(&index, end) else { return headless(&index) }
    let marks = reader.top(head).filter { text($0) == ";" }
    guard marks.count == 2 else {
      _ = body(&index, end, depth)
      return unread(start..<index, "this for has not two semicolons")
    }
    var loop = Statement.Loop()
    if marks[0] > head.lowerBound {
      var first = head.lowerBound
      loop.first = simple(&first, marks[0] + 1, depth + 1)
    }
    let (condition, step) = ((marks[0] + 1)..<marks[1], (marks[1] + 1)..<head.upperBound)
    if !condition.isEmpty { loop.condition = expression(condition, depth: depth) }
    if !step.isEmpty { loop.step = expression(step, depth: depth) }
    let body = body(&index, end, depth)
    return statement(.loop(loop, body: body), start..<index)
  }

  mutating func doLoop(_ index: inout Int, _ end: Int, _ depth: Int) -> Statement {
    let start = index
    index += 1
    let body = body(&index, end, depth)
    guard index < end, text(index) == "while", let head = head(&index, end), text(index) == ";"
    else { return unread(start..<index, "no while ends this do") }
    index += 1
    return statement(.doLoop(body: body, expression(head, depth: depth)), start..<index)
  }
}
