// SPDX-License-Identifier: GPL-2.0-only

/// A parsed function of an extraction.
///
/// It contains all branches of a conditional, one after the other, if each is complete by itself; else only
/// the first one, and `opaque` names the others. Macros are not expanded.
public struct FunctionStructure: Sendable {
  /// The C name.
  public let name: String
  /// The number of the function among those of its name, from 1: a conditional may choose between several.
  public let occurrence: Int
  /// The tokens from the first to the last, including directives.
  public let tokens: [SourceToken]
  /// The names of the parameters; nil for a parameter whose name is unclear.
  public let parameters: [String?]
  /// The body: a block, or opaque.
  public let body: Statement
  /// The parts that were not read, with the reasons.
  public let opaque: [OpaquePart]

  /// A part of a function that was not read.
  public struct OpaquePart: Sendable, Hashable {
    /// The places in the function's tokens.
    public let range: Range<Int>
    /// The reason, in one phrase.
    public let reason: String
    /// Whether no compiler gets it, as with text under `#if 0`: then there is nothing to read.
    public internal(set) var isNeverCompiled = false
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
  /// The parsed functions of the subject, both of the surface and helpers, in the order of the unit.
  /// Unreadable text becomes opaque; it is never an error.
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
