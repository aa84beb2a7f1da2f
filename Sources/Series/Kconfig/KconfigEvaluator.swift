// SPDX-License-Identifier: GPL-2.0-only

/// Values of symbols, given what a user asked for.
///
/// By the rules of the language: a user's wish counts as far as a prompt is visible, a default else;
/// `imply` raises what its dependencies allow, `select` whatever they say.
final class KconfigEvaluator {
  /// Deeper than symbols of any kernel hang on one another.
  private static let depthLimit = 200

  private let model: KconfigModel
  private let wishes: [Int: Tristate]
  private let modules: Int?
  private var values: [Int: Tristate] = [:]
  private var visibilities: [Int: Tristate] = [:]
  private var modes: [Int: Tristate] = [:]
  private var selections: [Int: Int?] = [:]
  /// What is being worked out, the outermost first.
  private var underWay: [Question] = []
  private var isUnderWay: Set<Question> = []

  private enum Question: Hashable {
    case value(Int)
    case mode(Int)
    case selection(Int)
    case text(Int)
  }

  /// - Parameters:
  ///   - wishes: what the user asks for, by name; `y` for a member of a choice chooses it.
  ///   - given: values that are not asked about, by name.
  init(_ model: KconfigModel, wishes: [String: Tristate], given: [String: Tristate] = [:]) {
    self.model = model
    var numbers: [Int: Tristate] = [:]
    for (name, value) in wishes {
      guard let number = model.number(named: name) else { continue }
      // Of a bool, m is no answer.
      if value == .module, model.symbols[number].type != .tristate { continue }
      numbers[number] = value
    }
    self.wishes = numbers
    modules = model.number(named: KconfigReader.modules)
    for (name, value) in given {
      if let number = model.number(named: name) { values[number] = value }
    }
  }

  /// The value of a symbol; `n` for one that nothing defines.
  ///
  /// - Throws: for symbols that hang on themselves, and chains longer than any kernel's.
  func value(of name: String) throws(KconfigError) -> Tristate {
    try model.number(named: name).map { number throws(KconfigError) in try value(number) } ?? .no
  }

  /// Whether all that an expression of a symbol's definitions depends on holds.
  func dependency(of name: String) throws(KconfigError) -> Tristate {
    guard let number = model.number(named: name) else { return .no }
    return try any(model.symbols[number].dependencies)
  }

  /// Whether a prompt for it is shown, and up to which value.
  func visibility(of name: String) throws(KconfigError) -> Tristate {
    try model.number(named: name).map { number throws(KconfigError) in
      try visibility(number)
    } ?? .no
  }

  private func working<Result>(
    _ question: Question, _ body: () throws(KconfigError) -> Result
  ) throws(KconfigError) -> Result {
    guard isUnderWay.insert(question).inserted else {
      throw KconfigError(place(of: question) + " hangs on itself")
    }
    underWay.append(question)
    defer {
      underWay.removeLast()
      isUnderWay.remove(question)
    }
    guard underWay.count <= Self.depthLimit else {
      throw KconfigError(
        place(of: question) + " hangs on a chain of more than \(Self.depthLimit) symbols")
    }
    return try body()
  }

  private func place(of question: Question) -> String {
    switch question {
    case .value(let number), .text(let number):
      let symbol = model.symbols[number]
      return (symbol.places.first.map { "\($0): " } ?? "") + symbol.name
    case .mode(let choice), .selection(let choice):
      let member = model.choices[choice].members.first.map { model.symbols[$0] }
      return (member?.places.first.map { "\($0): " } ?? "")
        + "the choice of \(member?.name ?? "nothing")"
    }
  }

  private var hasModules: Bool {
    get throws(KconfigError) {
      guard let modules else { return false }
      return try value(modules) != .no
    }
  }

  /// A tristate is a bool where nothing is built as a module.
  private func isTristate(_ number: Int) throws(KconfigError) -> Bool {
    let symbol = model.symbols[number]
    guard symbol.type == .tristate else { return false }
    if let choice = symbol.choice, try mode(choice) == .yes { return false }
    return try hasModules
  }

