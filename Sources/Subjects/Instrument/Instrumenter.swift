// SPDX-License-Identifier: GPL-2.0-only

/// Puts marks into the text of one function: a call of `mhp_mark` before each statement, and `mhp_outcome`
/// around each condition (`mhp/coverage.h`). Line numbers stay the same, and so do the computations and their
/// order. If the text does not prove this, the function stays without marks.
struct Instrumenter {
  /// The reason why a function stays without marks.
  struct Refusal: Error {
    var reason: String
  }

  let function: FunctionStructure
  let unit: [UInt8]
  /// The number of the next mark.
  var next: Int
  var insertions: Insertions
  private var placed: [(place: Int, point: CoveragePoint)] = []
  /// The sides of the choices around the current statement.
  var sides: [CoveragePoint.Side] = []
  /// The token ranges of expressions that the compiler needs as constants.
  let constants: [Range<Int>]

  init(_ function: FunctionStructure, unit: [UInt8], next: Int, insertions: Insertions) {
    self.function = function
    self.unit = unit
    self.next = next
    self.insertions = insertions
    constants = ConstantPlaces.ranges(in: function.tokens)
  }

  mutating func instrument() throws(Refusal) {
    guard case .block(let statements) = function.body.kind else {
      throw Refusal(reason: reason(of: function.body) ?? "it has no body")
    }
    guard !function.tokens.contains(where: { $0.text == "__label__" }) else {
      throw Refusal(reason: "it declares labels")
    }
    let brace = function.body.range.lowerBound
    wrap(brace..<(brace + 1), "", " \(mark(.entry, at: 0, "`\(function.name)`"))")
    try block(statements)
  }

  /// The points, in the order of the text.
  var points: [CoveragePoint] {
    placed.sorted { ($0.place, $0.point.mark) < ($1.place, $1.point.mark) }.map(\.point)
  }

  private func reason(of statement: Statement) -> String? {
    if case .opaque(let reason) = statement.kind { reason } else { nil }
  }

  // MARK: - Points

  /// Adds a point at a place in the tokens, and returns the call that marks it.
  mutating func mark(_ kind: CoveragePoint.Kind, at place: Int, _ text: String) -> String {
    add(kind, next, at: place, text)
    defer { next += 1 }
    return "mhp_mark(\(next));"
  }

  mutating func add(
    _ kind: CoveragePoint.Kind, _ mark: Int, at place: Int, _ text: String, choice: Int? = nil
  ) {
    let position = function.tokens[place].position
    let point = CoveragePoint(
      kind: kind, mark: mark,
      line: CoverageLine(file: position.displayName, number: position.line), text: text,
      choice: choice, sides: sides)
    placed.append((place, point))
  }

  mutating func wrap(_ range: Range<Int>, _ opening: String, _ closing: String) {
    insertions.wrap(function.unitRange(range), opening, closing)
  }

  /// The text of a range, with single blanks, truncated if it is long.
  func text(_ range: Range<Int>) -> String {
    guard !range.isEmpty else { return "" }
    let all = String(decoding: unit[function.unitRange(range)].prefix(400), as: UTF8.self)
    let words = all.split { $0.isWhitespace || $0 == "\\" }.joined(separator: " ")
    return words.count > 60 ? words.prefix(57) + "..." : words
  }

  // MARK: - Statements

  /// Marks the statements of a block. A mark before the last one does not change the value of `({ ... })`.
  mutating func block(_ statements: [Statement]) throws(Refusal) {
    for statement in statements { try inBlock(statement) }
  }

  private mutating func inBlock(_ statement: Statement) throws(Refusal) {
    try checkWhole(statement)
    switch statement.kind {
    case .block(let statements): try block(statements)
    case .empty, .opaque: break
    case .label: label(statement)
    case .declaration(let declarators):
      // The compiler evaluates the initial value of a static.
      guard !isStatic(statement), declarators.contains(where: { $0.initial != nil }) else { break }
      prefix(statement)
      try parts(of: statement)
    default:
      prefix(statement)
      try parts(of: statement)
    }
  }

  private mutating func prefix(_ statement: Statement) {
    let mark = mark(.statement, at: statement.range.lowerBound, text(statement.range))
    wrap(statement.range, "\(mark) ", "")
  }

  /// Marks the statement that an `if`, a loop or the like controls.
  mutating func governed(_ statement: Statement) throws(Refusal) {
    try checkWhole(statement)
    switch statement.kind {
    case .block(let statements): try block(statements)
    case .empty: break
    case .label: throw Refusal(reason: "a label stands where one statement is governed")
    case .declaration: throw Refusal(reason: "a declaration stands where one statement is governed")
    case .opaque(let reason): throw Refusal(reason: reason)
    default:
      let mark = mark(.statement, at: statement.range.lowerBound, text(statement.range))
      wrap(statement.range, "{ \(mark) ", " }")
      try parts(of: statement)
    }
  }

  private func isStatic(_ statement: Statement) -> Bool {
    function.tokens[statement.range].contains { ["static", "extern", "typedef"].contains($0.text) }
  }

  /// Throws if a conditional cuts a statement, which may then differ in another configuration.
  private func checkWhole(_ statement: Statement) throws(Refusal) {
    var depth = 0
    for token in function.tokens[statement.range] where token.kind == .directive {
      switch token.text {
      case "#if", "#ifdef", "#ifndef": depth += 1
      case "#endif": depth -= 1
      case "#elif", "#elifdef", "#elifndef", "#else":
        if depth == 0 { depth = -1 }
      default: break
      }
      if depth < 0 { break }
    }
    if depth != 0 { throw Refusal(reason: "a conditional cuts a statement") }
  }

  /// Marks a `case` or `default`. Only a jump reaches the mark, not the statement above that falls through.
  private mutating func label(_ statement: Statement) {
    guard ["case", "default"].contains(function.tokens[statement.range.lowerBound].text) else {
      return
    }
    let mark = mark(
      .branch, at: statement.range.lowerBound, "`\(text(statement.range))`")
    wrap(statement.range, "if (0) { ", " \(mark) }")
  }
}
