// SPDX-License-Identifier: GPL-2.0-only

/// The reference's text for a function, piece by piece, in the names of the subject's variables: what a slip may
/// have replaced.
struct ReferenceMaterial {
  /// A value that the reference gives to a variable.
  struct Value: Hashable {
    /// The variable, in the reference's names.
    var target: String
    var text: String
  }

  /// Longer statements are not taken as a whole.
  private static let mostTokens = 40

  /// Conditions and their operands.
  private(set) var conditions: [String] = []
  /// The calls, by the name of what is called.
  private(set) var calls: [String: [String]] = [:]
  /// The arguments of the calls by their place, by the name of what is called.
  private(set) var arguments: [String: [Int: [String]]] = [:]
  private(set) var values: [Value] = []
  /// What the function returns.
  private(set) var results: [String] = []
  /// Statements with an effect, with their semicolons.
  private(set) var statements: [String] = []
  /// How often the reference's function names a word.
  private(set) var uses: [String: Int] = [:]

  /// - Parameters:
  ///   - function: the reference's function; nil if it has none of the name.
  ///   - helpers: functions of the reference alone that this one calls.
  ///   - own: the subject's variables.
  init(
    _ function: FunctionStructure?, helpers: [FunctionStructure], for own: LocalVariables
  ) {
    if let function {
      for token in function.tokens where token.kind == .word {
        uses[token.text, default: 0] += 1
      }
      take(Translation(function, for: own, isHelper: false))
    }
    for helper in helpers { take(Translation(helper, for: own, isHelper: true)) }
  }

  private mutating func take(_ names: Translation) {
    for statement in names.function.body.all {
      for expression in statement.expressions where expression.opaque == nil {
        take(expression, names)
      }
      switch statement.kind {
      case .branch(let condition, _, _, _), .doLoop(_, let condition):
        take(condition.condition, names)
      case .loop(let loop, _):
        if let condition = loop.condition { take(condition.condition, names) }
        if let step = loop.step { takeValue(step.range, names) }
      case .expression(let expression): takeValue(expression.range, names)
      case .declaration(let declarators):
        for declarator in declarators {
          guard let name = declarator.name, let initial = declarator.initial else { continue }
          add(names.texts(initial.range).map { Value(target: name, text: $0) }, to: \.values)
        }
      case .exit(let value?) where !names.isHelper:
        add(names.texts(value.range), to: \.results)
      default: break
      }
      if isWhole(statement, names) { add(names.texts(statement.range), to: \.statements) }
    }
  }

  /// Whether a statement can stand elsewhere.
  private func isWhole(_ statement: Statement, _ names: Translation) -> Bool {
    guard statement.range.count <= Self.mostTokens,
      names.function.tokens[statement.range].last?.is(";") == true
    else { return false }
    switch statement.kind {
    case .expression: return true
    case .branch:
      return !names.isHelper
        && statement.all.allSatisfy {
          switch $0.kind {
          case .declaration, .jump, .label, .opaque: false
          default: true
          }
        }
    default: return false
    }
  }

  private mutating func take(_ expression: Expression, _ names: Translation) {
    for call in expression.calls {
      calls[call.name] = Self.joined(calls[call.name] ?? [], names.texts(call.range))
      for (place, argument) in call.arguments.enumerated() where !argument.isEmpty {
        let known = arguments[call.name]?[place] ?? []
        arguments[call.name, default: [:]][place] = Self.joined(known, names.texts(argument))
      }
    }
    for condition in expression.conditions { take(condition, names) }
    for ternary in expression.ternaries { take(ternary.condition, names) }
  }

  private mutating func take(_ condition: Condition, _ names: Translation) {
    for part in [condition] + condition.operands where !part.range.isEmpty {
      add(names.texts(part.range), to: \.conditions)
    }
  }

  private mutating func takeValue(_ range: Range<Int>, _ names: Translation) {
    guard let equals = names.function.assignment(in: range), equals + 1 < range.upperBound else {
      return
    }
    let target = names.function.spelling(range.lowerBound..<equals)
    add(
      names.texts((equals + 1)..<range.upperBound).map { Value(target: target, text: $0) },
      to: \.values)
  }

