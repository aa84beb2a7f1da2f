// SPDX-License-Identifier: GPL-2.0-only

/// A parameter of a function, read from its tokens alone.
struct Parameter: Sendable, Hashable {
  /// The words of its type without qualifiers and attributes, e.g. "struct vmem_altmap".
  let type: String
  let pointers: Int
  let name: String?
  /// The user's tokens, joined with single blanks.
  let spelling: String
  /// The offset of its first token.
  let offset: Int

  private static let integerWords: Set<String> = [
    "unsigned", "signed", "long", "int", "short", "char",
  ]

  init(_ text: SplicedText, _ tokens: [CToken]) {
    var words: [String] = []
    var stars = 0
    for token in tokens {
      if token.isPunctuator("*") || token.isPunctuator("[") { stars += 1 }
      guard token.kind == .identifier else { continue }
      let word = text.string(token)
      if CKeyword.specifiers.contains(word) || CKeyword.attributes.contains(word) { continue }
      words.append(word)
    }
    // `unsigned long x`, `struct s *x`, `u64 x`: the name is the word after the type.
    var typeLength = 0
    if let first = words.first {
      if CKeyword.tagged.contains(first) {
        typeLength = 2
      } else if Self.integerWords.contains(first) {
        typeLength = words.prefix { Self.integerWords.contains($0) }.count
      } else {
        typeLength = 1
      }
    }
    type = words.prefix(typeLength).joined(separator: " ")
    name =
      words.dropFirst(typeLength).first { !$0.hasPrefix("__") }
      ?? words.dropFirst(typeLength).first
    pointers = stars
    spelling = tokens.map { text.string($0) }.joined(separator: " ")
    offset = tokens.first?.start ?? 0
  }

  /// The tokens of each parameter of a list; none for `()`, one whose `isVoid` is true for `(void)`.
  static func split(_ tokens: [CToken]) -> [[CToken]] {
    var result: [[CToken]] = []
    var current: [CToken] = []
    var depth = 0
    for token in tokens {
      switch token.byte {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
      if depth == 0, token.isPunctuator(",") {
        result.append(current)
        current = []
      } else {
        current.append(token)
      }
    }
    if !current.isEmpty { result.append(current) }
    return result
  }

  var isVoid: Bool { type == "void" && pointers == 0 && name == nil }
}
