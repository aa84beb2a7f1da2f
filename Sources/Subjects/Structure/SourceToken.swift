// SPDX-License-Identifier: GPL-2.0-only

/// A line of the user's own file.
public struct SourcePosition: Sendable, Hashable {
  /// The user's own file, as diagnostics name it.
  public let displayName: String
  /// The line number, from 1.
  public let line: Int
}

/// A token of a function, as the compiler reads it.
public struct SourceToken: Sendable, Hashable {
  /// The kind of a token, according to its spelling. A `word` is a keyword or an identifier, a `text` a
  /// string or character literal, a `directive` a whole line for the preprocessor.
  public enum Kind: Sendable, Hashable { case word, number, text, punctuator, directive }

  public let kind: Kind
  /// The spelling, with digraphs resolved; for a directive only its word, for example "#ifdef".
  public let text: String
  /// Its UTF-8 bytes in `Extraction.unit`.
  public let unitRange: Range<Int>
  /// The place of its start.
  public let position: SourcePosition
  /// For `#if` and `#elif` with 0 or 1: the condition's value.
  var condition: Bool?

  /// Whether it is this punctuator or word.
  func `is`(_ spelling: String) -> Bool { kind != .text && text == spelling }
}
