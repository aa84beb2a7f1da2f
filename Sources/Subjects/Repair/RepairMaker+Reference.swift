// SPDX-License-Identifier: GPL-2.0-only

/// Pieces of the reference's text in place of the subject's.
extension RepairMaker {
  /// The most that a piece of the reference costs: it is what the author meant, however long it is.
  private static let most = 4
  /// The names of types and the like, which say nothing about a statement.
  private static let common: Set<String> = ["if", "return", "else", "unsigned", "long", "NULL"]

  mutating func takeExpressions() {
    for condition in conditions {
      let slots = [condition] + condition.operands
      for slot in slots where !slot.range.isEmpty {
        for new in material.conditions {
          replace(slot.range, Self.isCall(new) ? new : "( \(new) )", atMost: Self.most)
          replace(slot.range, "! ( \(new) )", atMost: Self.most)
        }
      }
    }
    for call in statements.flatMap(\.expressions).flatMap(\.calls) {
      for (place, argument) in call.arguments.enumerated() where !argument.isEmpty {
        for new in material.arguments[call.name]?[place] ?? [] {
          replace(argument, new, atMost: Self.most)
        }
      }
      for new in material.calls[call.name] ?? [] { replace(call.range, new, atMost: Self.most) }
    }
    for (target, value) in values {
      for one in material.values where isLike(target, one.target) {
        // The same name, or one of its kind.
        let isSame = target == one.target
        replace(value, one.text, penalty: isSame ? 0 : 1, atMost: Self.most)
      }
      for new in material.calls.sorted(by: { $0.key < $1.key }).flatMap(\.value) {
        replace(value, new, penalty: 2, atMost: Self.most)
      }
    }
  }

  /// Whether a text is one call, which needs no parentheses around it.
  private static func isCall(_ text: String) -> Bool {
    var words = text.split(separator: " ")
    guard words.count > 3, words[1] == "(", words.removeLast() == ")" else { return false }
    var depth = 1
    return words.dropFirst(2).allSatisfy { word in
      if word == "(" { depth += 1 }
      if word == ")" { depth -= 1 }
      return depth > 0
    }
  }

  /// Whether a value of the reference's variable may belong into the subject's. The compiler knows better, but there
  /// are many.
  private func isLike(_ own: String, _ other: String) -> Bool {
    guard let mine = variables.all.first(where: { $0.name == own }) else { return true }
    guard let theirs = variables.all.first(where: { $0.name == other }) else { return true }
    return mine.isLike(theirs)
  }

  /// What is assigned to what.
  private var values: [(target: String, value: Range<Int>)] {
    statements.flatMap { statement -> [(target: String, value: Range<Int>)] in
      switch statement.kind {
      case .expression(let expression): assigned(expression.range)
      case .loop(let loop, _): loop.step.map { assigned($0.range) } ?? []
      case .declaration(let declarators):
        declarators.compactMap { one in
          guard let name = one.name, let initial = one.initial, !initial.range.isEmpty else {
            return nil
          }
          return (target: name, value: initial.range)
        }
      default: []
      }
    }
  }

  private func assigned(_ range: Range<Int>) -> [(target: String, value: Range<Int>)] {
    guard let equals = function.assignment(in: range), equals + 1 < range.upperBound else {
      return []
    }
    return [
      (target: text(range.lowerBound..<equals), value: (equals + 1)..<range.upperBound)
    ]
  }

  mutating func takeStatements() {
    for new in material.statements {
      for gap in gaps { insert(new, before: gap, cost: lacks(new) ? 4 : 8) }
      for statement in statements {
        guard case .expression = statement.kind else { continue }
        replace(statement.range, new, penalty: lacks(new) ? 0 : 3, atMost: Self.most)
      }
    }
    for condition in material.conditions {
      for statement in statements where isMovable(statement) {
        for new in [condition, "! ( \(condition) )"] {
          replace(
            statement.range, "if ( \(new) ) { \(text(statement.range)) }", penalty: 2,
            atMost: Self.most)
        }
      }
    }
  }

  /// Whether the reference's function calls something in a statement more often than the subject's does.
  private func lacks(_ statement: String) -> Bool {
    let words = statement.split(separator: " ").map(String.init)
    return zip(words, words.dropFirst()).contains { word, next in
      next == "(" && !Self.common.contains(word)
        && material.uses[word, default: 0] > uses[word, default: 0]
    }
  }
}
