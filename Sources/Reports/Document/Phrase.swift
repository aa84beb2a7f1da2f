// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// A piece of text with one voice and one tone.
package struct Span: Sendable, Hashable {
  /// The origin of the text.
  package enum Voice: Sendable, Hashable {
    /// Our own prose, which a printer escapes and may translate.
    case ours
    /// Untrusted text, or text to type. A printer shows it literally, as code.
    case code
    /// A finished sentence that may quote a stranger. A page shows it as prose, in which backticks enclose code;
    /// Markdown, where it could be markup, as code.
    case sentence
  }

  /// The emphasis of the text: a colour on a terminal, a class on a page.
  package enum Tone: String, Sendable, Hashable { case plain, good, bad, strong, faint }

  package var text: String
  package var voice = Voice.ours
  package var tone = Tone.plain
  /// The id of the section to which a page links the text.
  package var target: String?
}

/// A sentence or a part of one, made by string interpolation, e.g. `"lacks \(code: commit)"`.
///
/// Literals and arguments remain separate, so that a printer can look up a translation of the sentence.
package struct Phrase: Sendable, Hashable, ExpressibleByStringInterpolation {
  package enum Piece: Sendable, Hashable {
    case literal(String)
    case span(Span)
    case phrase(Phrase)
  }

  package var pieces: [Piece] = []
  /// The tone of the spans that have none of their own.
  private var tone = Span.Tone.plain
  /// Whether the phrase begins a sentence.
  private var isCapitalised = false

  package init(stringLiteral text: String) {
    if !text.isEmpty { pieces = [.literal(text)] }
  }

  package init(stringInterpolation: StringInterpolation) {
    pieces = stringInterpolation.pieces
  }

  package init(_ span: Span) { pieces = [.span(span)] }

  /// Creates a phrase of our own text.
  package init(_ text: String, tone: Span.Tone = .plain) {
    self.init(Span(text: text, tone: tone))
  }

  /// Creates a phrase of untrusted text, or of text to type.
  package init(code text: String, tone: Span.Tone = .plain) {
    self.init(Span(text: text, voice: .code, tone: tone))
  }

  private init(pieces: [Piece]) { self.pieces = pieces }

  package static let empty = Phrase(pieces: [])

  package var isEmpty: Bool { spans.allSatisfy(\.text.isEmpty) }

  /// All spans in order, with those of nested phrases.
  package var spans: [Span] {
    var spans = pieces.flatMap { piece -> [Span] in
      switch piece {
      case .literal(let text): [Span(text: text)]
      case .span(let span): [span]
      case .phrase(let phrase): phrase.spans
      }
    }
    if tone != .plain {
      for place in spans.indices where spans[place].tone == .plain { spans[place].tone = tone }
    }
    if isCapitalised, let first = spans.first, first.voice == .ours {
      spans[0].text = first.text.prefix(1).uppercased() + first.text.dropFirst()
    }
    return spans
  }

  /// The text without voices and tones.
  package var plain: String { spans.map(\.text).joined() }

  /// The same text, in which all plain spans get a tone.
  package func toned(_ tone: Span.Tone) -> Phrase {
    var toned = Phrase(pieces: [.phrase(self)])
    toned.tone = tone
    return toned
  }

  /// The phrase with a capital first letter, for the start of a sentence; a phrase that begins with code does
  /// not change.
  package var capitalised: Phrase {
    var phrase = self
    phrase.isCapitalised = true
    return phrase
  }

  package static func + (left: Phrase, right: Phrase) -> Phrase {
    Phrase(pieces: [.phrase(left), .phrase(right)])
  }

  /// Whether the last character is Chinese, so that Chinese punctuation follows.
  var endsInChinese: Bool { plain.unicodeScalars.last.map { $0.value >= 0x3000 } ?? false }

  /// The phrase with a colon, as the label of what follows.
  var asLabel: Phrase {
    let colon: Phrase = endsInChinese ? "\u{ff1a}" : ":"
    return self + colon
  }

  /// The phrase as the label of a value in the same line.
  func labelling(_ value: Phrase) -> Phrase {
    let colon: Phrase = endsInChinese ? "\u{ff1a}" : ": "
    return self + colon + value
  }

  /// The literals, with "{}" for each argument between them: the key of a translation.
  var key: String {
    pieces.map { piece in if case .literal(let text) = piece { text } else { "{}" } }.joined()
  }

  /// The same phrase with other pieces.
  func with(_ pieces: [Piece]) -> Phrase {
    var phrase = self
    phrase.pieces = pieces
    return phrase
  }

  package struct StringInterpolation: StringInterpolationProtocol {
    var pieces: [Piece] = []

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { pieces.append(.literal(literal)) }
    }

    package mutating func appendInterpolation(
      _ text: String, tone: Span.Tone = .plain, target: String? = nil
    ) {
      pieces.append(.span(Span(text: text, tone: tone, target: target)))
    }

    package mutating func appendInterpolation(_ number: some BinaryInteger) {
      pieces.append(.span(Span(text: "\(number)")))
    }

    package mutating func appendInterpolation(_ phrase: Phrase) { pieces.append(.phrase(phrase)) }

    /// Appends code. A text of more than `limit` Unicode scalars loses its middle.
    package mutating func appendInterpolation(
      code text: String, atMost limit: Int = 400, tone: Span.Tone = .plain, target: String? = nil
    ) {
      pieces.append(
        .span(
          Span(
            text: SafeText.shortened(text, to: limit), voice: .code, tone: tone, target: target)))
    }

    /// Appends a finished sentence that may quote a stranger.
    package mutating func appendInterpolation(sentence text: String, atMost limit: Int = 400) {
      pieces.append(.span(Span(text: SafeText.shortened(text, to: limit), voice: .sentence)))
    }
  }
}

extension [Phrase] {
  /// "A, B and C".
  package var list: Phrase {
    guard count > 1, let last else { return first ?? .empty }
    return "\(dropLast().joined(", ")) and \(last)"
  }

  /// "A, B", where A and B are clauses. Another language may divide clauses by another mark than names.
  package var clauses: Phrase {
    dropFirst().reduce(first ?? .empty) { "\($0), \($1)" }
  }

  package func joined(_ separator: String) -> Phrase {
    guard count > 1 else { return first ?? .empty }
    var joined = Phrase.empty
    joined.pieces = enumerated().flatMap { place, phrase -> [Phrase.Piece] in
      place == 0 ? [.phrase(phrase)] : [.phrase(Phrase(separator)), .phrase(phrase)]
    }
    return joined
  }
}

/// Helpers for the text of documents.
package enum Words {
  /// "1 case", "3 cases". It is one text, so that a translation sees number and noun together.
  package static func count(_ number: some BinaryInteger, _ noun: String) -> Phrase {
    Phrase(number == 1 ? "\(number) \(noun)" : "\(number) \(noun)s")
  }

  /// Names as code: "a, b and c".
  package static func names(_ names: [String]) -> Phrase {
    names.map { Phrase(code: $0) }.list
  }

  /// Words of ours: "a, b and c".
  package static func list(_ words: [String]) -> Phrase {
    words.map { Phrase($0) }.list
  }

  package static func decimals(_ number: Double) -> String {
    let hundredths = Int((number * 100).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }
}
