// SPDX-License-Identifier: GPL-2.0-only

/// Reads an expression's parts from its tokens. Ranges inside the reader are places in the visible tokens,
/// ranges in results are places in all tokens.
struct ExpressionReader {
  /// Limit of nested parentheses and `!` in a condition. Deeper parts are one operand.
  private static let nestingLimit = 64
  /// Limit of the average number of reads per token. Beyond it, the rest of an expression stays unread.
  private static let looksAtAToken = 32
  private static let assignments: Set<String> = [
    "=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=",
  ]
  /// Macros of the kernel whose value is that of their argument.
  private static let hints: Set<String> = ["likely", "unlikely"]

  let tokens: [SourceToken]
  let visible: VisibleTokens

  func token(_ index: Int) -> SourceToken { tokens[visible.places[index]] }

  func isWord(_ index: Int) -> Bool { token(index).kind == .word }

  /// The same range in all tokens. An empty range becomes an empty one at the same place.
  func all(_ range: Range<Int>) -> Range<Int> {
    guard !range.isEmpty else {
      let place =
        range.lowerBound < visible.places.count ? visible.places[range.lowerBound] : tokens.count
      return place..<place
    }
    return visible.places[range.lowerBound]..<(visible.places[range.upperBound - 1] + 1)
  }

  /// The places in a range outside its brackets, including the opening brackets.
  func top(_ range: Range<Int>) -> [Int] {
    var result: [Int] = []
    var index = range.lowerBound
    while index < range.upperBound {
      result.append(index)
      if let partner = visible.partners[index], partner > index { index = partner }
      index += 1
    }
    return result
  }

  /// The first place of `top` with a spelling.
  func first(_ spelling: String, in range: Range<Int>) -> Int? {
    var index = range.lowerBound
    while index < range.upperBound {
      if token(index).is(spelling) { return index }
      if let partner = visible.partners[index], partner > index { index = partner }
      index += 1
    }
    return nil
  }

  private func split(_ range: Range<Int>, at operators: [Int]) -> [Range<Int>] {
    var start = range.lowerBound
    var parts: [Range<Int>] = []
    for place in operators {
      parts.append(start..<place)
      start = place + 1
    }
    return parts + [start..<range.upperBound]
  }

  /// The expression without its blocks, which need a reader of statements.
  func expression(_ range: Range<Int>) -> (Expression, blocks: [Range<Int>]) {
    let whole = all(range)
    if tokens[whole].contains(where: { $0.kind == .directive }) {
      var opaque = Expression(range: whole, condition: Condition(kind: .operand, range: whole))
      opaque.opaque = "a directive stands within it"
      return (opaque, [])
    }
    var result = Expression(range: whole, condition: condition(range, depth: 0))
    result.calls = hints(range)
    var blocks: [Range<Int>] = []
    var waiting = [range]
    var lookedAt = 0
    while let next = waiting.popLast() {
      lookedAt += next.count
      guard lookedAt <= Self.looksAtAToken * (range.count + 64) else {
        result.opaque = "it is too intricate to be read whole"
        break
      }
      for segment in split(next, at: top(next).filter { token($0).is(",") }) where !segment.isEmpty
      {
        note(segment, &result, &blocks, &waiting)
      }
    }
    result.conditions.sort { $0.range.lowerBound < $1.range.lowerBound }
    result.ternaries.sort { $0.condition.range.lowerBound < $1.condition.range.lowerBound }
    result.calls.sort { $0.at < $1.at }
    return (result, blocks.sorted { $0.lowerBound < $1.lowerBound })
  }

  /// Records the parts of a segment without commas. The contents of its brackets wait for a later round.
  private func note(
    _ part: Range<Int>, _ result: inout Expression, _ blocks: inout [Range<Int>],
    _ waiting: inout [Range<Int>]
  ) {
    let places = top(part)
    if let assignment = places.last(where: { Self.assignments.contains(token($0).text) }) {
      waiting.append(part.lowerBound..<assignment)
      return waiting.append((assignment + 1)..<part.upperBound)
    }
    if let (question, colon) = ternary(places) {
      let parts = [
        part.lowerBound..<question, (question + 1)..<colon, (colon + 1)..<part.upperBound,
      ]
      result.ternaries.append(
        Ternary(
          condition: condition(parts[0], depth: 0), then: all(parts[1]), otherwise: all(parts[2])))
      return waiting += parts
    }
    let logical = condition(part, depth: 0)
    if logical.operands.count > 1 { result.conditions.append(logical) }
    for operand in leaves(part, depth: 0) {
      let places = top(operand)
      if operand != part, places.contains(where: { isSplitFurther($0) }) {
        waiting.append(operand)
        continue
      }
      for place in places {
        guard let partner = visible.partners[place] else { continue }
        if let call = call(at: place - 1, from: part.lowerBound), !Self.hints.contains(call.name) {
          result.calls.append(call)
        }
        if token(place).is("("), place + 1 < partner, token(place + 1).is("{") {
          blocks.append((place + 1)..<partner)
        } else if place + 1 < partner {
          waiting.append((place + 1)..<partner)
        }
      }
    }
  }