  private mutating func add<Piece: Hashable>(
    _ found: [Piece], to pieces: WritableKeyPath<ReferenceMaterial, [Piece]>
  ) {
    self[keyPath: pieces] = Self.joined(self[keyPath: pieces], found)
  }

  private static func joined<Piece: Hashable>(_ known: [Piece], _ found: [Piece]) -> [Piece] {
    known + found.filter { !known.contains($0) }
  }
}

/// A function of the reference, in the names of the subject's variables.
private struct Translation {
  /// The most other names that are tried for the variables of a piece.
  private static let mostOthers = 4
  /// How deep a variable's value stands for the variable.
  private static let mostInlined = 2

  let function: FunctionStructure
  let isHelper: Bool
  /// The subject's names for each variable, the most likely first.
  private var names: [String: [String]] = [:]
  /// The initial value of each variable that has one.
  private var initial: [String: Range<Int>] = [:]

  init(_ function: FunctionStructure, for own: LocalVariables, isHelper: Bool) {
    self.function = function
    self.isHelper = isHelper
    let theirs = LocalVariables(function)
    let taken = Set(theirs.all.map(\.name))
    // A helper's names have nothing to do with the subject's.
    let free = isHelper ? own.all : own.all.filter { !taken.contains($0.name) }
    let isSameHeader = !isHelper && theirs.parameters.count == own.parameters.count
    for (place, one) in theirs.all.enumerated() {
      var found: [LocalVariables.Variable] = []
      if isSameHeader, place < own.parameters.count, own.parameters[place].isLike(one) {
        found.append(own.parameters[place])
      }
      if !isHelper { found += own.all.filter { $0.name == one.name && $0.isLike(one) } }
      found += free.filter { $0.type == one.type }
      if found.isEmpty { found = free.filter { $0.isLike(one) } }
      var known: Set<String> = []
      names[one.name] = found.map(\.name).filter { known.insert($0).inserted }
      if let value = one.initial { initial[one.name] = value }
    }
  }

  /// The text of a range of tokens in the subject's names: the most likely one, and some others; none if a variable
  /// has no counterpart.
  func texts(_ range: Range<Int>) -> [String] { texts(range, depth: 0) }

  private func texts(_ range: Range<Int>, depth: Int) -> [String] {
    guard !range.isEmpty, !function.tokens[range].contains(where: { $0.kind == .directive }) else {
      return []
    }
    var likely: [String: String] = [:]
    var others: [(name: String, other: String)] = []
    for place in range where function.isPlain(place) {
      let name = function.tokens[place].text
      guard var choices = names[name], likely[name] == nil else { continue }
      if depth < Self.mostInlined, let value = initial[name], !value.overlaps(range),
        let text = texts(value, depth: depth + 1).first
      {
        choices.append("( \(text) )")
      }
      guard let first = choices.first else { return [] }
      likely[name] = first
      others += choices.dropFirst().map { (name, $0) }
    }
    return [spelling(range, likely)]
      + others.prefix(Self.mostOthers).map { name, other -> String in
        var names = likely
        names[name] = other
        return spelling(range, names)
      }
  }

  private func spelling(_ range: Range<Int>, _ names: [String: String]) -> String {
    range.map { place in
      let text = function.tokens[place].text
      return function.isPlain(place) ? names[text] ?? text : text
    }.joined(separator: " ")
  }
}

extension FunctionStructure {
  /// The place of the `=` of an assignment that is a whole expression; nil if there is none.
  func assignment(in range: Range<Int>) -> Int? {
    var depth = 0
    for place in range where tokens[place].kind == .punctuator {
      if ["(", "[", "{"].contains(tokens[place].text) { depth += 1 }
      if [")", "]", "}"].contains(tokens[place].text) { depth -= 1 }
      if depth == 0, tokens[place].text == "=" { return place }
    }
    return nil
  }
}
