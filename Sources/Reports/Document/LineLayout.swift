// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// Wraps phrases into lines of a terminal or a mail. No word is broken.
struct LineLayout {
  /// Columns of a line.
  let columns: Int
  let style: TextStyle
  /// Whether a word that is wider than a line loses its middle; a terminal breaks it, and it can be copied.
  var shortensWords = false

  /// The lines of a phrase. The first is indented by `indent`, the others by `hanging`.
  func lines(_ phrase: Phrase, indent: Int = 0, hanging: Int? = nil) -> [String] {
    lines(Self.words(phrase), indent, hanging ?? indent)
  }

  private func lines(_ words: [Word], _ indent: Int, _ hanging: Int) -> [String] {
    var lines: [String] = []
    var line = Self.blanks(indent)
    var width = indent
    var isStart = true
    for word in shortensWords
      ? words.map({ shortened($0, to: columns - max(indent, hanging)) }) : words
    {
      if !isStart, width + 1 + word.width > columns {
        lines.append(line)
        line = Self.blanks(hanging)
        width = hanging
        isStart = true
      }
      line += (isStart ? "" : " ") + coloured(word)
      width += word.width + (isStart ? 0 : 1)
      isStart = false
    }
    return lines + (isStart && !lines.isEmpty ? [] : [line])
  }

  private func shortened(_ word: Word, to limit: Int) -> Word {
    guard word.width > limit else { return word }
    let text = word.parts.map(\.text).joined()
    var end = limit
    var short = SafeText.shortened(text, to: end)
    while Self.width(short) > limit, end > 8 {
      end -= 4
      short = SafeText.shortened(text, to: end)
    }
    return Word(parts: [(short, word.parts.first?.tone ?? .plain)], width: Self.width(short))
  }

  /// The lines of a command. A shell takes them as one, as all but the last end with a backslash.
  func command(_ command: String, indent: Int) -> [String] {
    let narrow = LineLayout(
      columns: columns - 2, style: TextStyle(isColoured: false), shortensWords: shortensWords)
    let words = Self.shellWords(SafeText.line(command)).map {
      Word(parts: [($0, .plain)], width: Self.width($0))
    }
    let lines = narrow.lines(words, indent, indent + 4)
    return lines.enumerated().map { place, line in
      let blanks = String(line.prefix { $0 == " " })
      let text = style.strong(String(line.dropFirst(blanks.count)))
      return blanks + text + (place < lines.count - 1 ? " \\" : "")
    }
  }

  /// The words of a shell's line: a blank between quotation marks ends none.
  private static func shellWords(_ line: String) -> [String] {
    var words: [String] = []
    var word = ""
    var quote: Character?
    var isEscaped = false
    for character in line {
      if character == " ", quote == nil, !isEscaped {
        if !word.isEmpty { words.append(word) }
        word = ""
        continue
      }
      word.append(character)
      if isEscaped {
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      }
    }
    return word.isEmpty ? words : words + [word]
  }

  /// A line as it stands, its end left out where it is wider than the layout.
  func cut(_ line: String) -> String {
    guard Self.width(line) > columns else { return line }
    var cut = line
    while Self.width(cut) >= columns { cut.removeLast() }
    return cut + "\u{2026}"
  }

  /// A text in the colour of its tone.
  func coloured(_ text: String, _ tone: Span.Tone) -> String {
    switch tone {
    case .plain: text
    case .good: style.good(text)
    case .bad: style.bad(text)
    case .strong: style.strong(text)
    case .faint: style.faint(text)
    }
  }

  /// Columns that a text takes: characters of East Asia take two.
  static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 && $1.value != 0x2026 ? 2 : 1) }
  }

  static func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  /// The width of the widest word.
  static func longestWord(_ phrase: Phrase) -> Int { words(phrase).map(\.width).max() ?? 0 }

  private struct Word {
    var parts: [(text: String, tone: Span.Tone)] = []
    var width = 0
  }

  private func coloured(_ word: Word) -> String {
    word.parts.map { coloured($0.text, $0.tone) }.joined()
  }

  /// The words of a phrase; spans without a blank between them make one.
  private static func words(_ phrase: Phrase) -> [Word] {
    var words: [Word] = []
    var word = Word()
    for span in phrase.spans {
      let pieces = SafeText.line(span.text).split(separator: " ", omittingEmptySubsequences: false)
      for (place, piece) in pieces.enumerated() {
        if place > 0, word.width > 0 {
          words.append(word)
          word = Word()
        }
        guard !piece.isEmpty else { continue }
        word.parts.append((String(piece), span.tone))
        word.width += width(String(piece))
      }
    }
    return word.width > 0 ? words + [word] : words
  }
}