  /// The calls of hints, which conditions omit.
  private func hints(_ range: Range<Int>) -> [Call] {
    var result: [Call] = []
    var index = range.lowerBound
    while index < range.upperBound {
      if Self.hints.contains(token(index).text), let call = call(at: index, from: index) {
        result.append(call)
      }
      let isBlock = token(index).is("{")
      index = (isBlock ? visible.partners[index] ?? index : index) + 1
    }
    return result
  }

  private func isSplitFurther(_ place: Int) -> Bool {
    let text = token(place).text
    return token(place).kind == .punctuator
      && (text == "," || text == "?" || Self.assignments.contains(text))
  }

  private func ternary(_ places: [Int]) -> (question: Int, colon: Int)? {
    guard let question = places.first(where: { token($0).is("?") }) else { return nil }
    var open = 0
    for place in places where place > question {
      if token(place).is("?") { open += 1 }
      guard token(place).is(":") else { continue }
      if open == 0 { return (question, place) }
      open -= 1
    }
    return nil
  }

  /// The call whose name is at a place, if there is one.
  private func call(at index: Int, from start: Int) -> Call? {
    guard index >= start, isWord(index), !CKeyword.isReserved(token(index).text),
      index + 1 < visible.places.count, token(index + 1).is("("),
      let end = visible.partners[index + 1]
    else { return nil }
    let inside = (index + 2)..<end
    let arguments =
      inside.isEmpty ? [] : split(inside, at: top(inside).filter { token($0).is(",") })
    return Call(
      name: token(index).text, at: visible.places[index], arguments: arguments.map(all),
      range: all(index..<(end + 1)))
  }

  /// A condition without hints and without parentheses around the whole.
  private func bare(_ range: Range<Int>) -> Range<Int> {
    var range = range
    while range.count > 2 {
      if token(range.lowerBound).is("("),
        visible.partners[range.lowerBound] == range.upperBound - 1,
        !token(range.lowerBound + 1).is("{")
      {
        range = (range.lowerBound + 1)..<(range.upperBound - 1)
      } else if Self.hints.contains(token(range.lowerBound).text), range.count > 3,
        token(range.lowerBound + 1).is("("),
        visible.partners[range.lowerBound + 1] == range.upperBound - 1
      {
        range = (range.lowerBound + 1)..<range.upperBound
      } else {
        break
      }
    }
    return range
  }

  private enum Split {
    case leaf
    case not(Range<Int>)
    case joined([Range<Int>], isAll: Bool, at: [Int])
  }

  private func splitting(_ range: Range<Int>) -> Split {
    let places = top(range)
    guard !places.contains(where: isSplitFurther) else { return .leaf }
    for (spelling, isAll) in [("||", false), ("&&", true)] {
      let operators = places.filter { token($0).is(spelling) }
      // The compiler reports an operator without an operand.
      guard let first = operators.first, first > range.lowerBound else { continue }
      let parts = split(range, at: operators)
      guard parts.allSatisfy({ !$0.isEmpty }) else { return .leaf }
      return .joined(parts, isAll: isAll, at: operators)
    }
    guard range.count > 1, token(range.lowerBound).is("!") else { return .leaf }
    let rest = (range.lowerBound + 1)..<range.upperBound
    return isUnary(rest) ? .not(rest) : .leaf
  }

  /// Whether a `!` before the range applies to the whole range.
  private func isUnary(_ range: Range<Int>) -> Bool {
    let places = top(range)
    let prefixes: Set<String> = ["!", "~", "*", "&", "-", "+", "++", "--"]
    guard let first = places.firstIndex(where: { !prefixes.contains(token($0).text) }) else {
      return false
    }
    for index in places.indices where index > first {
      let text = token(places[index]).text
      let before = token(places[index - 1]).text
      let isPostfix =
        ["(", "[", ".", "->", "++", "--"].contains(text) || before == "." || before == "->"
      guard isPostfix || before == "(" || before == "[" else { return false }
    }
    return true
  }

  private func condition(_ range: Range<Int>, depth: Int) -> Condition {
    let range = bare(range)
    guard depth < Self.nestingLimit else { return Condition(kind: .operand, range: all(range)) }
    let kind: Condition.Kind
    switch splitting(range) {
    case .leaf: kind = .operand
    case .not(let rest):
      kind = .not(condition(rest, depth: depth + 1), at: visible.places[range.lowerBound])
    case .joined(let parts, let isAll, let operators):
      let conditions = parts.map { condition($0, depth: depth + 1) }
      let at = operators.map { visible.places[$0] }
      kind = isAll ? .all(conditions, at: at) : .any(conditions, at: at)
    }
    return Condition(kind: kind, range: all(range))
  }

  /// The operands of a condition, as places in the visible tokens.
  private func leaves(_ range: Range<Int>, depth: Int) -> [Range<Int>] {
    let range = bare(range)
    guard depth < Self.nestingLimit else { return [range] }
    switch splitting(range) {
    case .leaf: return [range]
    case .not(let rest): return leaves(rest, depth: depth + 1)
    case .joined(let parts, _, _): return parts.flatMap { leaves($0, depth: depth + 1) }
    }
  }
}
