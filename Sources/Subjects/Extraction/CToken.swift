// SPDX-License-Identifier: GPL-2.0-only

/// A token of a `SplicedText`, as offsets into its bytes.
struct CToken: Sendable, Hashable {
  enum Kind: UInt8, Sendable { case identifier, number, string, character, punctuator, directive }

  let kind: Kind
  /// For a punctuator: its first byte, with digraphs resolved; `.` also for `->`, `~` for `...`, `<` for
  /// `==`, `!=`, `<=` and `>=`. Otherwise 0.
  let byte: UInt8
  let start: Int
  let end: Int

  func isPunctuator(_ scalar: Unicode.Scalar) -> Bool { byte == UInt8(ascii: scalar) }
}

/// Words that no definition of a subject introduces: keywords of C and common attributes.
enum CKeyword {
  /// Words that make a type by themselves.
  static let types: Set<String> = [
    "void", "char", "short", "int", "long", "float", "double", "signed", "unsigned", "bool",
    "_Bool", "__signed__", "__int128",
  ]
  /// Words that can precede a type.
  static let specifiers: Set<String> = [
    "static", "extern", "inline", "__inline", "__inline__", "const", "volatile", "register",
    "auto", "typedef", "restrict", "_Noreturn", "__extension__", "_Thread_local", "__thread",
  ]
  /// Words that precede a tag.
  static let tagged: Set<String> = ["struct", "union", "enum"]
  /// Words whose parentheses are not a parameter list.
  static let attributes: Set<String> = [
    "__attribute__", "__attribute", "_Alignas", "alignas", "__aligned", "__section", "typeof",
    "__typeof__", "__typeof", "_Atomic", "__declspec", "asm", "__asm", "__asm__",
  ]
  /// Words that start or continue a statement or expression.
  static let statements: Set<String> = [
    "return", "goto", "if", "else", "for", "while", "do", "switch", "case", "default", "break",
    "continue", "sizeof", "_Alignof", "__alignof__", "_Generic", "_Static_assert", "defined",
  ]

  static func isReserved(_ word: String) -> Bool {
    types.contains(word) || specifiers.contains(word) || tagged.contains(word)
      || attributes.contains(word) || statements.contains(word)
  }
}
