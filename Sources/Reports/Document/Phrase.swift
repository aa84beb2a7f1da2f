// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// A piece of text that is said in one voice.
package struct Span: Sendable, Hashable {
  /// Whose words they are.
  package enum Voice: Sendable, Hashable {
    /// Ours: prose, which a printer escapes and may translate.
    case ours
    /// A stranger's, or text to be typed: shown as code, letter by letter.
    case code
  }

  /// The meaning of a piece beside its words: a colour on a terminal, a class on a page.
  package enum Tone: String, Sendable, Hashable { case plain, good, bad, strong, faint }

  package var text: String
  package var voice = Voice.ours
  package var tone = Tone.plain
  /// The id of the section that a page links it to.
  package var target: String?
}

/// A sentence or a part of one, made by string interpolation: `"lacks \(code: commit)"`.
///
/// Literals and arguments stay apart, so that a printer can look up the sentence in another language.
package struct Phrase: Sendable, Hashable, ExpressibleByStringInterpolation {
  package enum Piece: Sendable, Hashable {
    case literal(String)
    case span(Span)
    case phrase(Phrase)
  }

  package var pieces: [Piece] = []

  package init(stringLiteral text: String) {
    if !text.isEmpty { pieces = [.literal(text)] }
  }

  package init(stringInterpolation: StringInterpolation) {
    pieces = stringInterpolation.pieces
  }

  package init(_ span: Span) { pieces = [.span(span)] }

  /// Our own words.
  package init(_ text: String, tone: Span.Tone = .plain) {
    self.init(Span(text: text, tone: tone))
  }

  /// A stranger's words, or text to be typed.
  package init(code text: String, tone: Span.Tone = .plain) {
    self.init(Span(text: text, voice: .code, tone: tone))
  }

  private init(pieces: [Piece]) { self.pieces = pieces }

  package static let empty = Phrase(pieces: [])

  package var isEmpty: Bool { spans.allSatisfy(\.text.isEmpty) }

  /// All pieces in order, phrases within it opened.
  package var spans: [Span] {
    pieces.flatMap { piece -> [Span] in
      switch piece {
      case .literal(let text): [Span(text: text)]
      case .span(let span): [span]
      case .phrase(let phrase): phrase.spans
      }
    }
  }

  /// The words alone.
  package var plain: String { spans.map(\.text).joined() }

  /// The same words in another tone where they have none.
  package func toned(_ tone: Span.Tone) -> Phrase {
    Phrase(
      pieces: spans.map { span in
        var toned = span
        if toned.tone == .plain { toned.tone = tone }
        return .span(toned)
      })
  }

  /// The first letter as a capital, for the start of a sentence, unless it is code.
  package var capitalised: Phrase {
    var pieces = pieces
    switch pieces.first {
    case .literal(let text): pieces[0] = .literal(text.prefix(1).uppercased() + text.dropFirst())
    case .span(var span) where span.voice == .ours:
      span.text = span.text.prefix(1).uppercased() + span.text.dropFirst()
      pieces[0] = .span(span)
    case .phrase(let phrase): pieces[0] = .phrase(phrase.capitalised)
    default: break
    }
    return Phrase(pieces: pieces)
  }

  package static func + (left: Phrase, right: Phrase) -> Phrase {
    Phrase(pieces: left.pieces + right.pieces)
  }

  package struct StringInterpolation: StringInterpolationProtocol {
    var pieces: [Piece] = []

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { pieces.append(.literal(literal)) }
    }

    package mutating func appendInterpolation(_ text: String, tone: Span.Tone = .plain) {
      pieces.append(.span(Span(text: text, tone: tone)))
    }

    package mutating func appendInterpolation(_ number: some BinaryInteger) {
      pieces.append(.span(Span(text: "\(number)")))
    }

    package mutating func appendInterpolation(_ phrase: Phrase) { pieces.append(.phrase(phrase)) }

    /// At most `limit` characters; of a longer text the middle is left out.
    package mutating func appendInterpolation(
      code text: String, atMost limit: Int = 400, tone: Span.Tone = .plain, target: String? = nil
    ) {
      pieces.append(
        .span(
          Span(
            text: Words.shortened(text, to: limit), voice: .code, tone: tone, target: target)))
    }
  }
}

extension [Phrase] {
  /// "A, B and C".
  package var list: Phrase {
    guard count > 1, let last else { return first ?? .empty }
    return dropLast().joined(", ") + " and " + last
  }

  package func joined(_ separator: String) -> Phrase {
    var joined = Phrase.empty
    for (place, phrase) in enumerated() {
      joined = place == 0 ? phrase : joined + Phrase(separator) + phrase
    }
    return joined
  }
}

/// Words that every document needs.
package enum Words {
  /// "1 case", "3 cases".
  package static func count(_ number: some BinaryInteger, _ noun: String) -> Phrase {
    number == 1 ? "\(number) \(noun)" : "\(number) \(noun)s"
  }

  /// Names as code: "a, b and c".
  package static func names(_ names: [String]) -> Phrase {
    names.map { Phrase(code: $0) }.list
  }

  /// Seconds with two decimals.
  package static func seconds(_ seconds: Double) -> String {
    let hundredths = Int((seconds * 100).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }

  static func shortened(_ text: String, to limit: Int) -> String {
    text.utf8.count <= limit ? text : SafeText.shortened(text, to: limit)
  }
}
