// SPDX-License-Identifier: GPL-2.0-only

/// Expressions that the compiler, not a run, gives their value.
enum ConstantPlaces {
  /// Words whose parentheses hold what must be known to the compiler, or what is never evaluated.
  private static let words: Set<String> = [
    "sizeof", "typeof", "__typeof__", "__typeof", "_Alignof", "__alignof__", "_Generic", "offsetof",
    "__builtin_offsetof", "_Static_assert", "static_assert", "compiletime_assert", "BUILD_BUG_ON",
    "BUILD_BUG_ON_MSG", "BUILD_BUG_ON_ZERO", "BUILD_BUG_ON_NOT_POWER_OF_2",
    "BUILD_BUG_ON_INVALID", "__builtin_constant_p", "__builtin_choose_expr",
    "__builtin_types_compatible_p", "__same_type", "__attribute__", "__attribute",
  ]
  /// What the configuration decides.
  private static let questions: Set<String> = [
    "IS_ENABLED", "IS_BUILTIN", "IS_MODULE", "IS_REACHABLE",
  ]

  /// The places within the parentheses behind such words.
  static func ranges(in tokens: [SourceToken]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for place in tokens.indices.dropLast() where words.contains(tokens[place].text) {
      guard tokens[place].kind == .word, tokens[place + 1].text == "(" else { continue }
      var depth = 0
      for end in (place + 1)..<tokens.count where tokens[end].kind == .punctuator {
        if tokens[end].text == "(" { depth += 1 }
        if tokens[end].text == ")" { depth -= 1 }
        if depth == 0 {
          result.append((place + 2)..<max(place + 2, end))
          break
        }
      }
    }
    return result
  }

  /// Whether these are numbers and operators alone.
  static func isLiteral(_ tokens: ArraySlice<SourceToken>) -> Bool {
    tokens.allSatisfy { token in
      switch token.kind {
      case .number, .punctuator, .directive: true
      case .word: token.text == "true" || token.text == "false"
      case .text: false
      }
    }
  }

  /// Whether nothing but numbers and the configuration decides.
  static func isDecided(_ tokens: ArraySlice<SourceToken>) -> Bool {
    var rest = tokens
    while let first = rest.first {
      if questions.contains(first.text), rest.count > 3 {
        // IS_ENABLED ( CONFIG_X )
        rest = rest.dropFirst(4)
      } else if isLiteral([first]) {
        rest = rest.dropFirst()
      } else {
        return false
      }
    }
    return true
  }
}