  private func value(_ number: Int) throws(KconfigError) -> Tristate {
    if let known = values[number] { return known }
    let symbol = model.symbols[number]
    guard symbol.type == .bool || symbol.type == .tristate else {
      values[number] = .no
      return .no
    }
    let value = try working(.value(number)) { () throws(KconfigError) in
      if let choice = symbol.choice { return try memberValue(number, of: choice) }
      var value = try ownValue(number, symbol)
      let selected = try reverse(symbol.selectedBy)
      value = max(value, selected)
      if value == .module {
        let isBool = try !isTristate(number)
        let isImplied = try reverse(symbol.impliedBy) == .yes
        if isBool || isImplied { value = .yes }
      }
      return value
    }
    values[number] = value
    return value
  }

  private func ownValue(_ number: Int, _ symbol: KconfigModel.Symbol) throws(KconfigError)
    -> Tristate
  {
    let visible = try visibility(number)
    if visible > .no, let wish = wishes[number] { return min(wish, visible) }
    var value = Tristate.no
    for candidate in symbol.defaults {
      let condition = try evaluate(candidate.condition)
      guard condition > .no else { continue }
      value = min(try evaluate(candidate.value), condition)
      break
    }
    let implied = try reverse(symbol.impliedBy)
    if implied > .no, try any(symbol.dependencies) > .no { value = max(value, implied) }
    return value
  }

  private func memberValue(_ number: Int, of choice: Int) throws(KconfigError) -> Tristate {
    let visible = try visibility(number)
    if visible == .yes { return try selection(choice) == number ? .yes : .no }
    return visible == .module && wishes[number] ?? .no > .no ? .module : .no
  }

  private func reverse(
    _ dependencies: [KconfigModel.ReverseDependency]
  ) throws(KconfigError) -> Tristate {
    var highest = Tristate.no
    for dependency in dependencies {
      let condition = try evaluate(dependency.condition)
      guard condition > highest else { continue }
      highest = max(highest, min(condition, try value(dependency.by)))
    }
    return highest
  }

  private func visibility(_ number: Int) throws(KconfigError) -> Tristate {
    if let known = visibilities[number] { return known }
    let symbol = model.symbols[number]
    var visible = try any(symbol.prompts.map(\.condition))
    if let choice = symbol.choice {
      let mode = try mode(choice)
      if model.choices[choice].type == .tristate, symbol.type != .tristate, mode != .yes {
        visible = .no
      } else if symbol.type == .tristate, visible == .module, mode == .yes {
        visible = .no
      }
      visible = min(visible, try choiceVisibility(choice))
    }
    if visible == .module, try !isTristate(number) { visible = .yes }
    visibilities[number] = visible
    return visible
  }

  private func choiceVisibility(_ choice: Int) throws(KconfigError) -> Tristate {
    let visible = try any(model.choices[choice].prompts.map(\.condition))
    if visible == .module {
      let hasModules = try self.hasModules
      return model.choices[choice].type == .tristate && hasModules ? .module : .yes
    }
    return visible
  }

  private func mode(_ choice: Int) throws(KconfigError) -> Tristate {
    if let known = modes[choice] { return known }
    let mode = try working(.mode(choice)) { () throws(KconfigError) in
      let wished = model.choices[choice].members.contains { wishes[$0] == .yes }
      let least: Tristate = wished ? .yes : model.choices[choice].isOptional ? .no : .module
      var mode = min(least, try choiceVisibility(choice))
      if mode == .module {
        let hasModules = try self.hasModules
        if model.choices[choice].type != .tristate || !hasModules { mode = .yes }
      }
      return mode
    }
    modes[choice] = mode
    return mode
  }

