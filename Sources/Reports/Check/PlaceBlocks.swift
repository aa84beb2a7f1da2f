// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// A place in the subject's text, drawn as a compiler does: the file and line, the chain of calls, the line
/// between its neighbours with a mark, and what the reference has there.
struct PlaceBlocks {
  /// The lines that an excerpt has where two texts differ.
  enum Look {
    /// The user's alone.
    case own
    /// The user's with "-", then the reference's with "+".
    case mended
    /// The reference's, which is the text before, with "-", then the user's with "+".
    case changed
  }

  private let place: Place
  private let frame: Place.Frame?

  init(_ place: Place, cause: String) {
    self.place = place
    frame = place.frame(of: cause)
  }

  var blocks: [Block] {
    guard let location else { return [] }
    let caption: Phrase = isDiff ? "the subject (-) and the reference (+)" : ""
    let listing = Listing(caption: caption, lines: lines(as: .mended), language: "c")
    var blocks = [
      Block(kind: .paragraph(location), importance: .essential), Block(kind: .listing(listing)),
    ]
    let words = isDiff ? remark : Self.hint(place)
    if let words { blocks.append(Block(kind: .paragraph(words))) }
    return blocks
  }

  /// Whether lines of both texts are known.
  var isDiff: Bool { frame?.excerpt.contains { $0.side != .both } ?? false }

  /// The reference's text at the place, if the place was found by its text, or the edit that was found: for a format
  /// without the excerpt.
  static func hint(_ place: Place) -> Phrase? {
    if place.basis == .edit { return edit(place) }
    guard place.basis == .text else { return nil }
    if place.reference.isEmpty { return "The reference has nothing here." }
    let text = "\(code: place.reference, atMost: 200)" as Phrase
    return place.lacksStatement
      ? "The reference has here, too: \(text)" : "The reference has here: \(text)"
  }

  /// What an experiment changed at the place. It is what makes the cases right, not always what the author meant.
  private static func edit(_ place: Place) -> Phrase? {
    guard let part = place.part else { return nil }
    let (own, other) = (shown(part.subject), shown(part.reference))
    if own.isEmpty {
      return "With \"\(code: other, atMost: 200)\" here, it does what the reference does."
    }
    if other.isEmpty || other == ";" {
      return "Without \"\(code: own, atMost: 200)\", it does what the reference does."
    }
    return
      """
      With "\(code: other, atMost: 200)" in place of "\(code: own, atMost: 200)", it does what the \
      reference does.
      """
  }

  /// No blank stands behind these, and none before the others.
  private static let tightBehind = ["(", "[", "!", "~", ".", "->", "(*", "(&", ", *", ", &"]
  private static let tightBefore: Set<String> = [")", "]", ",", ";", ".", "->", "++", "--", "["]
  private static let statements: Set<String> = ["if", "while", "for", "return", "switch"]

  /// Tokens with single blanks between them, as people write them.
  private static func shown(_ tokens: String) -> String {
    var text = ""
    var before = ""
    for token in tokens.split(separator: " ").map(String.init) {
      var isTight = text.isEmpty || tightBefore.contains(token)
      if !isTight { isTight = tightBehind.contains { text.hasSuffix($0) } }
      if !isTight, token == "(", let last = before.last, !statements.contains(before) {
        // A call.
        isTight = last.isLetter || last.isNumber || last == "_"
      }
      if !isTight { text += " " }
      text += token
      before = token
    }
    return text
  }

  /// What differs within a line; the excerpt shows whole lines by itself.
  private var remark: Phrase? {
    guard let part = place.part else { return nil }
    if part.reference.isEmpty {
      return "The reference does not have \"\(code: part.subject, atMost: 100)\" here."
    }
    if part.subject.isEmpty {
      return "The reference has \"\(code: part.reference, atMost: 100)\" here."
    }
    return
      """
      The reference has "\(code: part.reference, atMost: 100)" here, not \
      "\(code: part.subject, atMost: 100)".
      """
  }

  /// "--> init.c:1638 in free_vmemmap_storage, from remove_pmd_mapping:1691".
  var location: Phrase? {
    guard let frame else { return nil }
    let callers = place.frames.drop { $0 != frame }.dropFirst().prefix(3).map {
      "\(code: "\($0.function):\($0.line)")" as Phrase
    }
    let chain: Phrase = callers.isEmpty ? "" : ", from \(callers.joined(", "))"
    let what: Phrase = place.lacksStatement ? " (it goes on here)" : ""
    return
      "--> \(code: "\(frame.file):\(frame.line)", tone: .strong) in \(code: frame.function)\(chain)\(what)"
  }

  /// The lines of the excerpt with their numbers, and with signs where lines of both texts are shown.
  func lines(as look: Look) -> [Listing.Line] {
    guard let frame else { return [] }
    let hasSigns = isDiff && look != .own
    let excerpt = Self.ordered(frame.excerpt, look)
    let width = excerpt.compactMap(\.number).map { String($0).count }.max() ?? 0
    let texts = Self.withoutCommonIndent(excerpt.map(\.text))
    return zip(excerpt, texts).map { line, text -> Listing.Line in
      let number = line.number.map { String($0) } ?? ""
      var row = LineLayout.blanks(width - number.count) + number + " | "
      if hasSigns { row += Self.sign(of: line.side, look) + " " }
      row += text
      while row.last == " " { row.removeLast() }
      return Listing.Line(
        text: row, tone: hasSigns ? Self.tone(of: line.side) : .plain,
        isMarked: line.number == frame.line)
    }
  }

  /// The lines that a look shows, in its order.
  private static func ordered(_ excerpt: [Place.Line], _ look: Look) -> [Place.Line] {
    switch look {
    case .own: return excerpt.filter { $0.side != .reference }
    case .mended: return excerpt
    case .changed:
      guard let first = excerpt.firstIndex(where: { $0.side != .both }),
        let last = excerpt.lastIndex(where: { $0.side != .both })
      else { return excerpt }
      let differing = excerpt[first...last]
      var lines = Array(excerpt[..<first])
      lines += differing.filter { $0.side == .reference }
      lines += differing.filter { $0.side == .subject }
      lines += excerpt[(last + 1)...]
      return lines
    }
  }

  private static func sign(of side: Place.Line.Side, _ look: Look) -> String {
    switch side {
    case .both: " "
    case .subject: look == .changed ? "+" : "-"
    case .reference: look == .changed ? "-" : "+"
    }
  }

  private static func tone(of side: Place.Line.Side) -> Span.Tone {
    switch side {
    case .both: .plain
    case .subject: .bad
    case .reference: .good
    }
  }

  /// The lines with blanks for tabs, and without the blanks that all of them begin with.
  private static func withoutCommonIndent(_ texts: [String]) -> [String] {
    let expanded = texts.map { Listing.Line(text: $0).expanded }
    let indents = expanded.compactMap { text in
      text.firstIndex { $0 != " " }.map { text.distance(from: text.startIndex, to: $0) }
    }
    let common = indents.min() ?? 0
    return expanded.map { String($0.dropFirst(common)) }
  }
}
