// SPDX-License-Identifier: GPL-2.0-only

/// Expressions that the compiler evaluates, not a run.
enum ConstantPlaces {
  /// Words whose parentheses contain a constant expression, or one that nothing evaluates.
  private static let words: Set<String> = [
    "sizeof", "typeof", "__typeof__", "__typeof", "_Alignof", "__alignof__", "_Generic", "offsetof",
    "__builtin_offsetof", "_Static_assert", "static_assert", "compiletime_assert", "BUILD_BUG_ON",
    "BUILD_BUG_ON_MSG", "BUILD_BUG_ON_ZERO", "BUILD_BUG_ON_NOT_POWER_OF_2",
    "BUILD_BUG_ON_INVALID", "__builtin_constant_p", "__builtin_choose_expr",
    "__builtin_types_compatible_p", "__same_type", "__attribute__", "__attribute",
  ]
  /// The token ranges between the parentheses after such words.
  static func ranges(in tokens: [SourceToken]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for place in tokens.indices.dropLast() where words.contains(tokens[place].text) {
      // A place inside a range that was found already needs no range of its own.
      guard place >= result.last?.upperBound ?? 0, tokens[place].kind == .word,
        tokens[place + 1].text == "("
      else { continue }
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
}