  /// The member that is chosen, when exactly one is.
  private func selection(_ choice: Int) throws(KconfigError) -> Int? {
    if let known = selections[choice] { return known }
    let found = try working(.selection(choice)) { () throws(KconfigError) -> Int? in
      guard try mode(choice) == .yes else { return nil }
      for member in model.choices[choice].members
      where wishes[member] == .yes {
        if try visibility(member) == .yes { return member }
      }
      for candidate in model.choices[choice].defaults {
        guard case .symbol(let member)? = candidate.operand,
          try evaluate(candidate.condition) > .no, try visibility(member) > .no
        else { continue }
        return member
      }
      for member in model.choices[choice].members {
        if try visibility(member) > .no { return member }
      }
      return nil
    }
    selections[choice] = .some(found)
    return found
  }

  private func any(_ expressions: [KconfigExpression]) throws(KconfigError) -> Tristate {
    var highest = Tristate.no
    for expression in expressions {
      highest = max(highest, try evaluate(expression))
      if highest == .yes { break }
    }
    return highest
  }

  private func evaluate(_ expression: KconfigExpression) throws(KconfigError) -> Tristate {
    switch expression {
    case .constant(let value): return value
    case .symbol(let number): return try value(number)
    case .choice(let number): return try mode(number)
    case .not(let inner): return try evaluate(inner).inverse
    case .all(let parts):
      var lowest = Tristate.yes
      for part in parts {
        lowest = min(lowest, try evaluate(part))
        if lowest == .no { break }
      }
      return lowest
    case .any(let parts): return try any(parts)
    case .comparison(let kind, let left, let right):
      return try holds(kind, left, right) ? .yes : .no
    }
  }
}

extension KconfigEvaluator {
  /// Both sides as numbers where both are, else as texts.
  private func holds(
    _ kind: KconfigExpression.Comparison, _ left: KconfigOperand, _ right: KconfigOperand
  ) throws(KconfigError) -> Bool {
    let (first, second) = (try text(left), try text(right))
    let order: Int
    if !(isText(left) && isText(right)), let first = number(left, first),
      let second = number(right, second)
    {
      order = first == second ? 0 : first < second ? -1 : 1
    } else {
      order =
        first == second
        ? 0 : first.utf8.lexicographicallyPrecedes(second.utf8) ? -1 : 1
    }
    switch kind {
    case .equal: return order == 0
    case .different: return order != 0
    case .less: return order < 0
    case .lessOrEqual: return order <= 0
    case .greater: return order > 0
    case .greaterOrEqual: return order >= 0
    }
  }

  private func isText(_ operand: KconfigOperand) -> Bool {
    guard case .symbol(let number) = operand else { return false }
    return model.symbols[number].type == .string
  }

  private func number(_ operand: KconfigOperand, _ text: String) -> Int? {
    if let value = Tristate(letter: text), isTruth(operand) { return Int(value.rawValue) }
    if text.hasPrefix("0x") || text.hasPrefix("0X") { return Int(text.dropFirst(2), radix: 16) }
    return Int(text)
  }

  private func isTruth(_ operand: KconfigOperand) -> Bool {
    guard case .symbol(let number) = operand else { return true }
    return [.bool, .tristate].contains(model.symbols[number].type)
  }

  /// What a side of a comparison stands for: a symbol that nothing defines stands for its name.
  private func text(_ operand: KconfigOperand) throws(KconfigError) -> String {
    guard case .symbol(let number) = operand else {
      if case .literal(let text) = operand { return text }
      return ""
    }
    let symbol = model.symbols[number]
    switch symbol.type {
    case .bool, .tristate: return try value(number).letter
    case .unknown: return symbol.places.isEmpty ? symbol.name : ""
    case .string, .int, .hex:
      return try working(.text(number)) { () throws(KconfigError) in
        for candidate in symbol.defaults {
          guard try evaluate(candidate.condition) > .no else { continue }
          return try candidate.operand.map { operand throws(KconfigError) in
            try text(operand)
          } ?? ""
        }
        return ""
      }
    }
  }
}
