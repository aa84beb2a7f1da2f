// SPDX-License-Identifier: GPL-2.0-only

/// A function of an extraction, taken apart.
///
/// Of conditionals within it all branches are read, one after the other, where each stands by itself;
/// else the first one, and the others are named in `opaque`. Nothing is known of what macros stand for.
public struct FunctionStructure: Sendable {
  /// The C name.
  public let name: String
  /// Which of the functions of that name it is, from 1: a conditional may choose between several.
  public let occurrence: Int
  /// From its first token to its last, directives among them.
  public let tokens: [SourceToken]
  /// The names of its parameters; nil for one whose name cannot be told.
  public let parameters: [String?]
  /// Its body, a block; or opaque.
  public let body: Statement
  /// What was not read, by places in `tokens`, with the reason.
  public let opaque: [OpaquePart]

  /// A part of a function that was not read.
  public struct OpaquePart: Sendable, Hashable {
    /// Places in the function's tokens.
    public let range: Range<Int>
    /// One phrase.
    public let reason: String
  }

  /// The bytes in `Extraction.unit` of a range of tokens, which must not be empty.
  public func unitRange(_ range: Range<Int>) -> Range<Int> {
    tokens[range.lowerBound].unitRange
      .lowerBound..<tokens[range.upperBound - 1].unitRange.upperBound
  }

  /// The spellings of a range of tokens, with single blanks.
  func spelling(_ range: Range<Int>) -> String {
    tokens[range].map(\.text).joined(separator: " ")
  }
}

extension Extraction {
  /// The functions that came from the subject, of the surface and helpers alike, taken apart, in the
  /// order of the unit. Text that cannot be read is named opaque; it is never an error.
  public func structures() -> [FunctionStructure] {
    let bytes = Array(unit.utf8)
    var occurrences: [String: Int] = [:]
    return spans.map { span in
      occurrences[span.name, default: 0] += 1
      let tokens = FunctionTokens(bytes, span.unitRange).tokens
      return FunctionParser.parse(
        tokens, name: span.name, occurrence: occurrences[span.name] ?? 1)
    }
  }
}
