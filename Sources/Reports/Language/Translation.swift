// SPDX-License-Identifier: GPL-2.0-only

import CEmbedded
import Engine
import FoundationEssentials

/// The sentences of another language beside the English ones, from a JSON object whose keys are the English
/// sentences with "{}" for arguments.
struct Translation: Sendable {
  private let sentences: [String: Template]
  /// The sentences with arguments, by which a finished text is recognised; those with the most text first.
  private let patterns: [(english: Template, own: Template)]

  /// With fewer letters between its arguments, a sentence recognises only texts whose arguments are numbers or
  /// sentences of the table.
  private static let leastLetters = 7
  /// Arguments within arguments.
  private static let deepest = 4

  static let chinese = Translation(json: String(cString: mhp_embedded_chinese()))

  init(json: String) {
    let table = (try? JSONDecoder().decode([String: String].self, from: Data(json.utf8))) ?? [:]
    self.init(table)
  }

  /// Creates a translation from a table in which "=" stands for a sentence that stays as it is.
  init(_ table: [String: String]) {
    sentences = Dictionary(
      uniqueKeysWithValues: table.map { ($0, Template($1 == "=" ? $0 : $1)) })
    patterns = sentences.filter { $0.key.contains("{}") }
      .map { (english: Template($0.key), own: $0.value) }
      .filter { $0.english.letterCount > 0 }
      .sorted { one, other in
        let (left, right) = (one.english.letterCount, other.english.letterCount)
        return left != right ? left > right : "\(one.english)" < "\(other.english)"
      }
  }

  // MARK: - Text

  /// A finished text in the other language: by its whole, else by the sentence that it was made from.
  func text(_ text: String) -> String { self.text(text, depth: 0) }

  private func text(_ text: String, depth: Int) -> String {
    if let known = sentences[text] { return Self.filled(known, []) }
    guard depth < Self.deepest, text.utf8.count < 4000, text.contains(where: \.isLetter) else {
      return text
    }
    if let list = Self.list(text) { return list }
    for pattern in patterns {
      guard let arguments = pattern.english.arguments(of: text),
        pattern.english.letterCount >= Self.leastLetters
          || arguments.allSatisfy({ Self.isNumber($0) || sentences[String($0)] != nil })
      else { continue }
      let quoted = pattern.english.quoted
      let parts = arguments.enumerated().map { place, argument -> ChineseSpacing.Part in
        let argument = String(argument)
        let own = quoted.contains(place) ? argument : self.text(argument, depth: depth + 1)
        return ChineseSpacing.Part(text: own, isFixed: own == argument)
      }
      return Self.filled(pattern.own, parts)
    }
    return text
  }

  private static func isNumber(_ text: Substring) -> Bool {
    if text.hasPrefix("0x") { return text.dropFirst(2).allSatisfy(\.isHexDigit) }
    return !text.isEmpty && text.allSatisfy { ("0"..."9").contains($0) || $0 == "." }
  }

  /// A list of names, such as "sv39, sv48 and sv57", with the marks that Chinese has between the names of a list;
  /// nil for any other text.
  private static func list(_ text: String) -> String? {
    var names = text.split(separator: ", ", omittingEmptySubsequences: false)
    let end = names.removeLast().split(separator: " and ", omittingEmptySubsequences: false)
    names += end
    guard names.count > 1, end.count < 3, names.allSatisfy(isName) else { return nil }
    guard end.count == 2 else { return names.joined(separator: "、") }
    return "\(names.dropLast().joined(separator: "、")) 和 \(end[1])"
  }

  private static func isName(_ text: Substring) -> Bool {
    !text.isEmpty
      && text.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || "_-'./@".contains($0))
      }
  }

  private static func filled(_ template: Template, _ arguments: [ChineseSpacing.Part]) -> String {
    let parts = template.pieces.compactMap { piece -> ChineseSpacing.Part? in
      switch piece {
      case .literal(let text): ChineseSpacing.Part(text: text, isFixed: false)
      case .argument(let number): number < arguments.count ? arguments[number] : nil
      }
    }
    return ChineseSpacing.spaced(parts).joined()
  }

  // MARK: - Phrases

  /// The phrase in the other language. Its parts are put together last, as only neighbours show which blanks a
  /// sentence needs.
  func phrase(_ phrase: Phrase) -> Phrase {
    let spans = translated(phrase).spans
    let texts = ChineseSpacing.spaced(
      spans.map { ChineseSpacing.Part(text: $0.text, isFixed: $0.voice != .ours) })
    return Phrase.empty.with(
      zip(spans, texts).map { span, text -> Phrase.Piece in
        var span = span
        span.text = text
        return .span(span)
      })
  }

  private func translated(_ phrase: Phrase) -> Phrase {
    var arguments: [Phrase.Piece] = []
    for piece in phrase.pieces {
      switch piece {
      case .literal: continue
      case .span(let span): arguments.append(.span(self.span(span)))
      case .phrase(let inner): arguments.append(.phrase(translated(inner)))
      }
    }
    if let known = sentences[phrase.key] {
      return phrase.with(
        known.pieces.compactMap { piece in
          switch piece {
          case .literal(let text): .literal(text)
          case .argument(let number): number < arguments.count ? arguments[number] : nil
          }
        })
    }
    var next = arguments.makeIterator()
    return phrase.with(
      phrase.pieces.compactMap { piece in
        if case .literal(let text) = piece { return .literal(self.text(text)) }
        return next.next()
      })
  }

  /// Our own text is translated; a stranger's only where it is, word for word, a sentence of ours, such as the
  /// purpose of a case.
  private func span(_ span: Span) -> Span {
    var span = span
    switch span.voice {
    // Verdicts are words of the program, as in JSON.
    case .ours: if Verdict(rawValue: span.text) == nil { span.text = text(span.text) }
    case .code, .sentence:
      if span.text.contains(" "), let known = sentences[span.text] {
        span.text = Self.filled(known, [])
      }
    }
    return span
  }
}
