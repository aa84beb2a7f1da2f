// SPDX-License-Identifier: GPL-2.0-only

/// Slips of one token, and of an operand too many.
extension RepairMaker {
  private static let comparisons = ["<", "<=", ">", ">=", "==", "!="]
  private static let opposites = [
    "+": "-", "-": "+", "*": "/", "/": "*", "<<": ">>", ">>": "<<", "&": "|", "|": "&",
    "++": "--", "--": "++", "+=": "-=", "-=": "+=", "<<=": ">>=", ">>=": "<<=", "&=": "|=",
    "|=": "&=", "&&": "||", "||": "&&",
  ]
  /// Operators whose operand a slip may have added.
  private static let binary: Set<String> = ["+", "-", "*", "/", "%", "<<", ">>", "&", "|", "^"]
  /// The operators that have another meaning before an operand.
  private static let ambiguous: Set<String> = ["+", "-", "*", "&"]
  /// What says the opposite of the same entry.
  private static let contraries = ["_none": "_present", "_present": "_none"]

  mutating func undoTokens() {
    for place in places {
      let here = place..<(place + 1)
      let old = token(place).text
      switch token(place).kind {
      case .punctuator:
        if Self.comparisons.contains(old) {
          for new in Self.comparisons where new != old { replace(here, new) }
        } else if let new = Self.opposites[old],
          !Self.ambiguous.contains(old) || isBinary(place)
        {
          replace(here, new)
        }
      case .number:
        for new in ["0", "1", "( \(old) - 1 )", "( \(old) + 1 )"] where new != old {
          replace(here, new, atMost: 3)
        }
        // An index or a count that should have been a variable.
        for variable in variables.all where variable.isInteger && variable.type != "bool" {
          replace(here, variable.name, penalty: 2)
        }
      case .word: undoName(place)
      default: break
      }
    }
  }

  private mutating func undoName(_ place: Int) {
    let here = place..<(place + 1)
    let old = token(place).text
    guard function.isPlain(place) else { return }
    if old == "true" { replace(here, "false") }
    if old == "false" { replace(here, "true") }
    if let variable = variables.all.first(where: { $0.name == old }) {
      for other in variables.all where other.name != old && isExchangeable(other, variable) {
        replace(here, other.name)
      }
      return
    }
    for new in KernelNames.twins(of: old) { replace(here, new) }
    for (end, other) in Self.contraries where old.hasSuffix(end) {
      replace(here, "! \(old.dropLast(end.count))\(other)", atMost: 3)
    }
    if ["NULL", "true", "false"].contains(old) {
      for variable in variables.all { replace(here, variable.name) }
    }
  }

  private func isExchangeable(
    _ one: LocalVariables.Variable, _ other: LocalVariables.Variable
  ) -> Bool {
    one.type == other.type
      || one.isInteger && other.isInteger && one.type != "bool" && other.type != "bool"
  }

  /// Whether an operator has an operand on both sides; `(pte_t *)x` has none.
  private func isBinary(_ place: Int) -> Bool {
    guard place > 0, place + 1 < function.tokens.count else { return false }
    let (before, after) = (token(place - 1), token(place + 1))
    let isOperand =
      before.kind == .word || before.kind == .number || before.text == ")" || before.text == "]"
    let isType = token(place).text == "*" && (after.text == ")" || after.text == "*")
    return isOperand && before.text != "return" && !isType
  }

  /// Removes an operator with the operand behind it, or with the one before it.
  mutating func undoOperands() {
    for place in places
    where token(place).kind == .punctuator && Self.binary.contains(token(place).text) {
      guard isBinary(place) else { continue }
      if let end = operandEnd(from: place + 1) { replace(place..<end, "") }
      if let start = operandStart(before: place) { replace(start..<(place + 1), "", penalty: 1) }
    }
    for call in statements.flatMap(\.expressions).flatMap(\.calls) {
      for argument in call.arguments where !argument.isEmpty {
        let old = text(argument)
        let isLiteral = argument.count == 1 && token(argument.lowerBound).kind != .word
        guard !isLiteral else { continue }
        replace(argument, "( \(old) ) + 1", penalty: 4)
        replace(argument, "( \(old) ) - 1", penalty: 4)
        if argument.count == 1, variables.all.contains(where: { $0.name == old }) {
          replace(argument, "\(old) ++", penalty: 4)
        }
      }
      for (one, other) in zip(call.arguments, call.arguments.dropFirst()) {
        guard !one.isEmpty, !other.isEmpty else { continue }
        replace(
          one.lowerBound..<other.upperBound, "\(text(other)) , \(text(one))", penalty: 1,
          atMost: 4)
      }
    }
  }

  /// The end of the operand that begins at a place.
  private func operandEnd(from start: Int) -> Int? {
    var place = start
    let count = function.tokens.count
    while place < count, ["!", "~", "-", "+", "*", "&"].contains(token(place).text) { place += 1 }
    guard place < count else { return nil }
    if token(place).is("("), let end = partners[place] {
      place = end + 1
    } else if token(place).kind == .word || token(place).kind == .number {
      place += 1
    } else {
      return nil
    }
    while place < count {
      if token(place).is("(") || token(place).is("["), let end = partners[place] {
        place = end + 1
      } else if token(place).is(".") || token(place).is("->"), place + 1 < count {
        place += 2
      } else {
        break
      }
    }
    return place
  }

  /// The start of the operand that ends before a place.
  private func operandStart(before end: Int) -> Int? {
    var place = end - 1
    guard place > 0 else { return nil }
    if token(place).is(")") || token(place).is("]"), let start = partners[place] {
      place = start
      if place > 0, token(place - 1).kind == .word, !CKeyword.isReserved(token(place - 1).text) {
        place -= 1
      }
      return place
    }
    guard token(place).kind == .word || token(place).kind == .number else { return nil }
    while place > 1, token(place - 1).is(".") || token(place - 1).is("->"),
      token(place - 2).kind == .word
    {
      place -= 2
    }
    return place
  }
}
