// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// Wraps phrases into lines of a terminal or a mail. It never breaks a word.
struct LineLayout {
  /// The maximum width of a line, in columns.
  let columns: Int
  let style: TextStyle
  /// Whether a word that is wider than a line loses its middle. If not, the terminal breaks the line, and the
  /// word can still be copied.
  var shortensWords = false

  /// The lines of a phrase. `indent` indents the first line, `hanging` the others.
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
      let gap = isStart || word.isJoined ? 0 : 1
      if !isStart, width + gap + word.width > columns {
        lines.append(line)
        line = Self.blanks(hanging)
        width = hanging
        isStart = true
      }
      line += (isStart || gap == 0 ? "" : " ") + coloured(word)
      width += word.width + (isStart ? 0 : gap)
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

  /// The lines of a command. All but the last end with a backslash, so that a shell reads them as one line.
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

  /// The words of a shell command. A quoted or escaped blank does not end a word.
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

  /// The line, cut to the layout's width.
  func cut(_ line: String) -> String {
    guard Self.width(line) > columns else { return line }
    var cut = line
    while Self.width(cut) >= columns { cut.removeLast() }
    return cut + "\u{2026}"
  }

  func coloured(_ text: String, _ tone: Span.Tone) -> String {
    switch tone {
    case .plain: text
    case .good: style.good(text)
    case .bad: style.bad(text)
    case .strong: style.strong(text)
    case .faint: style.faint(text)
    }
  }

  /// The width of a text, in columns. East Asian characters take two columns; the function counts two for
  /// every scalar from U+1100 on, except for the ellipsis.
  static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 && $1.value != 0x2026 ? 2 : 1) }
  }

  static func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  /// The width of the widest word, in columns.
  static func longestWord(_ phrase: Phrase) -> Int { words(phrase).map(\.width).max() ?? 0 }

  private struct Word {
    var parts: [(text: String, tone: Span.Tone)] = []
    var width = 0
    /// Whether no blank separates it from the word before: Chinese breaks between characters.
    var isJoined = false
  }

  private func coloured(_ word: Word) -> String {
    word.parts.map { coloured($0.text, $0.tone) }.joined()
  }

  /// The parts of a word between which a line may break, in a text with Chinese.
  private static func breakable(_ word: Substring) -> [Substring] {
    let isChinese = word.unicodeScalars.contains {
      isIdeograph($0) || isClosing($0) || isOpening($0)
    }
    guard isChinese else { return word.isEmpty ? [] : [word] }
    var parts: [Substring] = []
    var start = word.startIndex
    var last: Unicode.Scalar?
    for place in word.unicodeScalars.indices {
      let scalar = word.unicodeScalars[place]
      if let last, mayBreak(last, scalar) {
        parts.append(word[start..<place])
        start = place
      }
      last = scalar
    }
    return parts + [word[start...]]
  }

  /// Whether a line may end with `last` and the next begin with `first`: beside an ideograph, and outside of
  /// Chinese punctuation.
  private static func mayBreak(_ last: Unicode.Scalar, _ first: Unicode.Scalar) -> Bool {
    guard !isOpening(last), !isClosing(first), !",.;:!?)]".unicodeScalars.contains(first) else {
      return false
    }
    return isIdeograph(last) || isIdeograph(first) || isClosing(last) || isOpening(first)
  }

  private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
    (0x4e00...0x9fff).contains(scalar.value)
  }

  private static func isClosing(_ scalar: Unicode.Scalar) -> Bool {
    "，。；：、！？）》”".unicodeScalars.contains(scalar)
  }

  private static func isOpening(_ scalar: Unicode.Scalar) -> Bool {
    "（《“".unicodeScalars.contains(scalar)
  }

  /// The words of a phrase. Spans without a blank between them form one word.
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
        for part in Self.breakable(piece) {
          if let last = word.parts.last?.text.unicodeScalars.last,
            let first = part.unicodeScalars.first, mayBreak(last, first)
          {
            words.append(word)
            word = Word(isJoined: true)
          }
          word.parts.append((String(part), span.tone))
          word.width += width(String(part))
        }
      }
    }
    return word.width > 0 ? words + [word] : words
  }
}
