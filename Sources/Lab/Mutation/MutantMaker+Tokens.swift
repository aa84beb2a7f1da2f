// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// Mistakes of one token.
extension MutantMaker {
  private static let comparisons: KeyValuePairs = [
    "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne",
  ]
  /// Operators between two operands, or behind one.
  private static let opposites = [
    "+": "-", "-": "+", "*": "/", "/": "*", "%": "/", "<<": ">>", ">>": "<<", "&": "|", "|": "&",
    "^": "&", "++": "--", "--": "++", "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "<<=": ">>=",
    ">>=": "<<=", "&=": "|=", "|=": "&=",
  ]
  /// The operators of these that have another meaning before an operand.
  private static let ambiguous: Set<String> = ["+", "-", "*", "&"]

  mutating func changeOperators() {
    for place in places where token(place).kind == .punctuator {
      let here = place..<(place + 1)
      let old = token(place).text
      if Self.comparisons.contains(where: { $0.key == old }) {
        for (new, variant) in Self.comparisons where new != old {
          add(.comparison, at: here, variant: variant, new)
        }
      } else if let new = Self.opposites[old] {
        guard !Self.ambiguous.contains(old) || isBinary(place) else { continue }
        add(.arithmetic, at: here, new)
      } else if old == "~" || old == "!" {
        add(.arithmetic, at: here, "")
      }
    }
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

  mutating func changeConstants() {
    for place in places {
      let here = place..<(place + 1)
      let old = token(place).text
      switch (token(place).kind, old) {
      case (.word, "true"): add(.constant, at: here, variant: "false", "false")
      case (.word, "false"): add(.constant, at: here, variant: "true", "true")
      case (.number, _):
        if old.prefix(while: \.isNumber) != "0" || old.hasPrefix("0x") {
          add(.constant, at: here, variant: "zero", "0")
        }
        add(.constant, at: here, variant: "more", "(\(old) + 1)")
        add(.constant, at: here, variant: "less", "(\(old) - 1)")
      default: break
      }
    }
  }

  mutating func changeNames() {
    for place in places where token(place).kind == .word {
      let old = token(place).text
      // The name of a member is not the name of a macro.
      if place > 0, [".", "->"].contains(token(place - 1).text) { continue }
      for new in KernelNames.twins(of: old) {
        add(.name, at: place..<(place + 1), variant: new, new)
      }
    }
  }
}
