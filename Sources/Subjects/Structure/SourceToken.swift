// SPDX-License-Identifier: GPL-2.0-only

/// A line of the user's own file.
public struct SourcePosition: Sendable, Hashable {
  /// The user's own file, as diagnostics name it.
  public let displayName: String
  /// From 1.
  public let line: Int
}

/// A token of a function, as the compiler has it.
public struct SourceToken: Sendable, Hashable {
  /// What it is, as far as its spelling tells. A `word` is a keyword or an identifier, a `text` a string
  /// or character literal, a `directive` one for the preprocessor with all of its line.
  public enum Kind: Sendable, Hashable { case word, number, text, punctuator, directive }

  /// What it is.
  public let kind: Kind
  /// Its spelling, digraphs resolved; of a directive only its word, e.g. "#ifdef".
  public let text: String
  /// Its UTF-8 bytes in `Extraction.unit`.
  public let unitRange: Range<Int>
  /// Where it starts.
  public let position: SourcePosition
  /// For `#if 0`, `#if 1` and the like with `#elif`: the condition.
  var condition: Bool?

  /// Whether it is this punctuator or word.
  func `is`(_ spelling: String) -> Bool { kind != .text && text == spelling }
}
